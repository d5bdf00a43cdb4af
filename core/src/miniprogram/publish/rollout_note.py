"""A word about rollout rules: with rules in place, `latest` is not what decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.errors import DocumentError
from miniprogram.strict_json import read_object


def unserved_note(api_root: Path, program_id: str, version: str) -> str | None:
    """A sentence when rules decide what hosts get and none of them names `version`; else None."""
    path = api_root / local_keys().rollout_rules_key(program_id)
    try:
        if not path.is_file() or version in named_versions(read_object(path)):
            return None
    except DocumentError as error:
        return str(error)
    return f"No host gets {version} yet: {path} decides and does not name it"


def named_versions(document: dict[str, Any]) -> set[str]:
    """The versions that rules give to somebody."""
    return {str(value).strip() for value in _version_members(document) if value is not None}


def _version_members(document: dict[str, Any]) -> Iterator[Any]:
    yield document.get("defaultVersion")
    rules = document.get("rules") or document.get("hostRules")
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict) and rule.get("enabled") is not False:
            yield rule.get("version")
