"""Findings as people, programs, GitHub and code scanners read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from miniprogram.version import VERSION

Format = Literal["text", "json", "github", "sarif"]
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_DATA_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as it is printed. `file` is relative to the working folder where it lies in there."""

    severity: Literal["error", "warning"]
    code: str
    file: str
    line: int | None
    column: int | None
    message: str

    @property
    def text(self) -> str:
        """The one line that every command shows."""
        return f"[{self.severity}] {self.code} {location_text(self.file, self.line, self.column)}: {self.message}"


def location_text(file: str, line: int | None, column: int | None) -> str:
    """`file:line:column`, as terminals and editors follow it, as far as it is known."""
    return ":".join(str(part) for part in (file, line, column) if part is not None)


def github_lines(findings: Iterable[ShownFinding]) -> Iterator[str]:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    for found in findings:
        fields = {"file": found.file, "line": found.line, "col": found.column, "title": found.code}
        given = [f"{key}={str(part).translate(_PROPERTY_ESCAPES)}" for key, part in fields.items() if part]
        yield f"::{found.severity} {','.join(given)}::{found.message.translate(_DATA_ESCAPES)}"


def sarif(findings: Iterable[ShownFinding]) -> dict[str, Any]:
    """A SARIF 2.1.0 log, for code scanning."""
    listed = list(findings)
    rules = [{"id": code} for code in sorted({found.code for found in listed})]
    driver = {"name": "miniprogram", "version": VERSION, "rules": rules}
    results = [_result(found) for found in listed]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(found: ShownFinding) -> dict[str, Any]:
    path = PurePath(found.file)
    location: dict[str, Any] = {"artifactLocation": {"uri": path.as_uri() if path.is_absolute() else found.file}}
    if found.line is not None:
        region = {"startLine": found.line, "startColumn": found.column}
        location["region"] = {key: value for key, value in region.items() if value is not None}
    return {
        "ruleId": found.code,
        "level": found.severity,
        "message": {"text": found.message},
        "locations": [{"physicalLocation": location}],
    }
