"""The address hosts load from, as a person gives it."""

from __future__ import annotations

from urllib.parse import urlsplit

from miniprogram.errors import UsageError


def parse_base_url(text: str) -> str:
    """`text` as an absolute http(s) URL that ends in `/`. Raises UsageError for anything else."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
        parts = urlsplit("")
    if not usable or any(letter.isspace() or not letter.isprintable() for letter in text):
        raise UsageError(f"--base-url: {text!r} is not an absolute http or https URL")
    if parts.username is not None or parts.password is not None:
        raise UsageError("--base-url: leave user name and password out, the URL is published")
    if parts.query or parts.fragment:
        raise UsageError(f"--base-url: {text!r} has a query or fragment; give the folder's address")
    return text if text.endswith("/") else f"{text}/"


def assets_url(base_url: str | None, program_id: str, version: str) -> str | None:
    """Where the assets of a version are below `base_url`; None when there is none."""
    return None if base_url is None else f"{base_url}assets/{program_id}/{version}/"
