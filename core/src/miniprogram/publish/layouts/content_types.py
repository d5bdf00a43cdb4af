"""Content types of published files, by extension. What is not here is sent without one."""

from __future__ import annotations

_TYPES = {
    "css": "text/css",
    "gif": "image/gif",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "application/javascript",
    "json": "application/json",
    "otf": "font/otf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "txt": "text/plain",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
}


def content_type_of(path: str) -> str | None:
    """The type to store a file with; upper and lower case are the same."""
    name = path.rpartition("/")[2]
    _, dot, extension = name.rpartition(".")
    return _TYPES.get(extension.lower()) if dot else None
