"""What a terminal is shown and a pipe is not: colour, lines that fit, a counter of what goes on.

Colour marks what went wrong and how a page of help is built up; nothing is said by colour alone.
What decides is in the introduction of docs/reference/cli.md.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Literal, TextIO

Style = Literal["error", "warning", "good", "heading", "name"]

CODES: Mapping[Style, str] = {"error": "1;31", "warning": "33", "good": "32", "heading": "1", "name": "36"}
END = "\033[0m"
UNKNOWN_WIDTH = 80
"""Columns, where nobody says how many there are."""

STATUS = re.compile(r"\[(ok|warning|error)\]")
"""What the lines of findings and of `doctor` begin with."""
STATUS_STYLES: Mapping[str, Style] = {"ok": "good", "warning": "warning", "error": "error"}


def is_live(stream: TextIO | None, environ: Mapping[str, str]) -> bool:
    """Whether somebody looks at `stream` as it is written, on something that can move its cursor."""
    if stream is None or environ.get("TERM") == "dumb" or environ.get("CI"):
        return False
    try:
        return stream.isatty() and _obeys(environ)
    except ValueError:  # closed
        return False


def takes_colour(stream: TextIO | None, environ: Mapping[str, str]) -> bool:
    """Whether what is written to `stream` may be coloured."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_live(stream, environ)


def _obeys(environ: Mapping[str, str]) -> bool:
    """Whether a terminal understands codes: the old console of Windows prints them as they are."""
    return sys.platform != "win32" or any(environ.get(name) for name in ("WT_SESSION", "TERM", "ANSICON"))


def painted(text: str, style: Style) -> str:
    return f"\033[{CODES[style]}m{text}{END}"


def with_colours(line: str) -> str:
    """`line` of a result, with the word coloured that says how it went."""
    found = STATUS.match(line)
    return painted(found[0], STATUS_STYLES[found[1]]) + line[found.end() :] if found else line


def width_of(stream: TextIO | None, environ: Mapping[str, str]) -> int:
    """Columns of `stream`: what `COLUMNS` says, else what the terminal says, else 80."""
    said = environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    try:
        return os.get_terminal_size(stream.fileno()).columns or UNKNOWN_WIDTH if stream else UNKNOWN_WIDTH
    except (OSError, ValueError):  # no terminal, or closed
        return UNKNOWN_WIDTH
