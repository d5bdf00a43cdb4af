"""What validation found, as the contract reports it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from miniprogram.models import CamelModel
from miniprogram.number_words import number_of
from miniprogram.project.finding_formats import ShownFinding
from miniprogram.project.findings import BuildFinding


class ValidationMessage(CamelModel):
    """One finding. `path` is relative to the backend root with `/`, with `#rules[i]` for an item of a list."""

    severity: Literal["error", "warning"]
    code: str
    path: str
    line: int | None = None
    """Counted from 1, as `column` is; left out where it is not known."""
    column: int | None = None
    json_path: str | None = None
    """Where in the document that `path` makes: `$.body.child`; left out for a file as a whole."""
    message: str

    @model_serializer(mode="wrap")
    def _without_what_is_not_known(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in serialize(self).items() if value is not None}

    def shown(self, root: str, cwd: Path) -> ShownFinding:
        """As it is printed by whoever stands in `cwd`: the path of a file is what leads there."""
        file, mark, item = self.path.partition("#")
        path = Path(root, file)
        seen = path.relative_to(cwd).as_posix() if path.is_relative_to(cwd) else file
        return ShownFinding(self.severity, self.code, seen + mark + item, self.line, self.column, self.message)


class ValidationReport(CamelModel):
    """Everything that was found, in the contract's order."""

    repo_root_path: str
    error_count: int
    warning_count: int
    messages: tuple[ValidationMessage, ...]

    @classmethod
    def of(cls, root: str, messages: Iterable[ValidationMessage]) -> ValidationReport:
        found = tuple(messages)
        errors = sum(message.severity == "error" for message in found)
        return cls(repo_root_path=root, error_count=errors, warning_count=len(found) - errors, messages=found)

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings are allowed."""
        return self.error_count == 0

    def plus(self, messages: Iterable[ValidationMessage]) -> ValidationReport:
        """The same report with more findings at its end."""
        return ValidationReport.of(self.repo_root_path, (*self.messages, *messages))


def report_lines(report: ValidationReport, cwd: Path, *, checked: str) -> Iterator[str]:
    """The text form for whoever stands in `cwd`: what was `checked`, a line per finding, and their number."""
    yield f"Checked {checked}"
    yield from (message.shown(report.repo_root_path, cwd).text for message in report.messages)
    yield f"{number_of(report.error_count, 'error')}, {number_of(report.warning_count, 'warning')}"


def of_finding(finding: BuildFinding, path: str) -> ValidationMessage:
    """A finding of a build, about the file at `path`."""
    return ValidationMessage(
        severity=finding.severity,
        code=finding.code,
        path=path,
        line=finding.line,
        column=finding.column,
        json_path=finding.path or None,
        message=finding.sentence,
    )


def error(code: str, path: str, message: str) -> ValidationMessage:
    return ValidationMessage(severity="error", code=code, path=path, message=message)


def warning(code: str, path: str, message: str) -> ValidationMessage:
    return ValidationMessage(severity="warning", code=code, path=path, message=message)
