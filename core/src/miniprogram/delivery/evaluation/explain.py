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
    "operator_pin": "an operator pinned release {release} for this audience",
    "signed_link": "the visitor came by a signed link to release {release}",
    "pilot_tester": "the visitor is a tester of release {release}",
    "window_admission": "the visitor is, or would be, admitted to the window of release {release}",
    "grayscale_percentage": "the visitor is inside the percentage of release {release}",
    "full_release": "release {release} is the full release",
    "fallback_release": "nothing newer is for this visitor, and release {release} is the one before",
}

_FAILED_TESTS = {
    "audience": "the audience does not hold",
    "not_a_tester": "not a tester",
    "outside_percentage": "outside the percentage",
    "no_stickiness_key": "neither userId nor deviceId was sent",
    "window_not_open": "the window is not open yet",
    "window_over": "the window is over",
    "window_closed": "not admitted while the window took visitors",
    "window_full": "the window is full",
    "no_ledger": "no ledger remembers who was admitted",
    "ledger_unavailable": "the ledger gives no answer",
    "no_link": "no link was sent",
    "paused": "paused, and the visitor does not have it yet",
    "halted": "halted",
    "withdrawn": "the version is withdrawn",
    "denied": "an operator denied it",
}


def explain(inspection: dict[str, Any]) -> Iterator[str]:
    """Lines for a person: the outcome, then each rule or release entry with why it did or did not hold.

    `inspection` is the body of `GET /api/debug/manifests/{id}/decision`.
    """
    program_id = inspection["miniProgramId"]
    decision = inspection.get("decision") or {}
    rejection = inspection.get("rejection")
    if rejection is None:
        yield f"{program_id} {decision['resolvedVersion']}: {_reason(decision)}."
    else:
        status, code = rejection["statusCode"], rejection["errorCode"]
        said = "directed to its embedded version with" if code == "roll_back_to_embedded" else "refused with"
        yield f"{program_id}: {said} {status} {code}. {rejection['message']}"
    for rule in inspection["rollout"].get("rules", ()):
        yield f"  {_rule_line(rule)}"
    for entry in inspection["rollout"].get("entries", ()):
        yield f"  {_entry_line(entry)}"


def _reason(decision: dict[str, Any]) -> str:
    reason: str = decision["decisionReason"]
    rule, release = decision.get("matchedRuleId", "without an id"), decision.get("matchedReleaseId")
    return _REASONS.get(reason, reason).format(rule=rule, release=release)


def _entry_line(entry: dict[str, Any]) -> str:
    named = f"{entry['step']} {entry['releaseId'] or 'everything'}"
    if entry["version"] is not None:
        named += f" -> {entry['version']}"
    clause = entry.get("clause")
    if entry["matches"]:
        return f"[match] {named}" + (f" (by {clause['path']})" if clause else "")
    why = _FAILED_TESTS.get(entry["reason"], entry["reason"].replace("_", " "))
    if clause and entry["reason"] == "audience":
        missing = ", which was not sent" if clause.get("attributeMissing") else ""
        why += f": {clause['path']} asks {clause['asks']}{missing}"
    return f"[skip]  {named} ({why})"


def _rule_line(rule: dict[str, Any]) -> str:
    named = f"{rule['id'] or 'rule'} -> {rule['version']}" + ("" if rule["enabled"] else " (switched off)")
    if rule["matches"]:
        return f"[match] {named}"
    return f"[skip]  {named} ({', '.join(rule.get('mismatchReasons', ()))})"
