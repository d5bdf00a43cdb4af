"""Ids from a file: one a line, or a column of a CSV file. Read as a stream; a million lines are fine."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from miniprogram.refusals import Unacceptable

HEADER_NAMES = frozenset({"id", "userid", "user_id", "deviceid", "device_id", "email", "user", "device"})
"""First cells that name a column instead of being an id, in lower case."""


def read_ids(path: Path, *, column: str | None = None) -> Iterator[str]:
    """The ids in the file `path`. A `.csv` file is read by column: `column`, else the first.

    Blank lines and, in plain files, lines that start with `#` are left out. Raises Unacceptable naming the file.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = _csv_ids(stream, path, column) if path.suffix.lower() == ".csv" else _line_ids(stream)
            yield from lines
    except FileNotFoundError:
        raise Unacceptable(f"{path} does not exist") from None
    except UnicodeDecodeError as error:
        raise Unacceptable(f"{path} is not UTF-8 (byte {error.start})") from None
    except (OSError, csv.Error) as error:
        raise Unacceptable(f"{path} cannot be read: {error}") from error


def _line_ids(stream: IO[str]) -> Iterator[str]:
    for line in stream:
        text = line.strip()
        if text and not text.startswith("#"):
            yield text


def _csv_ids(stream: IO[str], path: Path, column: str | None) -> Iterator[str]:
    rows = csv.reader(stream)
    header = next(rows, None)
    if header is None:
        return
    names = [cell.strip().lower() for cell in header]
    if column is not None:
        if column.lower() not in names:
            raise Unacceptable(f"{path} has no column {column!r}; its columns: {', '.join(header)}")
        index, body = names.index(column.lower()), rows
    else:
        has_header = bool(names) and names[0] in HEADER_NAMES
        index, body = 0, rows if has_header else chain([header], rows)  # type: ignore[assignment]
    yield from (row[index] for row in body if len(row) > index and row[index].strip())
