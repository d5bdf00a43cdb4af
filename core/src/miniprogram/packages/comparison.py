"""What an update from one package to another changes, and what it costs on the wire."""

from __future__ import annotations

from miniprogram.errors import UsageError
from miniprogram.models import CamelModel
from miniprogram.packages.delta import compare_archives
from miniprogram.packages.package_file import Package
from miniprogram.packages.zstd import compress


class FileChange(CamelModel):
    """A file that differs. `old_size` and `new_size` in bytes; None where the version does not have it."""

    path: str
    old_size: int | None
    new_size: int | None

    @property
    def change(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if self.old_size is None else "removed" if self.new_size is None else "changed"


class Comparison(CamelModel):
    """Two packages of one mini-program. Sizes are bytes on the wire, compressed; `delta_size` is None when a delta
    saves too little to be kept."""

    schema_version: int = 1
    command: str = "package diff"
    mini_program_id: str
    old_version: str
    old_digest: str
    new_version: str
    new_digest: str
    changes: tuple[FileChange, ...]
    delta_size: int | None
    changed_files_size: int
    full_size: int


def compare(old: Package, new: Package) -> tuple[Comparison, bytes | None]:
    """What differs, and the delta from `old` to `new` if it is worthwhile. Raises UsageError for two programs."""
    first, second = old.bundle, new.bundle
    if first.program_id != second.program_id:
        raise UsageError(f"{first.program_id} and {second.program_id} are not versions of one mini-program")
    difference = compare_archives(old.archive, new.archive)
    before = {file.path: file for file in first.files}
    after = {file.path: file for file in second.files}
    differing = sorted(
        path
        for path in before.keys() | after.keys()
        if path not in before or path not in after or before[path].sha256 != after[path].sha256
    )
    report = Comparison(
        mini_program_id=second.program_id,
        old_version=first.version,
        old_digest=first.digest,
        new_version=second.version,
        new_digest=second.digest,
        changes=tuple(
            FileChange(
                path=path,
                old_size=before[path].size if path in before else None,
                new_size=after[path].size if path in after else None,
            )
            for path in differing
        ),
        delta_size=None if difference.delta is None else len(difference.delta),
        changed_files_size=sum(len(compress(after[path].body)) for path in differing if path in after),
        full_size=difference.full_size,
    )
    return report, difference.delta
