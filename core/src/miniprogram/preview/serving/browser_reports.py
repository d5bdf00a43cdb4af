"""What goes wrong in a page is told in the terminal, at the line its author wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.errors import DocumentError
from miniprogram.person_text import printable
from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.code_frame import code_frame
from miniprogram.preview.session import PreviewSession
from miniprogram.project.finding_formats import ShownFinding
from miniprogram.project.source_tree import shown
from miniprogram.stac.json_path import read_steps
from miniprogram.strict_json import parse_json, require_object

MOST_CHARS = 2_000
MOST_REMEMBERED = 1_000
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """Where an author wrote something; `file` is relative to the mini-program's root."""

    file: str
    line: int | None
    column: int | None
    frame: str | None

    def told(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "column": self.column, "frame": self.frame}


def source_location(bundle: PreviewBundle, root: Path, screen: str, path: str) -> SourceLocation | None:
    """Where the value at the JSON `path` of a screen was written; None for a screen that is not there."""
    draft = bundle.drafts.get(screen)
    if draft is None:
        return None
    mark = draft.locate(read_steps(path)) if draft.locate else None
    file = mark.file if mark and mark.file.is_relative_to(root) else draft.origin
    line, column = (mark.line, mark.column) if mark and file == mark.file else (None, None)
    return SourceLocation(shown(file, root), line, column, code_frame(file, line, column))


class BrowserReports:
    """Takes what pages report. The same is told once for every build, however many pages see it."""

    def __init__(self, session: PreviewSession, root: Path, warn: Callable[[str], None], folder: str = "") -> None:
        self._session, self._root, self._warn, self._folder = session, root, warn, folder
        self._told: set[tuple[object, ...]] = set()

    def take(self, body: bytes) -> dict[str, Any]:
        """Tell one report; the answer has the place in the sources, as far as it is known.

        Raises DocumentError for what is no report.
        """
        report = require_object(parse_json(body, name="the report", max_bytes=MOST_BYTES), name="the report")
        if report.get("level") not in ("error", "warning"):
            raise DocumentError("the report: level must be error or warning")
        message, code = _text(report, "message"), _text(report, "code", "browser")
        screen, path = _text(report, "screenId", ""), _text(report, "path", "$")
        bundle = self._session.snapshot.bundle
        location = source_location(bundle, self._root, screen, path) if bundle else None
        self._tell(report["level"], code, message, location, screen)
        return location.told() if location else {}

    def _tell(self, level: Any, code: str, message: str, location: SourceLocation | None, screen: str) -> None:
        key = (self._session.snapshot.build_version, level, code, message, location, screen)
        if key in self._told or len(self._told) >= MOST_REMEMBERED:
            return
        self._told = {each for each in self._told if each[0] == key[0]} | {key}
        file = f"{self._folder}{location.file}" if location else (f"screen {screen}" if screen else "page")
        line, column = (location.line, location.column) if location else (None, None)
        finding = ShownFinding(level, printable(code), printable(file), line, column, printable(message))
        self._warn(f"[browser] {finding.text}")


def _text(report: dict[str, Any], name: str, default: str | None = None) -> str:
    value = report.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise DocumentError(f"the report: {name} must be a text")
    return value[:MOST_CHARS]
