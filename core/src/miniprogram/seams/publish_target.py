"""The seam every publish target implements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from miniprogram.errors import MiniProgramError
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.package_options import PackageOptions
from miniprogram.seams.cloud_provider import OpenedEnvironment
from miniprogram.seams.version_signing import VersionSigner


@dataclass(frozen=True, slots=True)
class Release:
    """A bundle on its way to a target. `published_at` is aware UTC and goes into release records."""

    bundle: Bundle
    published_at: datetime
    base_url: str | None = None
    """Where hosts will load from, absolute and ending in `/`, when the person who publishes said so.

    A target that knows better than nobody uses its own address when this is None. Images of the bundle become
    `<base>assets/<id>/<version>/…`, because hosts resolve no relative ones.
    """
    allow_older: bool = False
    """Whether `latest` may go back to this version when a higher one is served."""
    published_by: str | None = None
    """What whoever publishes wants to be called in records, those that anybody can read included."""
    built_with: Mapping[str, str] = field(default_factory=dict)
    """Versions of the distributions that built and publish it, by name: for records."""
    account: str | None = None
    """The account the command ran under, for records that only those read who may write them."""
    packages: PackageOptions | None = None
    """Which deltas lead to the package that is stored beside the version; None to store no package."""
    signers: tuple[VersionSigner, ...] = field(default=(), repr=False)
    """What vouches for the version before hosts are sent to it."""
    sealed_for: tuple[str, ...] | None = None
    """Public keys of host apps, as texts, that alone can open the version; empty: it is meant for anybody. None:
    nobody said, and a version that follows a sealed one is refused.

    Of a sealed version a target stores the manifest, the sealed package and its index, and no other file.
    """
    provenance: Callable[[], bytes] | None = field(default=None, repr=False)
    """Makes the signed statement on how the bundle was built; None to say nothing."""


@dataclass(frozen=True, slots=True)
class PackedDelta:
    """A delta from another version, and its size in bytes."""

    from_version: str
    size: int


@dataclass(frozen=True, slots=True)
class PackedVersion:
    """The package of a version. Sizes in bytes; `package_size` is what a host loads that has no other version."""

    archive_size: int
    package_size: int
    deltas: tuple[PackedDelta, ...] = ()
    written: tuple[str, ...] = ()
    """What is written of it, sorted, as the target names it; empty when it is there."""


Members = Mapping[str, str | int | bool | Sequence[str] | None]
"""Members of a JSON document, by camelCase name."""


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """What publishing would do. Paths are as the target names them, sorted."""

    location: str
    written: tuple[str, ...]
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    delivery_api_base_url: str | None = None
    """As in the receipt."""
    published_at: str | None = None
    """When this version was published, ISO 8601 in UTC, if it is there already; else None."""
    package: PackedVersion | None = None
    """The package that would be stored beside the version or is there; None without one. Its files are in no
    list above."""
    notes: tuple[str, ...] = ()
    """Sentences for the person who asked."""
    members: Members = field(default_factory=dict)
    """As in the receipt."""


@dataclass(frozen=True, slots=True)
class PublishReceipt:
    """What publishing did. `changed` is false when this very release was already there, whole."""

    location: str
    written: tuple[str, ...]
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: bool = True
    delivery_api_base_url: str | None = None
    """What a host is given, ending in `/`; None when the target cannot know it."""
    notes: tuple[str, ...] = ()
    """Sentences for the person who published: what to upload, which URLs to open."""
    published_at: str | None = None
    """When this version was published, ISO 8601 in UTC, if it was there already; None: just now."""
    package: PackedVersion | None = None
    """The package that is stored beside the version; None without one. Its files are not in the lists above."""
    members: Members = field(default_factory=dict)
    """What `--json` says of this target alone, beside what it says of every publish."""


class PublishTarget(Protocol):
    def plan(self, release: Release) -> PublishPlan:
        """What `publish` would write, without writing anything. Raises what `publish` would raise."""
        ...

    def publish(self, release: Release) -> PublishReceipt:
        """Store every file of `release`, then point `latest` at it. Repeating changes nothing.

        Raises PublishError when `latest` was not moved; what was served before still is. A version that is
        already there with other bytes is refused, and so is a new one below the one that is served, unless
        `release.allow_older`. After a crash at any point, publishing the same release again completes it.
        """
        ...


@runtime_checkable
class SealsVersions(Protocol):
    """A target that stores nothing of a sealed version in plain but its manifest. Others are given none."""

    seals: ClassVar[bool]


def _no_environment() -> OpenedEnvironment:
    raise MiniProgramError("this publish has no environment")


@dataclass(frozen=True, slots=True)
class TargetContext:
    """Where a publish happens: what a target may need besides its own settings."""

    cwd: Path
    home: Path
    environ: Mapping[str, str]
    program_root: Path
    """The mini-program's own folder: no target may write over its sources."""
    environment: str | None = None
    """The named environment chosen with `--env` or made active, if any."""
    repo_root: Path | None = None
    """The monorepo given with `--repo-root` or known to hold the mini-program."""
    open_environment: Callable[[], OpenedEnvironment] = _no_environment
    """Opens the environment to publish into. Raises MiniProgramError when there is none."""

    def resolve(self, path: Path) -> Path:
        """A path as the user wrote it, against the folder the command runs in."""
        return self.cwd / path
