"""What a publish target may be able to do besides publishing: list the versions it holds, go back, open its store.

A target that does not have these methods cannot do it, and commands say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import PublishTarget

VersionState = Literal["whole", "unfinished", "damaged", "withdrawn"]
"""Whether hosts can be given a version; or a publish did not finish, files are gone, an inspector withdrew it."""


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A version a target holds. What another tool published has no digest, and perhaps no time."""

    version: str
    state: VersionState
    published_at: str | None = None
    """ISO 8601 in UTC, as the release record has it."""
    published_by: str | None = None
    """As whoever published was called; None when nobody said."""
    digest: str | None = None
    pointed_at_by: tuple[str, ...] = ()
    """What gives it to hosts: `latest`, `rollout rules`, `wallet:production (full)`."""


@dataclass(frozen=True, slots=True)
class HeldVersions:
    """The versions of one mini-program, the highest first. `latest` is None when nothing is served."""

    location: str
    latest: str | None
    versions: tuple[HeldVersion, ...]


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A whole version as it is stored. `files` are sha256 in lower-case hex by path in the bundle."""

    version: str
    files: Mapping[str, str]
    assets_url: str | None = None
    """What stands before the path of an asset in screens, ending in `/`; None when no screen shows one."""
    bodies: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Bytes as they are stored, by path, of the files that were asked for."""


@dataclass(frozen=True, slots=True)
class RollbackReceipt:
    """Where the pointers are. `previous` is what was served before; equal versions: nothing had to change."""

    location: str
    previous: str | None
    version: str
    written: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences for the person who goes back: what to upload, what decides before the pointer does."""


@runtime_checkable
class KeepsVersions(PublishTarget, Protocol):
    """A target that holds versions side by side."""

    def held_versions(self, program_id: str) -> HeldVersions:
        """What is there of a mini-program; no versions when it was never published here."""
        ...

    def served_version(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        """What hosts get now, with the bodies of its manifest and of screens whose sha256 is not as in `known`.

        None when nothing is served. Raises PublishError when it is not there whole.
        """
        ...

    def roll_back(self, program_id: str, version: str, *, now: datetime, dry_run: bool = False) -> RollbackReceipt:
        """Point hosts to a version that is there whole, older or newer. With `dry_run` say what would be.

        Raises PublishError when it is not there whole or may not be served; then what was served still is.
        """
        ...


@runtime_checkable
class OpensStore(PublishTarget, Protocol):
    """A target that keeps other documents beside the versions, such as trust metadata."""

    def opened_store(self, message: str) -> AbstractContextManager[tuple[ObjectStore, Keys]]:
        """Its store and the keys in it. What was written counts once the context is left without an exception.

        `message` says what it was, where such a thing is kept.
        """
        ...
