"""A release: one version on its way to one target."""

from __future__ import annotations

from pydantic import Field

from miniprogram.models import FrozenModel
from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.model.states import IN_FLIGHT, Overlay, State
from miniprogram.targets import Kind, Target


class GivenApproval(FrozenModel):
    """One of the approvals that a review demands."""

    reviewer: str
    at: str
    reason: str | None = None


class Review(FrozenModel):
    """A request to a reviewer, and what became of it. `digest` covers everything the reviewer is shown.

    `wanted` approvals make it approved, by as many people; `widened` says why it is more than one.
    """

    applicant: str
    applied_at: str
    digest: str
    reviewer: str | None = None
    decided_at: str | None = None
    approved: bool | None = None
    reason: str | None = None
    wanted: int = Field(default=1, ge=1)
    widened: tuple[str, ...] = ()
    approvals: tuple[GivenApproval, ...] = ()


class Grayscale(FrozenModel):
    """A percentage in basis points (10000 = everybody). `keep_admitted`: the largest before it was shrunk."""

    basis_points: int = Field(default=0, ge=0, le=10_000)
    keep_admitted: int = Field(default=0, ge=0, le=10_000, alias="kept")


class OfflineRequest(FrozenModel):
    """A developer's wish to take a full release away, waiting for a reviewer."""

    applicant: str
    applied_at: str
    reason: str


class Ending(FrozenModel):
    """How an attempt ended: `replaced`, `rolled_back`, `unpublished_by_developer`, `suspended_by_operator`, …"""

    kind: str
    actor: str
    at: str
    reason: str | None = None


class Release(FrozenModel):
    """One attempt at bringing `version` to `target`. Times are ISO 8601 in UTC."""

    id: str
    version: str
    target: Target
    kind: Kind = Kind.OFFICIAL
    attempt: int = Field(default=1, ge=1)
    state: State = State.CREATED
    overlay: Overlay | None = None
    package_digest: str
    """Digest of the published bundle when the release was created."""
    configuration: Configuration = Configuration()
    salt: str
    """Random, made once and kept for the release's life: raising a percentage then only adds people."""
    created_by: str
    created_at: str
    updated_at: str
    review: Review | None = None
    testers: tuple[str, ...] = ()
    """Trimmed and lower-cased, sorted."""
    grayscale: Grayscale = Grayscale()
    full_at: str | None = None
    replaced: str | None = None
    """The version that was full before this one."""
    offline_request: OfflineRequest | None = None
    ending: Ending | None = None
    reopened_because: str | None = None

    @property
    def offline_requested(self) -> bool:
        """Whether somebody asked to take it away, and nobody has decided."""
        return self.offline_request is not None

    @property
    def in_flight(self) -> bool:
        return self.state in IN_FLIGHT

    @property
    def label(self) -> str:
        """How messages call it: `1.1.0 on wallet:production`."""
        return f"{self.version} on {self.target}"
