"""Members of control documents, read the way the contract reads them. Each raises BrokenDocument."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.versions.manifest import stringified


def required_text(document: Document, members: dict[str, Any], name: str, *, path: str = "") -> str:
    """A member that must be a non-blank string; trimmed."""
    value = members.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BrokenDocument(document.key, f"{path}{name} must be a non-blank string")
    return value.strip()


def optional_flag(
    document: Document, members: dict[str, Any], name: str, *, default: bool, path: str = ""
) -> bool:
    """A member that must be true, false, null or absent."""
    value = members.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BrokenDocument(document.key, f"{path}{name} must be true or false")
    return value


def text_list(
    document: Document, members: dict[str, Any], name: str, default: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """A list member as texts: stringified, trimmed, blanks dropped."""
    value = members.get(name)
    if value is None:
        return default
    if not isinstance(value, list):
        raise BrokenDocument(document.key, f"{name} must be a list")
    texts = (stringified(item) for item in value)
    return tuple(text for text in texts if text is not None)
