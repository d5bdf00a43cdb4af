"""Events as files for other tools: CSV for spreadsheets, JSON lines for everything else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Literal, get_args

from miniprogram.documents.audit_event import Event

ExportFormat = Literal["csv", "jsonl"]
EXPORT_FORMATS: tuple[str, ...] = get_args(ExportFormat)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}

COLUMNS = (
    "seq", "at", "actor", "via", "authenticated", "token", "tokenCreatedBy", "command", "outcome", "subject",
    "target", "version", "fromState", "toState", "reason", "revision", "details", "previousHash", "hash",
)  # fmt: skip
"""Of a CSV file. `details` is JSON; a JSON line has all members of its event."""

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠|")
"""What makes a spreadsheet take a text for a formula."""
EVENTS_AT_ONCE = 500


def export_events(events: Iterable[Event], form: ExportFormat) -> Iterator[bytes]:
    """The file piece by piece, some EVENTS_AT_ONCE events each; a CSV file begins with its heading.

    In a CSV file a text that a spreadsheet would run as a formula has an apostrophe before it.
    """
    lines = _csv_rows if form == "csv" else _json_lines
    if form == "csv":
        yield _csv([COLUMNS])
    rest = iter(events)
    while piece := list(islice(rest, EVENTS_AT_ONCE)):
        yield lines(piece)


def _csv_rows(events: list[Event]) -> bytes:
    return _csv([_cell(each.get(name)) for name in COLUMNS] for each in map(_members, events))


def _json_lines(events: list[Event]) -> bytes:
    lines = (json.dumps(_members(event), ensure_ascii=False, separators=(",", ":")) for event in events)
    return "".join(f"{line}\n" for line in lines).encode()


def _members(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", by_alias=True)


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text[:1] in FORMULA_STARTS else text
