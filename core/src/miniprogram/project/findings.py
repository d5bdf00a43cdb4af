"""What building and checking a mini-program found, by file and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from miniprogram.errors import ProjectError
from miniprogram.number_words import number_of
from miniprogram.project.finding_formats import ShownFinding

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
    """JSON path in the document that the file makes: `$.body.child`; empty when the file as a whole is meant."""
    suggestion: str | None = None
    line: int | None = None
    """Counted from 1, as `column` is. None when the source does not tell."""
    column: int | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def sentence(self) -> str:
        """The message with the suggestion behind it."""
        return f"{self.message} ({self.suggestion})" if self.suggestion else self.message

    def shown(self, folder: str = "") -> ShownFinding:
        """As it is printed by whoever sees the mini-program at `folder`."""
        inside = f" {self.path}" if self.path and self.line is None else ""
        file = f"{folder}{self.file}{inside}"
        return ShownFinding(self.severity, self.code, file, self.line, self.column, self.sentence)

    def text(self, folder: str = "") -> str:
        """The one line that every command shows. `folder` leads to the mini-program and ends with `/`."""
        return self.shown(folder).text

    def __str__(self) -> str:
        return self.text()


class BuildError(ProjectError):
    """The sources can be read and are wrong. `findings` holds the warnings too; `folder` leads to them."""

    def __init__(self, program_id: str, findings: Sequence[BuildFinding], *, folder: str = "") -> None:
        lines = [*(finding.text(folder) for finding in findings), f"{program_id} was not built: {tally(findings)}"]
        super().__init__("\n".join(lines))
        self.findings = tuple(findings)


def errors_in(findings: Iterable[BuildFinding]) -> list[BuildFinding]:
    return [finding for finding in findings if finding.is_error]


def tally(findings: Sequence[BuildFinding]) -> str:
    """`2 errors, 1 warning`; empty for no findings."""
    return ", ".join(_counts(findings))


def _counts(findings: Sequence[BuildFinding]) -> Iterator[str]:
    errors = len(errors_in(findings))
    for count, noun in ((errors, "error"), (len(findings) - errors, "warning")):
        if count:
            yield number_of(count, noun)
