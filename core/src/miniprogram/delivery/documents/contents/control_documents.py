"""Control documents of a program, read from JSON: rollout rules and capability policy.

Each function raises BrokenDocument naming the member at fault.
"""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.documents.cache.document import Document, parse_object
from miniprogram.delivery.documents.contents.json_members import optional_flag, required_text, text_list
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.rules.capability_policy import CapabilityPolicy
from miniprogram.delivery.evaluation.rules.rollout_rules import Rollout, Rule
from miniprogram.delivery.evaluation.versions.manifest import stringified


def compile_rollout(document: Document) -> Rollout:
    """Raises BrokenDocument naming the rule and member at fault. Ranges are judged when they are needed."""
    members = parse_object(document, unique_keys=True)
    default_version = required_text(document, members, "defaultVersion")
    rules = members.get("rules")
    if rules is None:
        rules = members.get("hostRules")
    if rules is not None and not isinstance(rules, list):
        raise BrokenDocument(document.key, "rules must be a list")
    return Rollout(
        document.key,
        default_version,
        tuple(_rule(document, rule, f"rules[{position}]") for position, rule in enumerate(rules or ())),
    )


def _rule(document: Document, rule: Any, path: str) -> Rule:
    if not isinstance(rule, dict):
        raise BrokenDocument(document.key, f"{path} must be an object")
    return Rule(
        stringified(rule.get("id")) or stringified(rule.get("ruleId")),
        stringified(rule.get("hostApp")),
        stringified(rule.get("platform")),
        stringified(rule.get("locale")),
        stringified(rule.get("tenantId")),
        stringified(rule.get("hostVersionRange")),
        required_text(document, rule, "version", path=f"{path}."),
        optional_flag(document, rule, "enabled", default=True, path=f"{path}."),
    )


def compile_policy(document: Document) -> CapabilityPolicy:
    """Raises BrokenDocument naming the member that has the wrong type."""
    members = parse_object(document, unique_keys=True)
    return CapabilityPolicy(
        optional_flag(document, members, "requireContextForLatest", default=False),
        optional_flag(document, members, "enforceManifestCapabilities", default=False),
        text_list(document, members, "requiredQueryParameters"),
    )
