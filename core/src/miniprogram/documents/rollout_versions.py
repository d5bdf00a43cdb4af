"""The versions that rollout rules, which people write by hand, give to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miniprogram.delivery.documents.kinds import ROLLOUT_RULES
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.json_documents import read_document
from miniprogram.seams.object_store import ObjectStore


def versions_in_rules(store: ObjectStore, keys: Keys, program_id: str) -> list[str]:
    """Sorted; none when there are no rules. Raises DocumentError for rules that cannot be read."""
    if not keys.has(ROLLOUT_RULES):
        return []
    return sorted(named_versions(read_document(store, keys.rollout_rules_key(program_id)) or {}))


def named_versions(document: dict[str, Any]) -> set[str]:
    """The versions that the rules in `document` give to somebody."""
    return {str(value).strip() for value in _version_members(document) if value is not None}


def _version_members(document: dict[str, Any]) -> Iterator[Any]:
    yield document.get("defaultVersion")
    rules = document.get("rules") or document.get("hostRules")
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict) and rule.get("enabled") is not False:
            yield rule.get("version")
