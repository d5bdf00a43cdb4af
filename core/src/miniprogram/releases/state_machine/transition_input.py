"""What somebody asks to be done with a release, and what must be known to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from miniprogram.identity.roles import Actor
from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.targets import AppEnvironment, Kind, Target

NO_VERSION = "none"
"""What a rollback goes to when nothing shall be served."""
EMBEDDED = "embedded"
"""What a rollback goes to when hosts shall run the version they were built with."""
NO_RELEASE = frozenset({NO_VERSION, EMBEDDED})
"""Destinations that leave the target without a full release."""


@dataclass(frozen=True, slots=True)
class Command:
    """A verb with its arguments; which of them count depends on the verb."""

    verb: str
    version: str
    target: Target
    kind: Kind = Kind.OFFICIAL
    reason: str | None = None
    configuration: Configuration | None = None
    """Of `configure`: all that is said from now on."""
    changes: Mapping[str, Any] | None = None
    """Of `configure`: what is said otherwise, by field name, until it is merged into `configuration`."""
    testers: tuple[str, ...] = ()
    basis_points: int | None = None
    final: bool = False
    destination: str | None = None
    """Of a rollback: a version, `none`, `embedded`, or None for the full release before."""
    seen: str | None = None
    """Of a brake: the release as it was looked at, `ID:STATE`."""
    seen_digest: str | None = None
    """Of a decision: the digest of what the reviewer was shown."""


@dataclass(frozen=True, slots=True)
class LoadedInputs:
    """What the store says about the matter, gathered before the document is changed."""

    environment: AppEnvironment | None
    """The target's rules; None when there is no such app or environment."""
    package_digest: str | None = None
    """Digest of the published version as it is now; None when it is not published, or not whole."""
    earlier: Release | None = None
    """The last finished attempt at the version on the target."""
    destination: Release | None = None
    """The archived release a rollback shall go to."""
    below: Release | None = None
    """The archived release that `destination` once replaced: what is left to fall back to."""
    cannot: dict[str, str] = field(default_factory=dict)
    """What the place cannot do, by name, each with the reason."""
    widened: tuple[str, ...] = ()
    """Of `apply`: domains and capabilities that the version in force does not have."""
    unproven: str | None = None
    """Of `apply` and `approve`: why the version has not the provenance that the target demands; None if it has."""
    salt: str = ""
    """Fresh randomness, for a release that is made now."""


@dataclass(frozen=True, slots=True)
class TransitionInput:
    """Everything a guard may look at."""

    document: ReleaseDocument
    release: Release | None
    command: Command
    actor: Actor
    loaded: LoadedInputs
    now: str

    @property
    def source(self) -> State | None:
        """The state it starts from; None when there is no attempt yet."""
        return None if self.release is None else self.release.state

    @property
    def subject(self) -> Release:
        """The release, in rows that have one."""
        assert self.release is not None  # noqa: S101 - a row with a source state has a release
        return self.release
