"""Where an installed distribution came from, as its installer wrote down (`direct_url.json`, PEP 610)."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution


def origin_of(name: str) -> str:
    """`index`, `editable FOLDER`, a URL, or `unknown` when the metadata cannot be read."""
    try:
        text = distribution(name).read_text("direct_url.json")
    except (PackageNotFoundError, OSError):
        return "unknown"
    if not text:
        return "index"
    try:
        record = json.loads(text)
        url, folder = str(record["url"]), record.get("dir_info") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return "unknown"
    location = _without_credentials(url)
    return f"editable {location.removeprefix('file://')}" if folder.get("editable") else location


def _without_credentials(url: str) -> str:
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))
