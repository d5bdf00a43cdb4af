"""What building and checking a mini-program found, by file and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class BuildFinding:
    """Something wrong (`error`) or doubtful (`warning`) in a source file."""

    severity: Severity
    code: str
    """Stable, snake_case."""
    file: str
    """Relative to the mini-program's root, with `/`."""
    message: str
    path: str = ""
    """JSON path inside the file's document: `$.body.child`; empty when the file as a whole is meant."""
    suggestion: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        location = f"{self.file} {self.path}".rstrip()
        advice = f" ({self.suggestion})" if self.suggestion else ""
        return f"[{self.severity}] {self.code} {location}: {self.message}{advice}"


def errors_in(findings: Iterable[BuildFinding]) -> list[BuildFinding]:
    return [finding for finding in findings if finding.is_error]


def tally(findings: Sequence[BuildFinding]) -> str:
    """`2 errors, 1 warning`; empty for no findings."""
    return ", ".join(_counts(findings))


def _counts(findings: Sequence[BuildFinding]) -> Iterator[str]:
    errors = len(errors_in(findings))
    for count, noun in ((errors, "error"), (len(findings) - errors, "warning")):
        if count:
            yield f"{count} {noun}{'' if count == 1 else 's'}"
