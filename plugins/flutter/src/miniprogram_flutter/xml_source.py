"""XML as text with positions: enough to insert something and leave every other byte alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from miniprogram.errors import DocumentError

ANDROID = "http://schemas.android.com/apk/res/android"

_START_TAG = re.compile(rb"""<(?:[^"'<>]|"[^"]*"|'[^']*')*>""")


@dataclass(frozen=True, slots=True)
class Element:
    """An element's start tag: `body[start:end]` with its brackets. Android attributes are named `android:NAME`."""

    name: str
    attributes: Mapping[str, str]
    parent: str | None
    start: int
    end: int


def read_elements(body: bytes, path: Path) -> list[Element]:
    """The elements of `body` in document order. Raises DocumentError naming `path` and the line."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DocumentError(f"{path} is not UTF-8")
    found: list[Element] = []
    ancestors: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        tag = _START_TAG.match(body, at)
        end = tag.end() if tag else at
        named = {key.replace(f"{ANDROID} ", "android:"): value for key, value in attributes.items()}
        found.append(Element(name, named, ancestors[-1] if ancestors else None, at, end))
        ancestors.append(name)

    def end(_: str) -> None:
        ancestors.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        raise DocumentError(f"{path} is not XML: {problem} (line {error.lineno})") from None
    return found


def insert(body: bytes, at: int, text: str) -> bytes:
    """`body` with `text` at the byte `at`, in the line ends the document has."""
    line_end = b"\r\n" if b"\r\n" in body else b"\n"
    return body[:at] + text.encode().replace(b"\n", line_end) + body[at:]
