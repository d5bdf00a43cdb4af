"""`discovery/mini-programs.json`: the catalogue a static folder offers, in the shape the service answers with."""

from __future__ import annotations

import re
from typing import Any

from miniprogram.packages.manifest import Manifest
from miniprogram.publish.layouts.pointers import object_in


def entry_of(manifest: Manifest) -> dict[str, Any]:
    """The catalogue entry of a mini-program."""
    title = title_of(manifest.id)
    return {
        "id": manifest.id,
        "title": title,
        "description": f"The mini-program {title}.",
        "entry": manifest.entry,
        "resolvedVersion": manifest.version,
        "requiredCapabilities": list(manifest.required_capabilities),
        "selectionMode": "static_latest",
        "decisionReason": "no_rollout_rules",
    }


def title_of(program_id: str) -> str:
    """`coupon_center` as `Coupon Center`."""
    words = [word for word in re.split(r"[_-]+", program_id) if word]
    return " ".join(word[0].upper() + word[1:].lower() for word in words)


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
