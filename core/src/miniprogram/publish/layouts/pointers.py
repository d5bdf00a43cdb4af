"""Pointers that several layouts have."""

from __future__ import annotations

import json
from typing import Any

from miniprogram.delivery.documents.kinds import DocumentKind
from miniprogram.publish.layouts.layout import Pointer


def fixed(key: str, kind: DocumentKind, body: bytes) -> Pointer:
    """A document that is to hold exactly `body`."""
    return Pointer(key, kind, lambda current: None if current == body else body)


def member_of(body: bytes, name: str) -> str | None:
    """The text member `name` of a JSON object; None when it is none, or not there."""
    document = object_in(body)
    value = document.get(name)
    return value.strip() or None if isinstance(value, str) else None


def object_in(body: bytes | None) -> dict[str, Any]:
    """The JSON object in `body`; an empty one when there is none. A pointer that is broken is written anew."""
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
