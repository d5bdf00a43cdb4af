"""Where an installed distribution came from, as its installer wrote down (`direct_url.json`, PEP 610)."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution

TRACKERS = (
    "issues",
    "issue tracker",
    "bug tracker",
    "bug reports",
    "tracker",
    "bugs",
    "support",
    "source",
    "homepage",
)
"""What projects call the page where one reports mistakes, the most telling first."""


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


def where_to_report(name: str) -> str:
    """`at URL`, as the metadata of the distribution says, else `to whoever made` it."""
    try:
        labelled = distribution(name).metadata.get_all("Project-URL") or []
    except (PackageNotFoundError, OSError):
        labelled = []
    urls = {label.strip().lower(): url.strip() for label, _, url in (row.partition(",") for row in labelled)}
    known = (urls[label] for label in TRACKERS if _is_web_address(urls.get(label, "")))
    return next((f"at {url}" for url in known), f"to whoever made {name}")


def _is_web_address(url: str) -> bool:
    return url.startswith(("https://", "http://")) and url.isprintable() and " " not in url


def _without_credentials(url: str) -> str:
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))
