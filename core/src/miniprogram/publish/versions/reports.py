"""What `versions` and `rollback` print with `--json`."""

from __future__ import annotations

from miniprogram.models import FrozenModel
from miniprogram.seams.version_keeping import HeldVersion, VersionState


class ListedVersion(FrozenModel):
    """One version. The time, who published and the digest are null when the target does not know them."""

    version: str
    state: VersionState
    published_at_utc: str | None
    published_by: str | None
    digest: str | None
    pointed_at_by: tuple[str, ...]
    """What gives it to hosts: `latest`, `rollout rules`, `wallet:production (full)`."""

    @classmethod
    def of(cls, held: HeldVersion) -> ListedVersion:
        return cls(
            version=held.version,
            state=held.state,
            published_at_utc=held.published_at,
            published_by=held.published_by,
            digest=held.digest,
            pointed_at_by=held.pointed_at_by,
        )


class VersionsReport(FrozenModel):
    """The versions a target holds of a mini-program, the highest first."""

    schema_version: int = 1
    command: str = "versions"
    target: str
    environment_name: str | None
    """The named environment; null for targets that need none."""
    mini_program_id: str
    location: str
    latest_version: str | None
    """What the target's own pointer names; null when nothing is served."""
    versions: tuple[ListedVersion, ...]
    notes: tuple[str, ...] = ()


class RollbackReport(FrozenModel):
    """Where hosts are sent. `changed` is false when they were sent there already."""

    schema_version: int = 1
    command: str = "rollback"
    target: str
    environment_name: str | None
    mini_program_id: str
    location: str
    previous_version: str | None
    """What was served before; null when nothing was."""
    version: str
    dry_run: bool
    changed: bool
    written_files: tuple[str, ...]
    """The pointers, as the target names them; with `dryRun` those that would be written."""
    notes: tuple[str, ...]
