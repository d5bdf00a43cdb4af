"""The only writer to stdout: lines for people, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from miniprogram.plugins.contained import write_document


class Report(Protocol):
    def model_dump(self, *, mode: str, by_alias: bool, exclude_unset: bool = ...) -> dict[str, Any]: ...


R = TypeVar("R", bound=Report)


def emit(report: R, *, as_json: bool, lines: Callable[[R], Iterable[str]]) -> None:
    """Write `report` as JSON (two-space indent, camelCase keys), or as `lines` makes it."""
    if as_json:
        emit_json(report.model_dump(mode="json", by_alias=True))
    else:
        emit_lines(lines(report))


def emit_json(document: dict[str, Any]) -> None:
    """Write one JSON document: UTF-8, two-space indent, non-ASCII as it is, trailing newline."""
    write_document(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def emit_lines(lines: Iterable[str]) -> None:
    """Write `lines`, each with a newline."""
    for line in lines:
        write_document(line + "\n")


def emit_slowly(lines: Iterable[str]) -> None:
    """Write `lines` as they come, each at once: whoever reads from a pipe sees what is going on."""
    for line in lines:
        write_document(line + "\n")
        sys.stdout.flush()
