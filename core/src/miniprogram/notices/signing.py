"""Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, keys as `whsec_` and Base64."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """A secret nobody has seen yet."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def signature(signing: Iterable[str], message: str, timestamp_s: int, body: bytes) -> str:
    """The header `webhook-signature`: one `v1,…` for each secret, with blanks between them."""
    signed = f"{message}.{timestamp_s}.".encode() + body
    return " ".join(f"v1,{_mac(each, signed)}" for each in signing)


def _mac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
