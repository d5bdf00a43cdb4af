"""What can be told of a sealed package without a key."""

from __future__ import annotations

from miniprogram.models import CamelModel
from miniprogram.sealing.container import read_sealed


class SealedReport(CamelModel):
    """A sealed package. `package_size` is that of the package in it, compressed; `recipients` are ids of keys.

    Nothing of it was checked but that it is whole as far as its header says: that takes a key.
    """

    schema_version: int = 1
    command: str
    file: str
    file_size: int
    mini_program_id: str
    version: str
    digest: str
    algorithm: str
    package_size: int
    recipients: tuple[str, ...]


def sealed_report(body: bytes, *, command: str, file: str) -> SealedReport:
    """Raises DocumentError for what is no sealed package."""
    header = read_sealed(body, name=file).header
    return SealedReport(
        command=command,
        file=file,
        file_size=len(body),
        mini_program_id=header.mini_program_id,
        version=header.version,
        digest=header.digest,
        algorithm=header.algorithm,
        package_size=header.size,
        recipients=tuple(each.key_id for each in header.recipients),
    )
