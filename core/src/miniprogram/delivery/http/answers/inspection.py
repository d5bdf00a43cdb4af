"""`GET /api/debug/manifests/{id}/decision`: what latest would answer, and why (contract, section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.delivery.documents.contents.stored_manifest import StoredManifest
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import refuse_without_key
from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.decide import choose_version, decide, releases_for
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.refusals import Members, Refusal, not_found
from miniprogram.delivery.evaluation.rules.rollout_rules import InvalidHostVersion, Rollout, Rule
from miniprogram.delivery.evaluation.verdicts import Denied, Granted, broken_document
from miniprogram.delivery.http.answers.latest import as_delivery_error
from miniprogram.delivery.http.messages import HeaderPairs, Response
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy

_SUMMARY_MEMBERS = ("id", "version", "entry", "contractVersion", "sdkVersionRange", "requiredCapabilities")


def answer_inspection(builder: ResponseBuilder, program: ProgramDocuments, context: EvaluationContext) -> Response:
    """The decision explained. A plain cloud catalog answers with the real error instead of a rejection."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key)
    if refusal is not None:
        return builder.refuse(refusal)
    context = context.read_only()
    try:
        releases, policy = releases_for(program.release_policy(), context.delivery), program.policy()
        rollout = program.rollout() if releases is None else None
    except BrokenDocument as error:
        return builder.refuse(as_delivery_error(broken_document(program.id, error), builder))
    if not builder.profile.is_local and releases is None and rollout is None and policy is None:
        return _inspect_catalog(builder, program, context)
    verdict = decide(program, context, builder.profile.strictness)
    if releases is not None:
        part = _releases_part(program, releases, context)
    else:
        part = _static_part(program) if rollout is None else _rules_part(rollout, context.delivery)
    body = {
        "rollout": part,
        **({} if policy is None else {"capabilityPolicy": policy.echo()}),
        **_outcome(verdict, context.delivery, builder),
    }
    simulated_status = verdict.refusal.status if isinstance(verdict, Denied) else 200
    return _answer(builder, program, context.delivery, simulated_status, body)


def _inspect_catalog(builder: ResponseBuilder, program: ProgramDocuments, context: EvaluationContext) -> Response:
    """The manifest itself is looked at for a pin only."""
    strictness = builder.profile.strictness
    chosen = choose_version(program, None, context.delivery, strictness)
    if context.delivery.pinned_version is not None:
        verdict = decide(program, context, strictness)
        chosen = verdict.refusal if isinstance(verdict, Denied) else verdict.decision
    if isinstance(chosen, Refusal):
        return builder.refuse(chosen)
    key = chosen.manifest_key or program.manifest_key(chosen.version)
    body = {
        "rollout": {"type": "catalog_metadata", "latestVersion": _latest_version(program)},
        "decision": {name: value for name, value in chosen.members.items() if name != "evaluatedRuleCount"},
        "manifestSummary": {"manifestKey": key, "releaseKey": chosen.release_key},
    }
    return _answer(builder, program, context.delivery, 200, body)


def _answer(
    builder: ResponseBuilder,
    program: ProgramDocuments,
    context: DeliveryContext,
    simulated_status: int,
    body: Members,
) -> Response:
    outcome = "resolved" if simulated_status == 200 else "rejected"
    headers: HeaderPairs = (
        ("x-mini-program-id", program.id),
        ("x-debug-route", "manifest_decision_inspect"),
        ("x-debug-outcome", outcome),
    )
    members = {
        "responseType": "manifest_decision_inspection",
        "statusCode": 200,
        "miniProgramId": program.id,
        "outcome": outcome,
        "simulatedStatusCode": simulated_status,
        "deliveryContext": context.echo(),
        **body,
    }
    troubles = program.troubles()
    if troubles:
        members["olderStates"] = [{"key": key, "reason": reason} for key, reason in troubles]
    return builder.json(200, members, headers)


def _outcome(
    verdict: Granted[StoredManifest] | Denied, context: DeliveryContext, builder: ResponseBuilder
) -> Members:
    shown: Members = {} if verdict.decision is None else {"decision": verdict.decision.fields(context)}
    if isinstance(verdict, Denied):
        return {**shown, "rejection": _rejection(as_delivery_error(verdict.refusal, builder))}
    if verdict.further is not None:
        shown["decision"] |= verdict.further.members()
    return {**shown, "manifestSummary": _summary(verdict.manifest)}


def _rejection(refusal: Refusal) -> Members:
    """A missing version is told without the decision, which stands beside it."""
    shown: Members = {
        "statusCode": refusal.status,
        "errorCode": refusal.code,
        "message": refusal.message,
    }
    if refusal.details and refusal.status != 404:
        shown["details"] = refusal.details
    return shown


def _summary(manifest: StoredManifest) -> Members:
    return {name: manifest.members.get(name) for name in _SUMMARY_MEMBERS}


def _latest_version(program: ProgramDocuments) -> str | None:
    try:
        return program.pointed_at().version
    except (MissingDocument, BrokenDocument):
        return None


def _releases_part(program: ProgramDocuments, releases: ReleasePolicy, context: EvaluationContext) -> Members:
    from miniprogram.delivery.evaluation.release_decision import (
        inspect_releases,  # programs without releases do without it
    )

    try:
        return inspect_releases(program, releases, context)
    except BrokenDocument as error:
        return {"type": "release_policy", "entries": [], "error": _rejection(broken_document(program.id, error))}


def _static_part(program: ProgramDocuments) -> Members:
    shown: Members = {"type": "static_latest", "rules": []}
    try:
        shown["staticLatestVersion"] = program.pointed_at().version
    except MissingDocument as error:
        shown["staticLatestError"] = _rejection(not_found(str(error)))
    except BrokenDocument as error:
        shown["staticLatestError"] = _rejection(broken_document(program.id, error))
    return shown


def _rules_part(rollout: Rollout, context: DeliveryContext) -> Members:
    return {
        "type": "rule_based",
        "defaultVersion": rollout.default_version,
        "declaredHostApps": rollout.declared_hosts,
        "ruleCount": len(rollout.rules),
        "rules": [_examine_rule(rollout, position, context) for position in range(len(rollout.rules))],
    }


def _examine_rule(rollout: Rollout, position: int, context: DeliveryContext) -> Members:
    rule = rollout.rules[position]
    reasons = _mismatches(rule, context)
    shown: Members = {**rule.echo(), "matches": False}
    try:
        if rollout.range_allows(position, context) is False:
            reasons.append("hostVersion_out_of_range" if context.host_version else "hostVersion_missing")
    except InvalidHostVersion as error:
        reasons.append("hostVersion_invalid")
        shown["evaluationError"] = {"errorCode": "invalid_request", "message": str(error)}
    except BrokenDocument as error:
        reasons.append("hostVersion_invalid")
        shown["evaluationError"] = {"errorCode": "invalid_backend_json", "message": error.reason}
    if reasons:
        return {**shown, "mismatchReasons": reasons}
    return {**shown, "matches": True}


def _mismatches(rule: Rule, context: DeliveryContext) -> list[str]:
    compared = (
        ("hostApp", rule.host_app, rule.host_app == context.host_app),
        ("platform", rule.platform, rule.platform == context.platform),
        ("locale", rule.locale, (rule.locale or "").lower() in context.locale_prefixes),
        ("tenantId", rule.tenant_id, rule.tenant_id == context.tenant_id),
    )
    return [f"{name}_mismatch" for name, asked, holds in compared if asked is not None and not holds]
