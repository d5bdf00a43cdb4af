"""A JSON object that is too large to be in memory: its members one after the other, a list entry by entry.

What is accepted is what `strict_json` accepts, and failures are told in the same words.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from miniprogram.errors import DocumentError
from miniprogram.strict_json import (
    not_acceptable,
    position_in,
    require_object,
    require_unicode,
    strict_decoder,
)

CHUNK_BYTES = 64 * 1024
"""Read at once, and as much again as there is of a value that is larger."""
MAX_VALUE_CHARACTERS = 16 * 1024 * 1024
"""Largest single value, such as an entry of a list. Clouds take records of up to 1 MiB."""
_LONGEST_TOKEN = 16
"""Characters that a word or an escape has at most: a mistake so near the end may be a cut in it."""
_REST_OF_NUMBER = len("e+")
"""Characters of a number that is cut in it, which a decoder leaves alone."""
_LOOKED_BACK = 200
"""Characters behind us that say more of a mistake."""
_BLANKS = re.compile(r"[ \t\n\r]*")


class Entry(NamedTuple):
    """An entry of the list that was asked for; `position` counts from 0."""

    position: int
    value: Any


class Member(NamedTuple):
    """A member of the object. The list that was asked for has no value here, and `is_listed` says so."""

    name: str
    value: Any
    is_listed: bool = False


def read_parts(path: Path, *, listed: str, max_bytes: int) -> Iterator[Member | Entry]:
    """The members of the object in the file `path` in their order; those of the list `listed` entry by entry.

    The Member of the list follows its entries. Memory is that of one value. Raises DocumentError, naming the
    place, for a file that is missing, larger than `max_bytes` or no JSON object.
    """
    try:
        with path.open("rb") as stream:
            yield from _Reader(stream, str(path), max_bytes).members(listed)
    except FileNotFoundError as error:
        raise DocumentError(f"{path} does not exist") from error
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from error


class _Reader:
    def __init__(self, stream: BinaryIO, name: str, max_bytes: int) -> None:
        self._stream, self._name, self._max_bytes = stream, name, max_bytes
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._decoder = strict_decoder()
        self._text, self._offset = "", 0
        """What was read and not yet thrown away, and where in it we are."""
        self._position = (1, 1)
        """Where in the file `_text` begins."""
        self._bytes_read, self._is_whole = 0, False

    def members(self, listed: str) -> Iterator[Member | Entry]:
        if self._next() != "{":
            require_object(self._value(), name=self._name)
        self._offset += 1
        seen: set[str] = set()
        for _ in self._items("}"):
            name = self._member_name(seen)
            if name == listed and self._next() == "[":
                self._offset += 1
                for position, _ in enumerate(self._items("]")):
                    yield Entry(position, self._value())
                yield Member(name, None, is_listed=True)
            else:
                yield Member(name, self._value())
        if self._next():
            raise self._mistake("Extra data")

    def _items(self, closing: str) -> Iterator[None]:
        """Stops before each item up to `closing`, and takes the commas between them."""
        if self._next() == closing:
            self._offset += 1
            return
        while True:
            yield
            found = self._next()
            if found == closing:
                self._offset += 1
                return
            if found != ",":
                raise self._mistake("Expecting ',' delimiter")
            self._offset += 1

    def _member_name(self, seen: set[str]) -> str:
        if self._next() != '"':
            raise self._mistake("Expecting property name enclosed in double quotes")
        self._drop()
        line, column = position_in(self._text, self._offset, self._position)
        name: str = self._value()
        if name in seen:
            problem = f"the key {name!r} stands twice in one object (line {line}, column {column})"
            raise DocumentError(f"{self._name} is not acceptable JSON: {problem}", line=line, column=column)
        seen.add(name)
        if self._next() != ":":
            raise self._mistake("Expecting ':' delimiter")
        self._offset += 1
        return name

    def _value(self) -> Any:
        """The value here, however much must be read for it."""
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._offset)
            except json.JSONDecodeError as error:
                if not self._may_be_cut(error) or not self._more():
                    raise not_acceptable(self._text, self._name, error, start=self._position) from error
            except (ValueError, RecursionError) as error:
                start = position_in(self._text, self._offset, self._position)
                raise not_acceptable(self._text[self._offset :], self._name, error, start=start) from error
            else:
                if len(self._text) - end > _REST_OF_NUMBER or not self._more():
                    require_unicode(value, self._text[self._offset : end], self._name)
                    self._offset = end
                    return value

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the text may be right, and only not all of it was read yet."""
        return error.msg.startswith("Unterminated string") or len(self._text) - error.pos < _LONGEST_TOKEN

    def _next(self) -> str:
        """The character that is not blank, where we are then; "" at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._offset)
            self._offset = blanks.end() if blanks else self._offset
            if self._offset < len(self._text):
                return self._text[self._offset]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        if self._is_whole:
            return False
        self._drop()
        if len(self._text) > MAX_VALUE_CHARACTERS:
            line, column = position_in(self._text, self._offset, self._position)
            problem = f"a value that is too large or does not end (line {line}, column {column})"
            raise DocumentError(f"{self._name} has {problem}", line=line, column=column)
        body = self._stream.read(max(CHUNK_BYTES, len(self._text)))
        before = self._bytes_read - len(self._utf8.getstate()[0])
        self._bytes_read += len(body)
        if self._bytes_read > self._max_bytes:
            raise DocumentError(f"{self._name} is larger than {self._max_bytes} bytes")
        self._is_whole = not body
        try:
            self._text += self._utf8.decode(body, final=not body)
        except UnicodeDecodeError as error:
            raise DocumentError(
                f"{self._name} is not UTF-8 (byte {before + error.start})", hint="Save it as UTF-8."
            ) from error
        return True

    def _drop(self) -> None:
        """Forget what is behind us, but for a little that explains mistakes."""
        start = max(0, self._offset - _LOOKED_BACK)
        self._position = position_in(self._text, start, self._position)
        self._text, self._offset = self._text[start:], self._offset - start

    def _mistake(self, problem: str) -> DocumentError:
        error = json.JSONDecodeError(problem, self._text, self._offset)
        return not_acceptable(self._text, self._name, error, start=self._position)
