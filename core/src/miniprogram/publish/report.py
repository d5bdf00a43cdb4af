"""What a publish did, as `publish --json` prints it."""

from __future__ import annotations

from pydantic import ConfigDict

from miniprogram.models import CamelModel
from miniprogram.publish.versions.changes import VersionChanges


class PackageDelta(CamelModel):
    from_version: str
    size: int


class PublishedPackage(CamelModel):
    """What a host loads that takes the version as a package, in bytes: of it all, or from a version it has."""

    archive_size: int
    package_size: int
    deltas: tuple[PackageDelta, ...]
    written_files: tuple[str, ...]
    """Sorted, as the target names them; empty when the package is there already."""


class PublishReport(CamelModel):
    """One publish. Counts are files as the target stores them, the release record and pointers included.

    Further members are the target's own, such as the site it publishes to: its guide names them.
    """

    model_config = ConfigDict(extra="allow")

    schema_version: int = 1
    command: str
    target: str
    environment_name: str | None
    """The named environment published to; null for targets that need none."""
    mini_program_id: str
    version: str
    digest: str
    location: str
    delivery_api_base_url: str | None
    dry_run: bool
    changed: bool
    """False when this very release was already there, whole."""
    written_file_count: int
    unchanged_file_count: int
    removed_file_count: int
    published_at_utc: str | None
    """When the version was published: earlier, when it was there already. Null in a dry run of a new one."""
    notes: tuple[str, ...]
    package: PublishedPackage | None = None
    """The package beside the version, whose files are in no count above; null where it has none."""


class PublishPlanReport(PublishReport):
    """What a publish would do: the files too, sorted, as the target names them."""

    written_files: tuple[str, ...]
    removed_files: tuple[str, ...]
    changes: VersionChanges | None
    """What differs from the version that is served; null when the target cannot say what it holds."""
