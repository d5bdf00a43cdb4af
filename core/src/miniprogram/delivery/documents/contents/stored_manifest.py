"""A manifest as it is stored: its members for decisions, its text for answers."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.documents.cache.document import Document, parse_object, to_json
from miniprogram.delivery.evaluation.versions.manifest import Manifest


class StoredManifest(Manifest):
    """A versioned manifest with its text ready to take one more member."""

    __slots__ = ("etag", "opened", "rendered")

    def __init__(self, document: Document, members: dict[str, Any]) -> None:
        super().__init__(document.key, members)
        self.etag = document.etag
        self.opened = _opened(document.body, members)
        """The text up to where another member may follow, a comma included if need be."""
        self.rendered: dict[str, Any] = {}
        """A transport's own forms of the text, by what they were made for."""


def compile_manifest(document: Document) -> StoredManifest:
    """Raises BrokenDocument when the document is no JSON object."""
    return StoredManifest(document, parse_object(document))


def _opened(body: bytes, members: dict[str, Any]) -> bytes:
    """Numbers and spelling stay as stored; a stored `deliveryMetadata` goes."""
    if "deliveryMetadata" in members:
        stored = {name: value for name, value in members.items() if name != "deliveryMetadata"}
        body = to_json(stored)
    inside = body.strip(b" \t\r\n")[:-1].rstrip(b" \t\r\n")
    return inside if inside.endswith(b"{") else inside + b","
