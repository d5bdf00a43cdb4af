"""The version a program's release policy chooses, in the forms decisions, inspections and switches need."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

from miniprogram.delivery.evaluation.buckets import stickiness_name
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.context.links import Link, read_link
from miniprogram.delivery.evaluation.decision import NO_RULES, Decision
from miniprogram.delivery.evaluation.policy.choose import Verdict, audience_path, choose_release, examine
from miniprogram.delivery.evaluation.policy.model import ROLLED_BACK, CompiledTarget, Entry, ReleasePolicy
from miniprogram.delivery.evaluation.policy.switches import switch_values
from miniprogram.delivery.evaluation.policy.upgrades import Upgrade, upgrade_to
from miniprogram.delivery.evaluation.refusals import DELIVERY_ERROR, Members, Refusal
from miniprogram.delivery.evaluation.versions.manifest import Manifest

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.program import Program


class VisitorMembers(NamedTuple):
    """Members of `deliveryMetadata` that differ from visitor to visitor."""

    environment: str
    stickiness_name: str | None
    clause_path: str | None
    upgrade: Upgrade | None
    switches: Members | None

    def members(self) -> Members:
        """As they are shown."""
        shown: Members = {"environment": self.environment, "stickinessKey": self.stickiness_name}
        if self.clause_path is not None:
            shown["matchedClause"] = self.clause_path
        if self.upgrade is not None:
            shown["upgrade"] = self.upgrade.members()
        if self.switches is not None:
            shown["switches"] = self.switches
        return shown

    def outcome(self, decision: Decision, *, has_version: bool) -> Hashable:
        """With `decision`: what `visitor_outcome` gives for visitors who are shown the same."""
        upgrade = self.upgrade if has_version else None
        return decision, self.stickiness_name, self.clause_path, upgrade, repr(self.switches)


class Released(NamedTuple):
    """A release was chosen."""

    decision: Decision
    further: VisitorMembers
    by_window: bool
    """Whether it was chosen by a window, in which the visit itself has to be counted."""


def choose_by_release(
    program: Program[Manifest], policy: ReleasePolicy, context: EvaluationContext
) -> Released | Refusal:
    """What the policy gives this request. `pinnedVersion` chooses among what the request may have."""
    context = _reading_links(program, context)
    delivery = context.delivery
    target = policy.target(delivery.host_app, context.environment)
    if target is None:
        return _no_target(program.id, policy, delivery.host_app, context.environment)
    choice = choose_release(policy, target, context, delivery.pinned_version)
    entry = choice.entry
    if entry is None or entry.decision is None:
        return _unavailable(program.id, policy, target, choice.decision_reason)
    decision = _decision(entry.decision, delivery.pinned_version)
    return Released(decision, _further(policy, target, entry, context), entry.step == "window")


def visitor_outcome(
    program: Program[Manifest], policy: ReleasePolicy, context: EvaluationContext
) -> Hashable | None:
    """The same for visitors to whom the policy gives the same answer.

    None for who is refused, wants a version of their own, or comes by a window, where the visit has to be counted.
    """
    context = _reading_links(program, context)
    delivery = context.delivery
    target = policy.target(delivery.host_app, context.environment)
    if target is None or delivery.pinned_version is not None:
        return None
    entry = choose_release(policy, target, context).entry
    if entry is None or entry.decision is None or entry.step == "window":
        return None
    attributes, upgrade = context.attributes, None
    if entry.release is not None and "currentVersion" in attributes:
        upgrade = upgrade_to(entry.release, target.forced_versions, context.current_version)
    switches = _switches(policy, context) if policy.switches else None
    # a decision is made once for each entry, so that it stands for its release, its target and its policy
    return entry.decision, stickiness_name(attributes), audience_path(entry, context), upgrade, repr(switches)


def inspect_releases(program: Program[Manifest], policy: ReleasePolicy, context: EvaluationContext) -> Members:
    """`rollout` of an inspection: every entry and what became of it. Names what the visitor sent, no values."""
    context = _reading_links(program, context.read_only())
    target = policy.target(context.delivery.host_app, context.environment)
    shown: Members = {
        "type": "release_policy",
        "policyRevision": policy.revision,
        "compiledAt": policy.compiled_at,
        "target": None if target is None else {"hostApp": target.host_app, "environment": target.environment},
        "environment": context.environment,
        "stickinessKey": stickiness_name(context.attributes),
        "attributes": sorted(context.delivery.extras),
        "entries": [] if target is None else [_examined(verdict) for verdict in examine(policy, target, context)],
    }
    return shown


def switch_members(policy: ReleasePolicy, context: EvaluationContext) -> Members:
    """Every switch for this request, by key, with where its value comes from."""
    return {
        key: {"value": found.value, "type": found.type, "reason": found.reason}
        | ({} if found.rule is None else {"rule": found.rule})
        for key, found in switch_values(policy, context).items()
    }


def _reading_links(program: Program[Manifest], context: EvaluationContext) -> EvaluationContext:
    """`context`, with the program's signed links understood."""
    if context.link_token is None:
        return context

    def link(token: str) -> Link:
        return read_link(token, program.link_keys(), context.now_ms, program_id=program.id)

    return context.with_links(link)


def _decision(decision: Decision, pin: str | None) -> Decision:
    if pin is None:
        return decision
    own = ("matchedReleaseId", "policyRevision")
    further = {"requestedPinnedVersion": pin, **{name: decision.members[name] for name in own}}
    return Decision("pinned_version", "requested_pinned_version", decision.version, further, NO_RULES)


def _further(
    policy: ReleasePolicy, target: CompiledTarget, entry: Entry, context: EvaluationContext
) -> VisitorMembers:
    release = entry.release
    return VisitorMembers(
        target.environment,
        stickiness_name(context.attributes),
        audience_path(entry, context),
        None if release is None else upgrade_to(release, target.forced_versions, context.current_version),
        _switches(policy, context) if policy.switches else None,
    )


def _switches(policy: ReleasePolicy, context: EvaluationContext) -> Members:
    return {key: found.value for key, found in switch_values(policy, context).items()}


def _examined(verdict: Verdict) -> Members:
    entry, reason, clause = verdict
    release = entry.release
    shown: Members = {
        "step": entry.step,
        "releaseId": None if release is None else release.id,
        "version": entry.version,
        "matches": reason is None,
    }
    if reason is not None:
        shown["reason"] = reason
    if clause is not None:
        shown["clause"] = {"path": clause.path, "asks": clause.text, "matched": clause.matched}
        if clause.attribute_missing:
            shown["clause"]["attributeMissing"] = True
    return shown


def _no_target(program_id: str, policy: ReleasePolicy, host_app: str | None, environment: str) -> Refusal:
    named = f"for host {host_app}" if host_app else "without a hostApp"
    message = f"Mini-program {program_id} is not available {named} in {environment}."
    details = {
        "miniProgramId": program_id,
        "hostApp": host_app,
        "environment": environment,
        "decisionReason": "no_target",
        "policyRevision": policy.revision,
    }
    return Refusal(412, "host_not_enabled", message, DELIVERY_ERROR, details)


def _unavailable(program_id: str, policy: ReleasePolicy, target: CompiledTarget, reason: str) -> Refusal:
    target_name = f"{target.host_app} {target.environment}"
    goes_back = reason == ROLLED_BACK
    message = (
        f"Mini-program {program_id} is rolled back on {target_name}: run the version this host was built with."
        if goes_back
        else f"Mini-program {program_id} has no release on {target_name} for this request."
    )
    details = {
        "miniProgramId": program_id,
        "hostApp": target.host_app,
        "environment": target.environment,
        "decisionReason": reason,
        "policyRevision": policy.revision,
    }
    code = "roll_back_to_embedded" if goes_back else "delivery_rule_disabled"
    return Refusal(412, code, message, DELIVERY_ERROR, details)
