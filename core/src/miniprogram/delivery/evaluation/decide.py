"""The decision: which version a host gets, or why it gets none. Total, and the same for every route.

The order of the steps is the contract's (section 4.1); what may differ is named in `profile.Strictness`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from miniprogram.delivery.documents.program_documents import ProgramDocuments, StoredManifest
from miniprogram.delivery.evaluation.capability_policy import CapabilityPolicy
from miniprogram.delivery.evaluation.decision import NO_RULES, Decision
from miniprogram.delivery.evaluation.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.refusals import (
    DELIVERY_ERROR,
    Members,
    Refusal,
    broken,
    invalid_request,
    not_found,
)
from miniprogram.delivery.evaluation.request_meta import Moment
from miniprogram.delivery.evaluation.rollout_rules import InvalidHostVersion, Rollout
from miniprogram.delivery.evaluation.strictness import Strictness

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy


class Granted(NamedTuple):
    """The host gets this version."""

    decision: Decision
    manifest: StoredManifest
    further: Members | None = None
    """Members of `deliveryMetadata` that differ from visitor to visitor."""


class Denied(NamedTuple):
    """The host gets none; `decision` is the version that had been chosen by then, if any."""

    refusal: Refusal
    decision: Decision | None = None


def decide(
    program: ProgramDocuments, context: DeliveryContext, strictness: Strictness, moment: Moment
) -> Granted | Denied:
    """What `program` answers to `context`."""
    try:
        releases, policy = releases_for(program, context), program.policy()
        rollout = program.rollout() if releases is None else None
    except BrokenDocument as error:
        return Denied(broken_document(program, error))
    refusal = _missing_parameters(program, rollout, policy, context)
    if refusal is not None:
        return Denied(refusal)
    if releases is not None:
        return _decide_by_release(program, releases, policy, context, strictness, moment=moment)
    chosen = choose_version(program, rollout, context, strictness)
    if isinstance(chosen, Refusal):
        return Denied(chosen)
    if program.has_withdrawn(chosen.version):
        return Denied(withdrawn(program, chosen.version))
    return _examine(program, chosen, policy, context, strictness)


def releases_for(program: ProgramDocuments, context: DeliveryContext) -> ReleasePolicy | None:
    """The release policy that decides for `context`; None when rollout rules and the pointer do."""
    releases = program.release_policy()
    if releases is None or not releases.is_legacy_otherwise:
        return releases
    environment = context.extras.get("environment", "production")
    return None if releases.target(context.host_app, environment) is None else releases


def choose_version(
    program: ProgramDocuments, rollout: Rollout | None, context: DeliveryContext, strictness: Strictness
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
        return withdrawn(program, pin)
    return _pinned(pin, rollout)


def withdrawn(program: ProgramDocuments, version: str) -> Refusal:
    """Nobody gets this version: only disabled rules name it, or it was removed."""
    return _precondition(
        "delivery_rule_disabled",
        f"Version {version} of mini-program {program.id} is switched off.",
        {"miniProgramId": program.id, "resolvedVersion": version, "decisionReason": "version_withdrawn"},
    )


def broken_document(program: ProgramDocuments, error: BrokenDocument, details: Members | None = None) -> Refusal:
    """A stored document of `program` cannot be used. `details` replace the usual ones."""
    message = f"Mini-program {program.id} cannot be delivered: {error.key} is not usable ({error.reason})."
    return broken(message, error.details if details is None else details)


def host_not_declared(
    program: ProgramDocuments, rollout: Rollout, host_app: str | None, further: Members
) -> Refusal:
    """The rules name hosts, and not this one."""
    named = f"for host {host_app}" if host_app else "without a hostApp"
    details: Members = {
        "miniProgramId": program.id,
        "hostApp": host_app,
        "decisionReason": "host_not_declared",
        "declaredDefaultVersion": rollout.default_version,
        **rollout.evaluated.members,
        "declaredHostApps": rollout.declared_hosts,
        **further,
    }
    return _precondition("host_not_enabled", f"Mini-program {program.id} is not available {named}.", details)


def _missing_parameters(
    program: ProgramDocuments, rollout: Rollout | None, policy: CapabilityPolicy | None, context: DeliveryContext
) -> Refusal | None:
    missing = [] if policy is None else policy.missing(context)
    if not missing:
        return None
    details: Members = {"miniProgramId": program.id, "missingQueryParameters": missing}
    if rollout is not None:
        details |= {name: value for name, value in rollout.evaluated.members.items() if name == "evaluatedRuleIds"}
    return _context_required(program, missing, details)


def _context_required(program: ProgramDocuments, missing: list[str], details: Members) -> Refusal:
    message = f"Mini-program {program.id} needs these query parameters: {', '.join(missing)}."
    return Refusal(400, "manifest_context_required", message, DELIVERY_ERROR, details)


def _pinned(version: str, rollout: Rollout | None) -> Decision:
    further: Members = {"requestedPinnedVersion": version}
    if rollout is not None:
        further = {"declaredDefaultVersion": rollout.default_version, **further}
    rules = NO_RULES if rollout is None else rollout.evaluated
    return Decision("pinned_version", "requested_pinned_version", version, further, rules)


def _by_pointer(program: ProgramDocuments) -> Decision | Refusal:
    try:
        return program.pointed_at()
    except MissingDocument as error:
        return not_found(str(error))
    except BrokenDocument as error:
        return broken_document(program, error)


def _by_rules(
    program: ProgramDocuments, rollout: Rollout, context: DeliveryContext, strictness: Strictness
) -> Decision | Refusal:
    try:
        position = rollout.first_match(context)
    except InvalidHostVersion as error:
        return invalid_request(str(error), {"parameter": "hostVersion"})._replace(response_type=DELIVERY_ERROR)
    except BrokenDocument as error:
        return broken_document(program, error)
    if position is not None:
        if rollout.rules[position].enabled:
            return rollout.decision(position)
        return _rule_disabled(program, rollout, position, context)
    host_app = context.host_app
    is_asked_for_host = host_app is not None or strictness.hosts_must_be_declared
    if is_asked_for_host and rollout.declared_hosts and not rollout.declares_host(host_app):
        return host_not_declared(program, rollout, host_app, {"deliveryContext": context.echo()})
    return rollout.default_decision


def _rule_disabled(
    program: ProgramDocuments, rollout: Rollout, position: int, context: DeliveryContext
) -> Refusal:
    rule = rollout.rules[position]
    details = {"miniProgramId": program.id, **rollout.decision(position).fields(context)}
    if rule.host_app is not None:
        message = f"Mini-program {program.id} is switched off for host {rule.host_app}."
        return _precondition("host_not_enabled", message, details)
    message = f"Mini-program {program.id} is switched off by rule {rule.id or f'number {position + 1}'}."
    return _precondition("delivery_rule_disabled", message, details)


def _decide_by_release(
    program: ProgramDocuments,
    releases: ReleasePolicy,
    policy: CapabilityPolicy | None,
    context: DeliveryContext,
    strictness: Strictness,
    *,
    moment: Moment,
) -> Granted | Denied:
    from miniprogram.delivery.evaluation.release_decision import (
        choose_by_release,  # programs without releases do without it
    )

    pin = context.pinned_version
    if pin is not None and not strictness.pins_obey_rules:
        if program.has_withdrawn(pin):
            return Denied(withdrawn(program, pin))
        return _examine(program, _pinned(pin, None), policy, context, strictness)
    if program.is_offline():
        return Denied(not_found(f"Mini-program {program.id} has no published version."))

    def ask(moment: Moment) -> tuple[Granted | Denied, bool]:
        try:
            chosen = choose_by_release(program, releases, context, moment)
        except BrokenDocument as error:
            return Denied(broken_document(program, error)), False
        if isinstance(chosen, Refusal):
            return Denied(chosen), False
        found = _examine(program, chosen.decision, policy, context, strictness)
        if isinstance(found, Granted):
            return found._replace(further=chosen.further), chosen.takes_place
        return found, False

    # A host that the manifest turns away must not use up a place, so the window is entered last.
    verdict, takes_place = ask(moment.looking())
    return ask(moment)[0] if takes_place and moment.admits else verdict


def _examine(
    program: ProgramDocuments,
    decision: Decision,
    policy: CapabilityPolicy | None,
    context: DeliveryContext,
    strictness: Strictness,
) -> Granted | Denied:
    """Whether the manifest of the chosen version is there, sound, and suits the host."""
    try:
        manifest = program.manifest(decision)
        if strictness.documents_must_agree:
            _must_agree(program, decision, manifest)
        refusal = _incompatible_sdk(program, decision, manifest, context) or _lacking_capabilities(
            program, decision, manifest, policy, context
        )
        return Granted(decision, manifest) if refusal is None else Denied(refusal, decision)
    except MissingDocument as error:
        return Denied(not_found(str(error), decision.fields(context)), decision)
    except BrokenDocument as error:
        details = {**error.details, **decision.fields(context)}
        return Denied(broken_document(program, error, details), decision)


def _must_agree(program: ProgramDocuments, decision: Decision, manifest: StoredManifest) -> None:
    """Hosts build screen addresses from the manifest's own id and version."""
    for member, expected in (("id", program.id), ("version", decision.version)):
        found = manifest.members.get(member, expected)
        if found != expected:
            raise BrokenDocument(manifest.key, f"{member} is {found!r} where {expected!r} was decided on")


def _incompatible_sdk(
    program: ProgramDocuments, decision: Decision, manifest: StoredManifest, context: DeliveryContext
) -> Refusal | None:
    if context.sdk_version is None:
        return None
    allowed = manifest.sdk_range()
    if allowed is None:
        return None
    try:
        version = context.parsed_sdk_version()
    except ValueError:
        message = f"sdkVersion {context.sdk_version} is not a version."
        return invalid_request(message, {"parameter": "sdkVersion"})._replace(response_type=DELIVERY_ERROR)
    if allowed.allows(version):
        return None
    details: Members = {
        "miniProgramId": program.id,
        "sdkVersionRange": manifest.range_text,
        "requestedSdkVersion": context.sdk_version,
        **decision.fields(context),
    }
    message = (
        f"Mini-program {program.id} {decision.version} needs SDK {manifest.range_text}, "
        f"and the host has {context.sdk_version}."
    )
    return _precondition("incompatible_sdk_version", message, details)


def _lacking_capabilities(
    program: ProgramDocuments,
    decision: Decision,
    manifest: StoredManifest,
    policy: CapabilityPolicy | None,
    context: DeliveryContext,
) -> Refusal | None:
    if policy is None or not policy.enforces_capabilities:
        return None
    named: Members = {"miniProgramId": program.id}
    if not context.capabilities:
        missing = ["capabilities"]
        details = {**named, "missingQueryParameters": missing, **decision.fields(context)}
        return _context_required(program, missing, details)
    lacking = sorted(set(manifest.required_capabilities).difference(context.capabilities))
    if not lacking:
        return None
    details = {**named, "missingCapabilities": lacking, **decision.fields(context)}
    message = f"Mini-program {program.id} {decision.version} needs the capabilities {', '.join(lacking)}."
    return _precondition("missing_capabilities", message, details)


def _precondition(code: str, message: str, details: Members) -> Refusal:
    return Refusal(412, code, message, DELIVERY_ERROR, details)
