"""How records of a publisher backend are named in Firestore.

    miniPrograms/<program>/home/bootstrap
    miniPrograms/<program>/sessions/demo
    miniPrograms/<program>/coupons/<coupon id>
    miniPrograms/<program>/redemptions/<user and coupon>

This file imports the standard library only and is copied, as it is, into every generated backend: the command line
and the function must agree.
"""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote

PROGRAMS = "miniPrograms"
HOME = ("home", "bootstrap")
SESSION = ("sessions", "demo")
COUPONS = "coupons"
REDEMPTIONS = "redemptions"
LONGEST_ID = 1500
"""What Firestore allows, in bytes."""


def program_path(program_id: str) -> str:
    return f"{PROGRAMS}/{program_id}"


def redemption_id(user_id: str, coupon_id: str) -> str:
    """An id that no other user and coupon have, whatever characters are in them.

    It begins with `u~`, as no id of `earlier_redemption_id` does. What is too long for Firestore becomes a digest.
    """
    made = f"u~{_quoted(user_id)}~{_quoted(coupon_id)}"
    if len(made) <= LONGEST_ID:
        return made
    return f"d~{sha256(made.encode()).hexdigest()}"


def earlier_redemption_id(user_id: str, coupon_id: str) -> str:
    """The id older backends gave: several users and coupons may share it, so what it holds must be looked at."""
    return f"{_simplified(user_id)}_{_simplified(coupon_id)}"


def is_document_id(text: str) -> bool:
    """Whether Firestore takes `text` as the id of a document."""
    if not text or "/" in text or text in (".", "..") or re.fullmatch(r"__.*__", text, re.DOTALL):
        return False
    try:
        return len(text.encode()) <= LONGEST_ID
    except UnicodeEncodeError:
        return False


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass").replace("~", "%7E")


def _simplified(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text.strip()).strip("_") or "unknown"
