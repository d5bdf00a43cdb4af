"""Content types of published files, by extension: one table for stores and for the delivery service."""

from __future__ import annotations

JSON = "application/json"

_TYPES = {
    "css": "text/css",
    "gif": "image/gif",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "application/javascript",
    "json": JSON,
    "otf": "font/otf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "txt": "text/plain",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
}
_TEXTS = frozenset({"application/javascript", JSON, "text/css", "text/html", "text/plain"})


def content_type_of(path: str) -> str | None:
    """The type to store a file with; None for an extension nobody agreed on. Upper and lower case are the same."""
    return _TYPES.get(extension_of(path))


def served_content_type(path: str) -> str:
    """The `Content-Type` to answer with: text says that it is UTF-8, and the unknown is bytes."""
    stored = content_type_of(path) or "application/octet-stream"
    return f"{stored}; charset=utf-8" if stored in _TEXTS else stored


def extension_of(path: str) -> str:
    """Lower case, without the dot; empty for a name without one."""
    _, dot, extension = path.rpartition("/")[2].rpartition(".")
    return extension.lower() if dot else ""
