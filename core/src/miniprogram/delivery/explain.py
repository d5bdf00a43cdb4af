"""A decision in sentences: why a host got its version, from what inspection answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_REASONS = {
    "requested_pinned_version": "the request pins it",
    "no_rollout_rules": "it is the published version, and there are no rollout rules",
    "catalog_metadata_latest": "it is the version the catalog points at",
    "no_rule_matched": "no rule matched, and it is the default version",
    "matched_enabled_rule": "rule {rule} matched first",
    "matched_disabled_rule": "rule {rule} matched first, and it is switched off",
}


def explain(inspection: dict[str, Any]) -> Iterator[str]:
    """Lines for a person: the outcome, then each rule with why it did or did not match.

    `inspection` is the body of `GET /api/debug/manifests/{id}/decision`.
    """
    program_id = inspection["miniProgramId"]
    decision = inspection.get("decision") or {}
    rejection = inspection.get("rejection")
    if rejection is None:
        yield f"{program_id} {decision['resolvedVersion']}: {_reason(decision)}."
    else:
        status, code = rejection["statusCode"], rejection["errorCode"]
        yield f"{program_id}: refused with {status} {code}. {rejection['message']}"
    for rule in inspection["rollout"].get("rules", ()):
        yield f"  {_rule_line(rule)}"


def _reason(decision: dict[str, Any]) -> str:
    reason: str = decision["decisionReason"]
    return _REASONS.get(reason, reason).format(rule=decision.get("matchedRuleId", "without an id"))


def _rule_line(rule: dict[str, Any]) -> str:
    named = f"{rule['id'] or 'rule'} -> {rule['version']}" + ("" if rule["enabled"] else " (switched off)")
    if rule["matches"]:
        return f"[match] {named}"
    return f"[skip]  {named} ({', '.join(rule.get('mismatchReasons', ()))})"
