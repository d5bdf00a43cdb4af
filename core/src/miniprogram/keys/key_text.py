"""The text of an access key: made, checked and hashed. It is shown once and stored as its hash only."""

from __future__ import annotations

import re
import secrets

from miniprogram.errors import UsageError

PREFIX = "mpk_live_"
"""Start of every generated key; log readers mask by it."""

RANDOM_BYTES = 24
SHORTEST, LONGEST = 24, 128

_ALLOWED = re.compile(r"[A-Za-z0-9._-]+")


def generate_key() -> str:
    """A new key: the prefix and 32 URL-safe characters of randomness."""
    return PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def check_key_text(text: str) -> str:
    """`text` without blanks around it. Raises UsageError, which never quotes the key, when it cannot be one."""
    key = text.strip()
    if not SHORTEST <= len(key) <= LONGEST or not _ALLOWED.fullmatch(key):
        raise UsageError(
            f"an access key has {SHORTEST} to {LONGEST} letters, digits, dots, underscores or hyphens; "
            f"the one given has {len(key)} characters or another character"
        )
    return key
