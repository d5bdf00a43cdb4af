"""What an app id, a title, an access key and a base URL may be, wherever a host is told about them.

Each function returns its argument in the form that is stored and raises ValueError with the rest of a sentence
("must be …"). The messages never repeat the value: it may be a key, or a URL with a password in it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost", "10.0.2.2")
"""Hosts that mean this machine; the last is what an Android emulator calls it."""

_APP_ID = re.compile(r"(?!-)[A-Za-z0-9._-]+")
_ACCESS_KEY = re.compile(r"[A-Za-z0-9._-]{24,128}")
_NOT_IN_URLS = re.compile(r"[\s\"'<>\\^`{|}]")


def check_app_id(text: str) -> str:
    """`text` as the id of a mini-program: one path segment that no command takes for an option."""
    if text in (".", "..") or not _APP_ID.fullmatch(text):
        raise ValueError("must be letters, digits, dots, underscores or hyphens, and must not start with a hyphen")
    return text


def check_title(text: str) -> str:
    """`text` as a display title: one line of visible characters."""
    title = text.strip()
    if not title:
        raise ValueError("must not be blank")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in title):
        raise ValueError("must be one line of text without control characters")
    return title


def default_title(app_id: str) -> str:
    """The words of `app_id`, each with a capital: `coupon_center` is `Coupon Center`."""
    words = [word for word in re.split(r"[._-]+", app_id) if word]
    return " ".join(word[0].upper() + word[1:] for word in words) or app_id


def check_access_key(text: str) -> str:
    """`text` as an access key."""
    key = text.strip()
    if not _ACCESS_KEY.fullmatch(key):
        raise ValueError("must be 24 to 128 letters, digits, dots, underscores or hyphens")
    return key


def check_base_url(text: str) -> str:
    """`text` as a base URL: http or https, a host, no credentials, no trailing slashes."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("must be an absolute http or https URL") from None
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or _NOT_IN_URLS.search(url):
        raise ValueError("must be an absolute http or https URL")
    if "@" in parts.netloc:
        raise ValueError("must not hold a user name or password")
    if parts.query or parts.fragment or url.endswith(("?", "#")):
        raise ValueError("must not have a query or fragment: paths are appended to it")
    return url.rstrip("/")


def is_plain_http(url: str) -> bool:
    """Whether `url` sends everything in clear over a network that is not this machine's own."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK


def check_trust_root(text: str) -> str:
    """A root of The Update Framework as JSON, on one line. Raises ValueError for anything else."""
    try:
        document = json.loads(text)
    except ValueError:
        raise ValueError("is no root: it is not JSON") from None
    signed = document.get("signed") if isinstance(document, dict) else None
    if not isinstance(signed, dict) or signed.get("_type") != "root" or not document.get("signatures"):
        raise ValueError("is no root of trust metadata")
    return json.dumps(document, separators=(",", ":"))
