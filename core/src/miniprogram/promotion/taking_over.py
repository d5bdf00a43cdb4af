"""Whether a version that arrived may be taken over, and the release document with it taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.documents.audited import Change
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument
from miniprogram.packages.bundle import Bundle
from miniprogram.promotion.arrival import Arrival
from miniprogram.promotion.evidence import why_not_approved, why_not_new, why_weaker
from miniprogram.promotion.statement import Statement
from miniprogram.refusals import Refused
from miniprogram.releases.budget import require_budget
from miniprogram.releases.input_loading import load_inputs
from miniprogram.releases.model.document import Promotion, ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine.machine import Step, transition
from miniprogram.releases.state_machine.transition_input import Command, TransitionInput
from miniprogram.targets import AppEnvironment

COMMAND = "bundle import"
CLOCKS_APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever imports asks for."""

    allow_older: bool = False
    new_origin: bool = False
    sources: Bundle | None = None
    """The version built here from its sources, to be compared; None where there are none."""


@dataclass(frozen=True, slots=True)
class TakingOver:
    """The judgement about one arrival, and the change that takes it over."""

    context: CommandContext
    environment: EnvironmentDocument
    arrival: Arrival
    wishes: Wishes
    closed: bool
    """Whether hosts got nothing of the mini-program so far: then only whom a release is for gets anything."""

    @property
    def statement(self) -> Statement:
        return self.arrival.statement

    @property
    def rules(self) -> AppEnvironment:
        rules = self.environment.rules_of(self.statement.release.target)
        assert rules is not None  # noqa: S101 - asked for keys before
        return rules

    def is_here(self, document: ReleaseDocument) -> bool:
        """Whether this very file was taken over, as far as the release document knows."""
        last = document.promotion(self.statement.trail.origin)
        return last is not None and last.statement == self.arrival.believed.sha256

    def judge(self, document: ReleaseDocument) -> None:
        """Raises Refused naming the rule that stands in the way, as far as that is known before it is stored."""
        statement = self.statement
        if statement.exported_at > to_iso(self.context.now + CLOCKS_APART):
            raise Refused("promotion_new", f"it was exported at {statement.exported_at}, which is still to come")
        known = document.model_copy(update={"promotions": ()}) if self._is_new_origin(document) else document
        reason = why_not_new(known, statement.trail, self.arrival.events)
        if reason is not None:
            raise Refused("promotion_new", reason)
        full = document.full(statement.release.target)
        if full is not None and not self.wishes.allow_older and _is_below(statement.version, full.version):
            raise Refused(
                "promotion_newer",
                f"{statement.version} is below {full.version}, which is full on {full.target}",
                hint="Say --allow-older if it is meant.",
            )
        weaker = why_weaker(statement.rules, self.rules)
        if weaker is not None:
            raise Refused("promotion_approved", f"{statement.release.label} cannot be taken over: {weaker}")
        if self.rules.requires_review:
            self._require_approved(1)

    def change(self, document: ReleaseDocument) -> Change[ReleaseDocument]:
        """The document with the release, its approvals, and the note that it came."""
        self.judge(document)
        wanted = self.statement.release
        step = self._transition(document, Command("create", wanted.version, wanted.target, wanted.kind))
        configure = Command("configure", wanted.version, wanted.target, configuration=wanted.configuration)
        step = self._transition(step.document, configure)
        step = self._transition(step.document, Command("apply", wanted.version, wanted.target))
        release = step.release
        if release.state is State.IN_REVIEW:
            self._require_approved(release.review.wanted if release.review is not None else 1)
            release = release.model_copy(update={"state": State.APPROVED, "review": wanted.review})
        changed = step.document.with_release(release).with_promotion(self._promotion(release))
        if self.closed:
            changed = changed.model_copy(update={"otherwise": "refuse"})
        require_budget(document, changed)
        return Change(changed, [self._event(release)])

    def _transition(self, document: ReleaseDocument, command: Command) -> Step:
        """A step by the same rules as everybody's."""
        context = self.context
        loaded = load_inputs(context.storage, self.environment, document, command)
        release = document.live(command.version, command.target)
        return transition(TransitionInput(document, release, command, context.actor, loaded, context.stamp))

    def _is_new_origin(self, document: ReleaseDocument) -> bool:
        return self.wishes.new_origin and document.promotion(self.statement.trail.origin) is None

    def _require_approved(self, wanted: int) -> None:
        reason = why_not_approved(self.statement, self.arrival.events, wanted)
        if reason is not None:
            raise Refused("promotion_approved", f"{self.statement.release.label} cannot be taken over: {reason}")

    def _promotion(self, release: Release) -> Promotion:
        trail = self.statement.trail
        return Promotion(
            origin=trail.origin,
            environment=self.statement.environment,
            length=trail.length,
            hash=trail.hash,
            statement=self.arrival.believed.sha256,
            release=release.id,
        )

    def _event(self, release: Release) -> dict[str, Any]:
        review = self.statement.release.review
        given = review.approvals if review is not None else ()
        details = {
            "releaseId": release.id,
            "digest": self.statement.digest,
            "environment": self.statement.environment,
            "exportedBy": self.statement.exported_by,
            "exportedAt": self.statement.exported_at,
            "statement": self.arrival.believed.sha256,
            "trail": self.statement.trail.model_dump(mode="json", by_alias=True),
            "keyIds": list(self.arrival.believed.key_ids),
            "applicant": review.applicant if review is not None else None,
            "approvals": [each.model_dump(mode="json", by_alias=True) for each in given],
        }
        return self.context.event(
            COMMAND,
            subject=release.id,
            target=str(release.target),
            version=release.version,
            to_state=release.state,
            details=details,
        )


def _is_below(version: str, other: str) -> bool:
    return Version.parse(version) < Version.parse(other)
