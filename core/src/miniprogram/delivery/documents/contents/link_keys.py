"""Secrets of signed links, read from `link_keys/<id>.json`."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.documents.cache.document import Document, parse_object
from miniprogram.delivery.evaluation.context.links import MIN_SECRET_BYTES, from_base64url
from miniprogram.delivery.evaluation.errors import BrokenDocument


def compile_link_keys(document: Document) -> dict[str, bytes]:
    """`link_keys/<id>.json`. Raises BrokenDocument naming the entry at fault, never a secret."""
    entries = parse_object(document, unique_keys=True).get("keys")
    if not isinstance(entries, list):
        raise BrokenDocument(document.key, "keys must be a list")
    found = (_key(document, entry, f"keys[{path}]") for path, entry in enumerate(entries))
    return {name: secret for name, secret, enabled in found if enabled}


def _key(document: Document, entry: Any, path: str) -> tuple[str, bytes, bool]:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise BrokenDocument(document.key, f"{path}.id must be a text")
    try:
        secret = from_base64url(entry.get("secret"))
    except ValueError:
        secret = b""
    if len(secret) < MIN_SECRET_BYTES:
        raise BrokenDocument(document.key, f"{path}.secret must be base64url of at least {MIN_SECRET_BYTES} bytes")
    return entry["id"], secret, entry.get("enabled", True) is True
