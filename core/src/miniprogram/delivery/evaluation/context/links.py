"""Signed, expiring links to one release: what a QR code for testers carries.

A token is `mpl1.KEY-ID.PAYLOAD.MAC`, all plain segments. Whoever has it gets the release; it says nothing about
who that is.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hmac import compare_digest, digest
from json import dumps, loads
from typing import Any, NamedTuple

from miniprogram.delivery.evaluation.path_segments import is_safe_segment

MAX_TOKEN_CHARACTERS = 1024
MIN_SECRET_BYTES = 16
_FORMAT = "mpl1"


class Link(NamedTuple):
    """What a token says. `expires_at` counts seconds since the epoch."""

    program_id: str
    host_app: str
    environment: str
    release_id: str
    expires_at: int


class InvalidLink(Exception):  # noqa: N818 - the caller's token is at fault
    """A token counts for nothing. The text says why, in a word or two for inspections."""


LinkKeys = Mapping[str, bytes]
"""Secrets by key id."""


def sign_link(link: Link, key_id: str, secret: bytes) -> str:
    """The token for `link`. Raises ValueError for a key id that is no plain segment or a short secret."""
    if not is_safe_segment(key_id) or "." in key_id:
        raise ValueError("a link key's id may hold letters, digits, '_' and '-' only")
    if len(secret) < MIN_SECRET_BYTES:
        raise ValueError(f"a link secret has at least {MIN_SECRET_BYTES} bytes")
    payload = dict(zip("pherx", link, strict=True))
    signed = f"{_FORMAT}.{key_id}.{_to_text(dumps(payload, separators=(',', ':')).encode())}"
    return f"{signed}.{_mac(secret, signed)}"


def read_link(token: str, keys: LinkKeys, now_ms: int, *, program_id: str) -> Link:
    """The link in `token`, if it is for `program_id`, one of `keys` signed it and it has not expired.

    Raises InvalidLink.
    """
    if len(token) > MAX_TOKEN_CHARACTERS or not token.isascii():
        raise InvalidLink("malformed")
    signed, _, mac = token.rpartition(".")
    parts = signed.split(".")
    if len(parts) != 3 or parts[0] != _FORMAT:
        raise InvalidLink("malformed")
    secret = keys.get(parts[1])
    if secret is None:
        raise InvalidLink("unknown key")
    if not compare_digest(_mac(secret, signed), mac):
        raise InvalidLink("wrong signature")
    link = _payload(parts[2])
    if link.program_id != program_id:
        raise InvalidLink("for another program")
    if now_ms >= link.expires_at * 1000:
        raise InvalidLink("expired")
    return link


def _payload(text: str) -> Link:
    try:
        members = loads(from_base64url(text))
        link = Link(*(members[name] for name in "pherx"))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InvalidLink("malformed") from None
    if not all(isinstance(name, str) for name in link[:4]) or not isinstance(link.expires_at, int):
        raise InvalidLink("malformed")
    return link


def _mac(secret: bytes, signed: str) -> str:
    return _to_text(digest(secret, signed.encode(), "sha256"))


def _to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: Any) -> bytes:
    """The bytes that `text` spells, with or without padding. Raises ValueError for any other spelling of them."""
    if not isinstance(text, str):
        raise ValueError("not a text")
    digits = text.rstrip("=")
    raw = urlsafe_b64decode(digits + "=" * (-len(digits) % 4))
    if _to_text(raw) != digits:
        raise ValueError("not base64url")
    return raw
