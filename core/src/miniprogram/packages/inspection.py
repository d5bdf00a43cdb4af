"""What `package build`, `inspect`, `verify` and `apply` tell of a package."""

from __future__ import annotations

from miniprogram.models import CamelModel
from miniprogram.packages.package_file import Package


class PackedFile(CamelModel):
    path: str
    size: int
    sha256: str


class PackageReport(CamelModel):
    """One package. `digest` is the version's own, the same in every form; `archive_sha256` is what deltas name."""

    schema_version: int = 1
    command: str
    file: str
    mini_program_id: str
    version: str
    digest: str
    archive_sha256: str
    archive_size: int
    file_size: int
    files: tuple[PackedFile, ...]
    notes: tuple[str, ...] = ()


def report_of(package: Package, *, command: str, file: str, file_size: int) -> PackageReport:
    """`file_size` is the size on disk, in bytes."""
    bundle = package.bundle
    return PackageReport(
        command=command,
        file=file,
        mini_program_id=bundle.program_id,
        version=bundle.version,
        digest=bundle.digest,
        archive_sha256=package.sha256,
        archive_size=len(package.archive),
        file_size=file_size,
        files=tuple(PackedFile(path=each.path, size=each.size, sha256=each.sha256) for each in bundle.files),
        notes=bundle.notes,
    )
