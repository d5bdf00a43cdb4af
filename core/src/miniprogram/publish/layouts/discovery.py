"""`discovery/mini-programs.json`: the catalogue a static folder offers, in the shape the service answers with."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.evaluation.versions.display_texts import display_texts
from miniprogram.packages.manifest import Manifest
from miniprogram.publish.layouts.pointers import object_in


def entry_of(manifest: Manifest, body: bytes) -> dict[str, Any]:
    """The catalogue entry of a mini-program; `body` is its manifest as authored."""
    shown = display_texts(object_in(body), manifest.id)
    return {
        "id": manifest.id,
        "title": shown.title,
        "description": shown.description,
        "entry": manifest.entry,
        "resolvedVersion": manifest.version,
        "requiredCapabilities": list(manifest.required_capabilities),
        "selectionMode": "static_latest",
        "decisionReason": "no_rollout_rules",
    }


def with_entry(current: bytes | None, entry: dict[str, Any]) -> dict[str, Any]:
    """The catalogue in `current` with `entry` in place of the one of its id, sorted by title."""
    listed = object_in(current).get("entries")
    entries = [other for other in listed if _is_entry(other)] if isinstance(listed, list) else []
    others = [other for other in entries if other["id"] != entry["id"]]
    ordered = sorted([*others, entry], key=lambda each: (str(each.get("title", "")), each["id"]))
    return {
        "responseType": "mini_program_catalog",
        "statusCode": 200,
        "entryCount": len(ordered),
        "entries": ordered,
    }


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)
