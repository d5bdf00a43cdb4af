"""Dart source text: string literals both ways, and the words that are no names."""

from __future__ import annotations

import re
import unicodedata

LITERAL = r"""(?:"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*')"""
"""A pattern for a one-line string literal in either quote."""

_ESCAPES = {"\\": "\\\\", "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<braced>[0-9A-Fa-f]{1,6})\}|u(?P<four>[0-9A-Fa-f]{4})|x(?P<two>[0-9A-Fa-f]{2})|(?P<one>.))"
)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}

RESERVED_WORDS = frozenset(
    word
    for line in (
        "abstract as assert async await base break case catch class const continue covariant default deferred do",
        "dynamic else enum export extends extension external factory false final finally for get hide if",
        "implements import in interface is late library mixin new null on operator part required rethrow return",
        "sealed set show static super switch sync this throw true try type typedef var void when while with yield",
    )
    for word in line.split()
)
MEMBERS = frozenset(["values", "byAppId", "hashCode", "runtimeType", "toString", "noSuchMethod"])
"""Names the registry class has already, its own and those every Dart object has."""


def literal(text: str) -> str:
    """`text` as a Dart string literal: nothing in it is interpolated, ends it, or is invisible.

    Quotes are written as code points, because readers of generated files look for the next quote.
    """
    return '"' + "".join(map(_escaped, text)) + '"'


def unquote(source: str) -> str:
    """The text of the one-line literal `source`. Raises ValueError for an escape Dart does not know."""
    return _ESCAPE.sub(_unescaped, source[1:-1])


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character in "\"'":
        return f"\\u{ord(character):04x}"
    if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029":
        return f"\\u{{{ord(character):x}}}"
    return character


def _unescaped(match: re.Match[str]) -> str:
    number = match["braced"] or match["four"] or match["two"]
    if number:
        return chr(int(number, 16))
    letter = match["one"]
    if letter in "ux":
        raise ValueError("holds an escape Dart does not know")
    return _LETTERS.get(letter, letter)
