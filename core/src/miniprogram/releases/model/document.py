"""The one document per mini-program: everything live about its releases, and the policy delivery reads."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from miniprogram.documents.audit_event import Trail
from miniprogram.models import FrozenModel
from miniprogram.person_text import PersonText
from miniprogram.releases.model.configuration import AudienceTree
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.segments import Segment
from miniprogram.releases.model.states import State
from miniprogram.releases.model.switches import Switch
from miniprogram.targets import Kind, Target


class TargetRecord(FrozenModel):
    """What is known of a target beside its live releases."""

    target: Target
    full: str | None = None
    """Id of the full release."""
    fallback: str | None = None
    """Id of the full release before, served while the full one is halted. It stays in the document."""
    forced_versions: tuple[str, ...] = ()
    """Full releases so far whose upgrade was forced: jumping over one is forced."""
    opened: bool = False
    """Whether anything was ever served here; from then on the policy has a target for it."""
    full_once: bool | None = None
    """Whether a release was ever full here: from then on nobody gets what was published before. None: unknown."""
    embedded: bool = False
    """Whether hosts that no release is for are directed to the version they were built with, since a rollback and
    until a release is full again."""

    @property
    def refuses_others(self) -> bool:
        """Whether whom no release here is for gets nothing."""
        return self.opened if self.full_once is None else self.full_once


class Promotion(FrozenModel):
    """What came here last from another environment, by the trail of the mini-program there.

    Whatever comes next from there has a longer trail that begins with this one: nothing is taken twice, and
    nothing older than what was taken.
    """

    origin: str
    """Hash of the first event of that trail: no two are alike."""
    environment: str
    """What that environment is called there."""
    length: int = Field(ge=1)
    hash: str
    """Of the last event."""
    statement: str
    """SHA-256 of the signed statement that came with it."""
    release: str
    """Id of the release that was made of it here."""


class Override(FrozenModel):
    """An operator's override: these people never get something, or always get one release."""

    id: str
    kind: Literal["deny", "pin"]
    target: Target
    audience: AudienceTree
    release: str | None = None
    """Id of a live release. A `deny` without is for everything."""
    reason: PersonText
    created_by: str
    created_at: str


class ReleaseDocument(FrozenModel):
    """`releases/{id}.json`. Written by compare-and-swap only; `revision` counts the writes.

    `releases` are those not finished, and the fallback of each target. `outbox` are releases that this very
    revision finished: they are put under their own keys before the next revision is written.
    """

    schema_version: Literal[1] = 1
    mini_program_id: str
    revision: int = 0
    updated_at_utc: str = ""
    next_number: int = 1
    otherwise: Literal["refuse", "legacy"] = "legacy"
    """What hosts get that no release is for: nothing, or what they got before there were releases."""
    targets: tuple[TargetRecord, ...] = ()
    releases: tuple[Release, ...] = ()
    overrides: tuple[Override, ...] = ()
    segments: tuple[Segment, ...] = ()
    switches: tuple[Switch, ...] = ()
    withdrawn_versions: tuple[str, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    """By origin, the last one of each."""
    outbox: tuple[Release, ...] = ()
    trail: Trail = Field(default_factory=Trail)
    policy: dict[str, Any] | None = None
    """Compiled from the rest; see docs/reference/delivery-policy.md."""

    def live(self, version: str, target: Target) -> Release | None:
        """The attempt at `version` on `target` that is not finished, if there is one."""
        found = (each for each in self.releases if each.version == version and each.target == target)
        return next((each for each in found if each.state is not State.ARCHIVED), None)

    def by_id(self, release_id: str | None) -> Release | None:
        return next((each for each in self.releases if each.id == release_id), None)

    def in_flight(self, target: Target, kind: Kind) -> Release | None:
        """The release between review and full."""
        found = (each for each in self.releases if each.target == target and each.kind is kind)
        return next((each for each in found if each.in_flight), None)

    def record(self, target: Target) -> TargetRecord:
        """What is known of `target`; a blank record when nothing is."""
        return next((each for each in self.targets if each.target == target), TargetRecord(target=target))

    def full(self, target: Target) -> Release | None:
        return self.by_id(self.record(target).full)

    def fallback(self, target: Target) -> Release | None:
        return self.by_id(self.record(target).fallback)

    def segment(self, name: str) -> Segment | None:
        return next((each for each in self.segments if each.name == name), None)

    def switch(self, key: str) -> Switch | None:
        return next((each for each in self.switches if each.key == key), None)

    def promotion(self, origin: str) -> Promotion | None:
        """What came here last from the environment with this origin."""
        return next((each for each in self.promotions if each.origin == origin), None)

    def with_promotion(self, promotion: Promotion) -> ReleaseDocument:
        """This document with what came last from one origin replaced."""
        others = tuple(each for each in self.promotions if each.origin != promotion.origin)
        merged = sorted((*others, promotion), key=lambda each: each.origin)
        return self.model_copy(update={"promotions": tuple(merged)})

    def with_record(self, record: TargetRecord) -> ReleaseDocument:
        """This document with what it knows of one target replaced."""
        others = tuple(each for each in self.targets if each.target != record.target)
        merged = sorted((*others, record), key=lambda each: str(each.target))
        return self.model_copy(update={"targets": tuple(merged)})

    def with_release(self, release: Release) -> ReleaseDocument:
        """This document with `release` added, or instead of the one with its id."""
        if self.by_id(release.id) is None:
            return self.model_copy(update={"releases": (*self.releases, release)})
        replaced = tuple(release if each.id == release.id else each for each in self.releases)
        return self.model_copy(update={"releases": replaced})

    def without_release(self, release_id: str) -> ReleaseDocument:
        others = tuple(each for each in self.releases if each.id != release_id)
        overrides = tuple(each for each in self.overrides if each.release != release_id)
        return self.model_copy(update={"releases": others, "overrides": overrides})
