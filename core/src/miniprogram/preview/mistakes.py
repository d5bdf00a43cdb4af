"""What is wrong with a mini-program, as a page shows it: one mistake with its place and the lines around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.preview.code_frame import code_frame
from miniprogram.project.findings import BuildError, BuildFinding, errors_in

FAILED = "build_failed"
"""The code of what is wrong with no file in particular."""
MOST = 20
"""Mistakes that are told at once: who has more mends these first."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """`file` is relative to the mini-program's root; `line` and `column` count from 1. None is not known."""

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    frame: str | None = None
    """The lines around it, numbered."""
    jsonPath: str | None = None  # noqa: N815 - as it is told
    """Where in the document that the file makes."""
    hint: str | None = None


def mistakes_of(error: Exception, root: Path) -> tuple[Mistake, ...]:
    """What `error` says is wrong with the mini-program at `root`: at least one mistake."""
    if isinstance(error, BuildError) and (found := errors_in(error.findings)):
        return tuple(_of_finding(finding, root) for finding in found[:MOST])
    hint = error.hint if isinstance(error, MiniProgramError) else None
    return (Mistake(FAILED, str(error), hint=hint),)


def _of_finding(finding: BuildFinding, root: Path) -> Mistake:
    frame = code_frame(root / finding.file, finding.line, finding.column)
    return Mistake(
        finding.code,
        finding.message,
        finding.file,
        finding.line,
        finding.column,
        frame,
        finding.path or None,
        finding.suggestion,
    )


def told(mistakes: Sequence[Mistake]) -> dict[str, Any]:
    """The data of the message `error`: the first mistake, and the others as `more`."""
    first, *others = (asdict(each) for each in mistakes)
    return {**first, "more": others}


def warnings_told(findings: Iterable[BuildFinding]) -> list[dict[str, Any]]:
    """Warnings of a build as messages `log`."""
    return [
        {
            "level": "warning",
            "message": finding.sentence,
            "code": finding.code,
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "jsonPath": finding.path or None,
        }
        for finding in list(findings)[:MOST]
        if not finding.is_error
    ]
