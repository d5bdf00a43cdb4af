"""Public keys as one text, for rules of targets and command lines: `ed25519:` and the key's DER in base64."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256

from miniprogram.errors import UsageError
from miniprogram.seams.signing_key import ALGORITHMS, PublicKey

MAX_DER_BYTES = 2048


def key_text(key: PublicKey) -> str:
    """`key` as one text."""
    return f"{key.algorithm}:{base64.b64encode(key.der).decode()}"


def parse_key_text(text: str) -> PublicKey:
    """The key in `text`. Its id is the SHA-256 of its DER. Raises UsageError for a text that is none."""
    algorithm, _, encoded = text.partition(":")
    try:
        der = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        der = b""
    if algorithm not in ALGORITHMS or not 0 < len(der) <= MAX_DER_BYTES:
        raise UsageError(
            f"{text[:60]!r} is no public key: it has to look like ed25519:MCowBQYDK2VwAyEA…",
            hint="`miniprogram provenance keys` prints those of the keys you sign with.",
        )
    return PublicKey(sha256(der).hexdigest(), algorithm, der)  # type: ignore[arg-type]


def key_id_of(key: PublicKey) -> str:
    """The SHA-256 of a key's DER, in hex: what statements call it, whoever keeps it."""
    return sha256(key.der).hexdigest()
