"""Text that people type: titles, reasons, descriptions. What it shows is what it is.

Refused are control characters, characters that turn the direction of the line, invisible ones that stand alone,
and texts in which nothing can be seen. What was stored before is read as it is; `printable` escapes it
where it is shown on a terminal.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from miniprogram.refusals import Unacceptable
from miniprogram.strict_json import STORED

_JOINERS = frozenset("\u200c\u200d")
"""Needed inside words and emoji of many scripts; invisible anywhere else."""
_VISIBLE_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Marks of Arabic, Syriac and Kaithi that Unicode calls formats and everybody sees."""
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks that look like nothing."""
_SELECTORS = "".join(map(chr, range(0xFE00, 0xFE10)))
"""Say how the character before is to be drawn."""
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def check_text(text: str) -> str:
    """One line of text, trimmed. Raises ValueError saying which character may not stand where."""
    return _checked(text.strip(), allowed="")


def check_lines(text: str) -> str:
    """Text of several lines, trimmed, with newlines alone between them. Raises ValueError like `check_text`."""
    return _checked(text.replace("\r\n", "\n").strip(), allowed="\n")


def required_text(member: str, text: str) -> str:
    """`text` as one line. Raises Unacceptable naming the member when it may not be stored."""
    try:
        return check_text(text)
    except ValueError as error:
        raise Unacceptable(f"{member}: {error}") from None


def printable(text: str) -> str:
    """`text` for a terminal: what could move the cursor, turn the line or hide is written as its escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _is_shown(character) else _escaped(character) for character in text)


def _checked(text: str, *, allowed: str) -> str:
    for position, character in enumerate(text):
        if character in _JOINERS and _joins(text, position):
            continue
        if character not in allowed and (_is_refused(character) or character in _JOINERS):
            raise ValueError(
                f"holds the character U+{ord(character):04X}, which cannot be seen, at {position + 1}"
            )
    if text and not any(map(_is_seen, text)):
        raise ValueError("must hold something that can be seen")
    return text


def _joins(text: str, position: int) -> bool:
    """Whether what stands there is between two characters that are seen."""
    before, after = text[:position].rstrip(_SELECTORS)[-1:], text[position + 1 : position + 2]
    return bool(before and after) and _is_seen(before) and _is_seen(after)


def _is_refused(character: str) -> bool:
    if character in _JOINERS or character in _VISIBLE_FORMATS:
        return False
    return unicodedata.category(character) in _REFUSED


def _is_shown(character: str) -> bool:
    if character in _JOINERS or character in _VISIBLE_FORMATS:
        return True
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _is_seen(character: str) -> bool:
    if character in _BLANKS or character in _JOINERS or character in _SELECTORS:
        return False
    return not character.isspace() and not _is_refused(character)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _text(value: str, info: ValidationInfo) -> str:
    return value if info.context == STORED else check_text(value)


def _lines(value: str, info: ValidationInfo) -> str:
    return value if info.context == STORED else check_lines(value)


PersonText = Annotated[str, AfterValidator(_text)]
"""One line."""
PersonLines = Annotated[str, AfterValidator(_lines)]
"""Several lines."""
