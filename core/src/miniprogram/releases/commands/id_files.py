"""Ids from a file: one a line, or a column of a table as spreadsheets save it. Read as a stream.

A table may come as UTF-8 or UTF-16 with its mark, with commas, semicolons or tabs, with quotes, with Excel's
`sep=` line and its `="0012"`. What a spreadsheet has spoilt is refused: numbers it shortened, and its error texts.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from miniprogram.refusals import Unacceptable

HEADER_NAMES = frozenset(
    {"id", "ids", "uid", "userid", "user", "users", "deviceid", "device", "email", "emailaddress",
     "mail", "customerid", "customer", "memberid", "member", "accountid", "account", "tester", "testers",
     "username", "login"}
)  # fmt: skip
"""First cells that name a column instead of being an id, in small letters and without blanks and dashes."""
MAX_ID_CHARACTERS = 256
MOST_TOLD = 20
"""Lines that one refusal names."""
SEPARATORS = ",;\t"
TABLES = frozenset({".csv", ".tsv", ".tab"})
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", ""), (b"\x00\x00\xfe\xff", ""),
          (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_SHORTENED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+").fullmatch
_ERROR = re.compile(r"#(?:N/A|NV|REF!|NAME\?|VALUE!|WERT!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|BEZUG!)|#{2,}").fullmatch
_FORMULA_TEXT = re.compile(r'="([^"]*)"').fullmatch
_SEP_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE).fullmatch


def read_ids(path: Path, *, column: str | None = None) -> Iterator[str]:
    """The ids in the file `path`. Of a table the column `column`, a name or number, else its only or known one.

    Blank lines and, in plain files, lines that start with `#` are left out. Raises Unacceptable naming the lines
    that hold no id, once all of them are known: whoever acts on ids reads them to the end first.
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(4096)
        with path.open(encoding=_encoding(path, head), newline="") as stream:
            yield from _rows_of(stream, path, column)
    except FileNotFoundError:
        raise Unacceptable(f"{path} does not exist") from None
    except UnicodeDecodeError as error:
        hint = "Save it as CSV UTF-8."
        raise Unacceptable(f"{path} is not {error.encoding.upper()} (byte {error.start})", hint=hint) from None
    except (OSError, UnicodeError, csv.Error) as error:
        raise Unacceptable(f"{path} cannot be read: {error}") from error


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith(_SPREADSHEETS):
        raise Unacceptable(f"{path} is a workbook, not text", hint="Save the sheet as CSV UTF-8.")
    mark, encoding = next((each for each in _MARKS if head.startswith(each[0])), (b"", "utf-8"))
    if mark and not encoding:
        raise Unacceptable(f"{path} is UTF-32, which is not read", hint="Save it as CSV UTF-8.")
    if encoding != "utf-16" and b"\0" in head:
        raise Unacceptable(
            f"{path} holds NUL bytes, as UTF-16 without its mark does", hint="Save it as CSV UTF-8."
        )
    return encoding


def _rows_of(stream: IO[str], path: Path, column: str | None) -> Iterator[str]:
    lines = iter(stream)  # opened so that each end of line counts, a carriage return alone too
    first = next(lines, None)
    if first is None:
        return
    wanted = _SEP_LINE(first.strip())
    if path.suffix.lower() in TABLES or column is not None or wanted or "\t" in first.strip():
        body = lines if wanted else chain([first], lines)
        yield from _table_ids(body, path, column, wanted[1] if wanted else None, 1 if wanted else 0)
    else:
        yield from _plain_ids(chain([first], lines), path)


def _plain_ids(lines: Iterator[str], path: Path) -> Iterator[str]:
    bad = _BadLines(path)
    for number, line in enumerate(lines, 1):
        text = line.strip().strip("\ufeff")
        if not text or (text.startswith("#") and _ERROR(text) is None):
            continue
        cell = _unquoted(text)
        if any(separator in cell for separator in SEPARATORS) or '"' in cell:
            bad.note(number, f"{text[:60]!r} is a row of a table, not an id", "Call it .csv, or name its column.")
        elif found := bad.id_in(cell, number):
            yield found
    bad.raise_if_any()


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _table_ids(
    lines: Iterator[str], path: Path, column: str | None, separator: str | None, skipped: int
) -> Iterator[str]:
    first = next(lines, None)
    if first is None:
        return
    rows = csv.reader(chain([first], lines), delimiter=separator or _separator(first), strict=True)
    header = next(rows)
    index, has_header = _column(header, path, column)
    bad = _BadLines(path)
    for row in rows if has_header else chain([header], rows):
        number = rows.line_num + skipped if row is not header else 1 + skipped
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= index:
            bad.note(number, f"has {len(row)} cells, and the ids are in cell {index + 1}")
        elif len(row) > max(len(header), index + 1) and any(cell.strip() for cell in row[len(header) :]):
            bad.note(number, f"has {len(row)} cells, and the first row has {len(header)}")
        elif row[index].strip() and (found := bad.id_in(row[index].strip(), number)):
            yield found
    bad.raise_if_any()


def _separator(line: str) -> str:
    """What stands between the cells of `line`: the sign that is there outside of quotes most often."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=bare.count)


def _column(header: list[str], path: Path, column: str | None) -> tuple[int, bool]:
    """Where the ids are, and whether the first row is a header. Raises Unacceptable when that cannot be told."""
    names = [_bare(cell) for cell in header]
    shown = ", ".join(cell.strip() for cell in header)
    if column is not None:
        found = [index for index, name in enumerate(names) if name == _bare(column)]
        if len(found) == 1:
            return found[0], True
        if found:
            raise Unacceptable(f"{path} has {len(found)} columns {column!r}: {shown}")
        if column.isascii() and column.isdigit() and 1 <= int(column) <= len(header):
            return int(column) - 1, names[int(column) - 1] in HEADER_NAMES
        raise Unacceptable(f"{path} has no column {column!r}; its columns: {shown}")
    if names[0] in HEADER_NAMES:
        return 0, True
    if len([name for name in names if name]) > 1:
        hint = "Name it, or give its number."
        raise Unacceptable(f"{path} has several columns, and which holds the ids is not said: {shown}", hint=hint)
    return 0, False


def _bare(cell: str) -> str:
    return re.sub(r"[\s_.-]+", "", cell.strip().strip("\ufeff")).lower()


class _BadLines:
    """The lines of a file that hold no id. More than MOST_TOLD of them end it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._problems: list[str] = []
        self._hints: dict[str, None] = {}

    def note(self, number: int, problem: str, hint: str | None = None) -> None:
        self._problems.append(f"line {number}: {problem}")
        if hint is not None:
            self._hints[hint] = None
        if len(self._problems) > MOST_TOLD:
            self.raise_if_any()

    def id_in(self, text: str, number: int) -> str | None:
        """One id; None for what a spreadsheet made of one, and for what can be none."""
        formula = _FORMULA_TEXT(text)
        if formula is not None:
            text = formula[1]
        elif _SHORTENED(text):
            hint = "Give the column the format Text before the ids are put in, and save it again."
            self.note(number, f"{text} is a number that a spreadsheet shortened", hint)
            return None
        elif _ERROR(text) or text.startswith("="):
            self.note(number, f"{text[:40]!r} is no id but what a spreadsheet shows instead")
            return None
        if len(text) > MAX_ID_CHARACTERS or not text.isprintable():
            self.note(number, f"{text[:40]!r} is longer than {MAX_ID_CHARACTERS} or cannot be printed")
            return None
        return text

    def raise_if_any(self) -> None:
        if not self._problems:
            return
        told, more = self._problems[:MOST_TOLD], len(self._problems) > MOST_TOLD
        hint = " ".join(self._hints) or None
        raise Unacceptable(f"{self._path}, {'; '.join(told)}{'; and there are more' if more else ''}", hint=hint)
