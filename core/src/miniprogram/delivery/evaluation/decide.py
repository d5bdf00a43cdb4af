"""The decision: which version a host gets, or why it gets none. Total, and the same for every route.

The order of the steps is the contract's (section 4.1); what may differ is named in `strictness`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.delivery.evaluation.context.delivery_context import DEFAULT_ENVIRONMENT, DeliveryContext
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.decision import NO_RULES, Decision
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.manifest_check import check_manifest
from miniprogram.delivery.evaluation.refusals import (
    DELIVERY_ERROR,
    Members,
    Refusal,
    invalid_request,
    not_found,
)
from miniprogram.delivery.evaluation.rules.strictness import Strictness
from miniprogram.delivery.evaluation.verdicts import (
    Denied,
    Granted,
    broken_document,
    context_required,
    host_not_declared,
    precondition,
    withdrawn,
)
from miniprogram.delivery.evaluation.versions.manifest import Manifest, ManifestT

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy
    from miniprogram.delivery.evaluation.program import Program
    from miniprogram.delivery.evaluation.rules.capability_policy import CapabilityPolicy
    from miniprogram.delivery.evaluation.rules.rollout_rules import Rollout


_NO_RELEASE = frozenset({"no_release_available", "pin_not_released"})
"""Reasons that no entry was for the visitor, and none denied them."""


def decide(  # noqa: PLR0911 - one return per step
    program: Program[ManifestT], context: EvaluationContext, strictness: Strictness
) -> Granted[ManifestT] | Denied:
    """What `program` answers to `context`."""
    delivery = context.delivery
    try:
        stored, policy = program.release_policy(), program.policy()
        releases = releases_for(stored, delivery)
        rollout = program.rollout() if releases is None else None
    except BrokenDocument as error:
        return Denied(broken_document(program.id, error))
    refusal = _missing_parameters(program, rollout, policy, delivery)
    if refusal is not None:
        return Denied(refusal)
    if releases is not None:
        answer = _decide_by_release(program, releases, policy, context, strictness)
        if not _leaves(answer, releases, delivery):
            return answer
        try:
            rollout = program.rollout()
        except BrokenDocument as error:
            return Denied(broken_document(program.id, error))
    chosen = choose_version(program, rollout, delivery, strictness)
    if isinstance(chosen, Refusal):
        return Denied(chosen)
    if stored is not None and chosen.version in stored.withdrawn:
        return Denied(withdrawn(program.id, chosen.version))
    return check_manifest(program, chosen, policy, delivery, strictness)


def releases_for(stored: ReleasePolicy | None, context: DeliveryContext) -> ReleasePolicy | None:
    """`stored`, the program's release policy, if it decides for `context`; None when rules and pointer do."""
    if stored is None or not stored.is_legacy_otherwise:
        return stored
    environment = context.extras.get("environment", DEFAULT_ENVIRONMENT)
    return None if stored.target(context.host_app, environment) is None else stored


def _leaves(answer: Granted[ManifestT] | Denied, releases: ReleasePolicy, context: DeliveryContext) -> bool:
    """Whether nobody's release is for the visitor, on a target that leaves everybody else what they had."""
    details = (isinstance(answer, Denied) and answer.refusal.details) or {}
    if details.get("decisionReason") not in _NO_RELEASE:
        return False
    target = releases.target(context.host_app, context.extras.get("environment", DEFAULT_ENVIRONMENT))
    return target is not None and not target.refuses_others


def choose_version(
    program: Program[Manifest], rollout: Rollout | None, context: DeliveryContext, strictness: Strictness
) -> Decision | Refusal:
    """The version by pin, pointer or rules, before its manifest is looked at."""
    pin = context.pinned_version
    if pin is not None and not strictness.pins_obey_rules:
        return _pinned(pin, rollout)
    if program.is_offline():
        return not_found(f"Mini-program {program.id} has no published version.")
    if rollout is not None:
        chosen = _by_rules(program, rollout, context, strictness)
    elif pin is None:
        chosen = _by_pointer(program)
    else:
        return _pinned(pin, None)
    if pin is None or isinstance(chosen, Refusal):
        return chosen
    if rollout is not None and rollout.has_withdrawn(pin):
        return withdrawn(program.id, pin)
    return _pinned(pin, rollout)


def _missing_parameters(
    program: Program[Manifest], rollout: Rollout | None, policy: CapabilityPolicy | None, context: DeliveryContext
) -> Refusal | None:
    missing = [] if policy is None else policy.missing(context)
    if not missing:
        return None
    details: Members = {"miniProgramId": program.id, "missingQueryParameters": missing}
    if rollout is not None:
        details |= {name: value for name, value in rollout.evaluated.members.items() if name == "evaluatedRuleIds"}
    return context_required(program.id, missing, details)


def _pinned(version: str, rollout: Rollout | None) -> Decision:
    further: Members = {"requestedPinnedVersion": version}
    if rollout is not None:
        further = {"declaredDefaultVersion": rollout.default_version, **further}
    rules = NO_RULES if rollout is None else rollout.evaluated
    return Decision("pinned_version", "requested_pinned_version", version, further, rules)


def _by_pointer(program: Program[Manifest]) -> Decision | Refusal:
    try:
        return program.pointed_at()
    except MissingDocument as error:
        return not_found(str(error))
    except BrokenDocument as error:
        return broken_document(program.id, error)


def _by_rules(
    program: Program[Manifest], rollout: Rollout, context: DeliveryContext, strictness: Strictness
) -> Decision | Refusal:
    from miniprogram.delivery.evaluation.rules.rollout_rules import InvalidHostVersion  # loaded with the rules

    try:
        position = rollout.first_match(context)
    except InvalidHostVersion as error:
        return invalid_request(str(error), {"parameter": "hostVersion"})._replace(response_type=DELIVERY_ERROR)
    except BrokenDocument as error:
        return broken_document(program.id, error)
    if position is not None:
        if rollout.rules[position].enabled:
            return rollout.decision(position)
        return _rule_disabled(program, rollout, position, context)
    host_app = context.host_app
    is_asked_for_host = host_app is not None or strictness.hosts_must_be_declared
    if is_asked_for_host and rollout.declared_hosts and not rollout.declares_host(host_app):
        return host_not_declared(program.id, rollout, host_app, {"deliveryContext": context.echo()})
    return rollout.default_decision


def _rule_disabled(
    program: Program[Manifest], rollout: Rollout, position: int, context: DeliveryContext
) -> Refusal:
    rule = rollout.rules[position]
    details = {"miniProgramId": program.id, **rollout.decision(position).fields(context)}
    if rule.host_app is not None:
        message = f"Mini-program {program.id} is switched off for host {rule.host_app}."
        return precondition("host_not_enabled", message, details)
    message = f"Mini-program {program.id} is switched off by rule {rule.id or f'number {position + 1}'}."
    return precondition("delivery_rule_disabled", message, details)


def _decide_by_release(
    program: Program[ManifestT],
    releases: ReleasePolicy,
    policy: CapabilityPolicy | None,
    context: EvaluationContext,
    strictness: Strictness,
) -> Granted[ManifestT] | Denied:
    # programs without releases do without it
    from miniprogram.delivery.evaluation.release_decision import choose_by_release

    delivery = context.delivery
    pin = delivery.pinned_version
    if pin is not None and not strictness.pins_obey_rules:
        if pin in releases.withdrawn:
            return Denied(withdrawn(program.id, pin))
        return check_manifest(program, _pinned(pin, None), policy, delivery, strictness)
    if program.is_offline():
        return Denied(not_found(f"Mini-program {program.id} has no published version."))

    def ask(context: EvaluationContext) -> tuple[Granted[ManifestT] | Denied, bool]:
        try:
            chosen = choose_by_release(program, releases, context)
        except BrokenDocument as error:
            return Denied(broken_document(program.id, error)), False
        if isinstance(chosen, Refusal):
            return Denied(chosen), False
        found = check_manifest(program, chosen.decision, policy, delivery, strictness)
        if isinstance(found, Granted):
            return Granted(found.decision, found.manifest, chosen.further), chosen.by_window
        return found, False

    # A host that the manifest turns away must not be counted in a window, so the window is entered last.
    verdict, by_window = ask(context.read_only())
    return ask(context)[0] if by_window and context.admits else verdict
