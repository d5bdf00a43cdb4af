"""Texts of services without what identifies an account, a key or a request."""

from __future__ import annotations

import re

_SECRET_SHAPES = (
    (re.compile(r"\barn:[\w-]+:(?:iam|sts)::\S+"), "<identity>"),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}\b"), "<key id>"),
    (re.compile(r"\b\d{12}\b"), "<account>"),
    (re.compile(r"(?i)\b(request ?id|host ?id|extended request id)\b\s*[:=]?\s*[\w+/=-]+"), r"\1 <id>"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"\b[A-Za-z0-9+/]{40}\b"), "<secret>"),
)


def redact(text: str) -> str:
    """`text` on one line, with such parts replaced by what they are."""
    shown = " ".join(text.split())
    for shape, name in _SECRET_SHAPES:
        shown = shape.sub(name, shown)
    return shown
