"""Text in lines that fit, divided where a reader would divide it."""

from __future__ import annotations

from collections.abc import Sequence

BREAKS_AFTER = ("|/,", "=", "-_")
"""Signs after which a word may be divided that is longer than a line: later ones where earlier do not help."""
SHORTEST_LINE = 12
"""Characters of text that a line holds at least, however narrow the terminal is."""


def fitted(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """The words of `text` in lines of at most `width`, the first after `first`, the others after `rest`.

    Words are divided when they are longer than a line, at one of their signs; one without signs stands out.
    """
    lines: list[str] = []
    line, indent, is_empty = first, first, True
    for word in text.split():
        for position, part in enumerate(_parts(word, max(width - len(rest), SHORTEST_LINE))):
            gap = "" if is_empty or position else " "
            if not is_empty and len(line) + len(gap) + len(part) > max(width, len(indent) + SHORTEST_LINE):
                lines.append(line)
                line, indent, gap = rest, rest, ""
            line += gap + part
            is_empty = False
    return [*lines, line]


def _parts(word: str, longest: int, signs: Sequence[str] = BREAKS_AFTER) -> list[str]:
    """`word` whole when it fits into a line, else divided after its signs."""
    if len(word) <= longest or not signs:
        return [word]
    parts = [""]
    for letter in word:
        parts[-1] += letter
        if letter in signs[0]:
            parts.append("")
    return [each for part in parts if part for each in _parts(part, longest, signs[1:])]
