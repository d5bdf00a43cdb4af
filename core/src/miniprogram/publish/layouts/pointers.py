"""Pointers that several layouts have."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.documents.kinds import DocumentKind
from miniprogram.errors import DocumentError
from miniprogram.publish.layouts.layout import Pointer
from miniprogram.strict_json import parse_json, require_object


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
        return require_object(parse_json(body or b"{}", name="the pointer"), name="the pointer")
    except DocumentError:
        return {}
