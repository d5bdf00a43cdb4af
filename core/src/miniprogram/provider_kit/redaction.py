"""Texts of services without what identifies an account, a key or a request.

redact = Redaction(("<account>", r"\\b\\d{12}\\b"))
redact("account 123456789012 failed")  # 'account <account> failed'
"""

from __future__ import annotations

import re

GENERAL = (
    ("<secret>", r"(?i)(?<=bearer )[\w.~+/=-]+"),
    (r"\1 <id>", r"(?i)\b(request ?id|host ?id|extended request id)\b\s*[:=]?\s*[\w+/=-]+"),
    ("<id>", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    ("<secret>", r"\b[A-Za-z0-9+/]{40}\b"),
)
"""What is a secret in any cloud's texts: what stands for it, and its pattern."""


class Redaction:
    """Replaces what has one of the shapes by what it is. `shapes` are tried first, in order."""

    def __init__(self, *shapes: tuple[str, str]) -> None:
        """Each shape is what stands for a match, which may name its groups, and a regular expression."""
        self._shapes = tuple((re.compile(pattern), shown) for shown, pattern in (*shapes, *GENERAL))

    def __call__(self, text: str) -> str:
        """`text` on one line, with such parts replaced."""
        shown = " ".join(text.split())
        for pattern, replacement in self._shapes:
            shown = pattern.sub(replacement, shown)
        return shown
