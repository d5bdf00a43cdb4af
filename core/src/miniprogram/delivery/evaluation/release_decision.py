"""The version a program's release policy chooses, in the forms decisions, inspections and switches need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.evaluation.decision import NO_RULES, Decision
from miniprogram.delivery.evaluation.delivery_context import DEFAULT_ENVIRONMENT, DeliveryContext
from miniprogram.delivery.evaluation.evaluation_context import Visit
from miniprogram.delivery.evaluation.links import InvalidLink, Link, read_link
from miniprogram.delivery.evaluation.policy.choose import Verdict, audience_clause, choose_release, examine
from miniprogram.delivery.evaluation.policy.model import CompiledTarget, Entry, ReleasePolicy
from miniprogram.delivery.evaluation.policy.switches import switch_values
from miniprogram.delivery.evaluation.policy.upgrades import upgrade_members
from miniprogram.delivery.evaluation.refusals import DELIVERY_ERROR, Members, Refusal
from miniprogram.delivery.evaluation.request_meta import Moment


class Released(NamedTuple):
    """A release was chosen. `further` are members of `deliveryMetadata` that differ from visitor to visitor."""

    decision: Decision
    further: Members
    takes_place: bool
    """Whether it was chosen by a window, so that the visit itself takes a place in it."""


def visit_of(program: ProgramDocuments, context: DeliveryContext, moment: Moment) -> Visit:
    """The visitor behind a request."""
    attributes: dict[str, Any] = {"environment": DEFAULT_ENVIRONMENT, **context.attributes, "now": moment.now_ms}
    if moment.client:
        attributes["ip"] = moment.client

    def link(token: str) -> Link:
        found = read_link(token, program.link_keys(), moment.now_ms)
        if found.program_id != program.id:
            raise InvalidLink("for another program")
        return found

    return Visit(attributes, token=context.link, read_link=link, ledger=moment.ledger, admits=moment.admits)


def choose_by_release(
    program: ProgramDocuments, policy: ReleasePolicy, context: DeliveryContext, moment: Moment
) -> Released | Refusal:
    """What the policy gives this request. `pinnedVersion` chooses among what the request may have."""
    visit = visit_of(program, context, moment)
    target = policy.target(context.host_app, visit.environment)
    if target is None:
        return _no_target(program, policy, context, visit.environment)
    choice = choose_release(policy, target, visit, context.pinned_version)
    entry = choice.entry
    if entry is None or entry.decision is None:
        return _unavailable(program, policy, target, choice.decision_reason)
    decision = _decision(entry.decision, context.pinned_version)
    return Released(decision, _further(policy, target, entry, visit), entry.step == "window")


def inspect_releases(
    program: ProgramDocuments, policy: ReleasePolicy, context: DeliveryContext, moment: Moment
) -> Members:
    """`rollout` of an inspection: every entry and what became of it. Names what the visitor sent, no values."""
    visit = visit_of(program, context, moment.looking())
    target = policy.target(context.host_app, visit.environment)
    shown: Members = {
        "type": "release_policy",
        "policyRevision": policy.revision,
        "compiledAt": policy.compiled_at,
        "target": None if target is None else {"hostApp": target.host_app, "environment": target.environment},
        "environment": visit.environment,
        "stickinessKey": _stickiness(visit.attributes),
        "attributes": sorted(context.extras),
        "entries": [] if target is None else [_examined(verdict) for verdict in examine(policy, target, visit)],
    }
    return shown


def switch_members(
    program: ProgramDocuments, policy: ReleasePolicy, context: DeliveryContext, moment: Moment
) -> Members:
    """Every switch for this request, by key, with where its value comes from."""
    values = switch_values(policy, visit_of(program, context, moment.looking()))
    return {
        key: {"value": found.value, "type": found.type, "reason": found.reason}
        | ({} if found.rule is None else {"rule": found.rule})
        for key, found in values.items()
    }


def _decision(decision: Decision, pin: str | None) -> Decision:
    if pin is None:
        return decision
    own = ("matchedReleaseId", "policyRevision")
    further = {"requestedPinnedVersion": pin, **{name: decision.members[name] for name in own}}
    return Decision("pinned_version", "requested_pinned_version", decision.version, further, NO_RULES)


def _further(policy: ReleasePolicy, target: CompiledTarget, entry: Entry, visit: Visit) -> Members:
    further: Members = {"environment": target.environment, "stickinessKey": _stickiness(visit.attributes)}
    clause = audience_clause(entry, visit)
    if clause is not None:
        further["matchedClause"] = clause.path
    if entry.release is not None:
        further["upgrade"] = upgrade_members(entry.release, target.forced_versions, visit.current_version)
    if policy.switches:
        further["switches"] = {key: found.value for key, found in switch_values(policy, visit).items()}
    return further


def _stickiness(attributes: Mapping[str, Any]) -> str | None:
    return next((name for name in ("userId", "deviceId") if attributes.get(name)), None)


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


def _no_target(
    program: ProgramDocuments, policy: ReleasePolicy, context: DeliveryContext, environment: str
) -> Refusal:
    named = f"for host {context.host_app}" if context.host_app else "without a hostApp"
    message = f"Mini-program {program.id} is not available {named} in {environment}."
    details = {
        "miniProgramId": program.id,
        "hostApp": context.host_app,
        "environment": environment,
        "decisionReason": "no_target",
        "policyRevision": policy.revision,
    }
    return Refusal(412, "host_not_enabled", message, DELIVERY_ERROR, details)


def _unavailable(program: ProgramDocuments, policy: ReleasePolicy, target: CompiledTarget, reason: str) -> Refusal:
    target_name = f"{target.host_app} {target.environment}"
    message = f"Mini-program {program.id} has no release on {target_name} for this request."
    details = {
        "miniProgramId": program.id,
        "hostApp": target.host_app,
        "environment": target.environment,
        "decisionReason": reason,
        "policyRevision": policy.revision,
    }
    return Refusal(412, "delivery_rule_disabled", message, DELIVERY_ERROR, details)
