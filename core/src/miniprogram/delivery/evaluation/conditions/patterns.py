"""Regular expressions that end soon, whatever they are given.

A pattern is read here, node by node, and refused unless the ways to match it are few: no quantifier inside a
quantified group, no alternation that repeats, nothing that looks around or back, and a product of choices below a
limit. What passes is written out again for `re`, with ASCII classes and a `$` that means the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

MAX_PATTERN_CHARACTERS = 200
MAX_SUBJECT_CHARACTERS = 256
"""Longer texts never match: what a pattern costs grows with them."""
MAX_WORK = 2**20
"""Largest product of choices while one pattern is tried on the longest text."""

_MAX_REPEATS = 100
_count = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{1,3})?)?\}").match
_CLASSES = frozenset("dDwWsS")
_CONTROLS = {"n": r"\n", "t": r"\t", "r": r"\r"}


class _Part(NamedTuple):
    """A piece of a pattern: its text for `re`, how many ways it can match, and what stands in it."""

    text: str
    work: int = 1
    has_quantifier: bool = False
    has_alternation: bool = False


def compile_pattern(pattern: str, *, ignore_case: bool = False) -> Callable[[str], bool]:
    """A function that tells whether a text contains what `pattern` describes. Raises ValueError saying why not."""
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        raise ValueError(f"a pattern has at most {MAX_PATTERN_CHARACTERS} characters")
    part = _Reader(pattern).whole()
    if _work(pattern, part) > MAX_WORK:
        raise ValueError(f"{pattern!r} can match in too many ways; use fewer '*', '+' and '|', or begin with '^'")
    found = re.compile(part.text, re.ASCII | (re.IGNORECASE if ignore_case else 0)).search
    return lambda text: len(text) <= MAX_SUBJECT_CHARACTERS and found(text) is not None


def pattern_work(pattern: str) -> int:
    """The product of choices while `pattern` is tried on the longest text. Raises ValueError for no pattern."""
    return _work(pattern, _Reader(pattern).whole())


def _work(pattern: str, part: _Part) -> int:
    starts = 1 if pattern.startswith("^") and not part.has_alternation else MAX_SUBJECT_CHARACTERS
    return part.work * starts


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0

    def whole(self) -> _Part:
        part = self._alternatives()
        if self._position < len(self._pattern):
            raise self._error("this ')' closes nothing")
        return part

    def _error(self, reason: str) -> ValueError:
        return ValueError(f"{self._pattern!r}, character {self._position + 1}: {reason}")

    def _peek(self) -> str:
        return self._pattern[self._position : self._position + 1]

    def _take(self) -> str:
        taken = self._peek()
        if not taken:
            raise self._error("something is missing here")
        self._position += 1
        return taken

    def _alternatives(self) -> _Part:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._position += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        text = "|".join(branch.text for branch in branches)
        work = sum(branch.work for branch in branches)
        return _Part(text, work, any(branch.has_quantifier for branch in branches), True)

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._quantified(self._atom()))
        work = 1
        for part in parts:
            work *= part.work
        return _Part(
            "".join(part.text for part in parts),
            work,
            any(part.has_quantifier for part in parts),
            any(part.has_alternation for part in parts),
        )

    def _atom(self) -> _Part:
        character = self._take()
        match character:
            case "(":
                return self._group()
            case "[":
                return _Part(self._class())
            case "\\":
                return _Part(self._escape())
            case "$":
                return _Part(r"\Z")
            case "." | "^":
                return _Part(character)
            case "*" | "+" | "?" | "{" | "}" | "]":
                self._position -= 1
                raise self._error(f"{character!r} stands alone; write it with a backslash to mean itself")
        return _Part(re.escape(character))

    def _group(self) -> _Part:
        if self._peek() == "?":
            self._position += 1
            if self._peek() != ":":
                raise self._error("of the groups that begin with '(?' only '(?:' is supported")
            self._position += 1
        inner = self._alternatives()
        if self._peek() != ")":
            raise self._error("a group is not closed")
        self._position += 1
        return inner._replace(text=f"(?:{inner.text})")

    def _escape(self) -> str:
        character = self._take()
        if character in _CLASSES:
            return f"\\{character}"
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum():
            self._position -= 1
            raise self._error(f"'\\{character}' is not supported")
        return re.escape(character)

    def _class(self) -> str:
        """A character class, after its `[`."""
        text = "["
        if self._peek() == "^":
            text += self._take()
        start = text
        while self._peek() != "]":
            text += self._class_item()
        self._position += 1
        if text == start:
            raise self._error("an empty class matches nothing")
        return text + "]"

    def _class_item(self) -> str:
        first, is_single = self._class_character()
        following = self._pattern[self._position : self._position + 2]
        if not is_single or not following.startswith("-") or following in {"-", "-]"}:
            return first
        self._position += 1
        last, is_single = self._class_character()
        if not is_single or _plain(last) < _plain(first):
            raise self._error("this is not a range of characters")
        return f"{first}-{last}"

    def _class_character(self) -> tuple[str, bool]:
        """One member of a class, and whether it is a single character."""
        character = self._take()
        if character != "\\":
            return re.escape(character) if character in "[]^-\\&~|" else character, True
        escaped = self._escape()
        return escaped, escaped[-1] not in _CLASSES

    def _quantified(self, atom: _Part) -> _Part:
        bounds = self._bounds()
        if bounds is None:
            return atom
        if self._peek() in {"*", "+", "?", "{"}:
            raise self._error("a quantifier follows a quantifier")
        text, choices = bounds
        if atom.text in {"^", r"\Z"}:
            raise self._error("an anchor cannot be repeated")
        if atom.has_quantifier:
            raise self._error("a repeated group holds a quantifier")
        if atom.has_alternation and text != "?":
            raise self._error("a repeated group holds an alternation")
        return _Part(atom.text + text, atom.work * choices, True, atom.has_alternation)

    def _bounds(self) -> tuple[str, int] | None:
        """A quantifier as `re` spells it, and the number of its choices."""
        character = self._peek()
        if character in {"*", "+"}:
            self._position += 1
            return character, MAX_SUBJECT_CHARACTERS
        if character == "?":
            self._position += 1
            return character, 2
        if character != "{":
            return None
        match = _count(self._pattern, self._position)
        if match is None:
            raise self._error("'{' does not begin a count; write it with a backslash to mean itself")
        self._position = match.end()
        counts = [int(each) for each in (match[1], match[3]) if each is not None]
        if max(counts) > _MAX_REPEATS or counts[-1] < counts[0]:
            raise self._error(f"counts go from low to high and up to {_MAX_REPEATS}")
        is_open = match[2] is not None and match[3] is None
        return match[0], MAX_SUBJECT_CHARACTERS if is_open else counts[-1] - counts[0] + 1


def _plain(item: str) -> str:
    return {r"\n": "\n", r"\t": "\t", r"\r": "\r"}.get(item, item[-1])
