"""What validation found, as the contract reports it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class ValidationMessage(_Part):
    """One finding. `path` is relative to the backend root with `/`, with `#rules[i]` for an item of a list."""

    severity: Literal["error", "warning"]
    code: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"[{self.severity}] {self.code} {self.path}: {self.message}"


class ValidationReport(_Part):
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


def report_lines(report: ValidationReport) -> Iterator[str]:
    """The text form: root, counts, then one line per finding."""
    yield f"Repo root: {report.repo_root_path}"
    yield f"Errors: {report.error_count}"
    yield f"Warnings: {report.warning_count}"
    if not report.messages:
        yield "Nothing was found."
    yield from map(str, report.messages)


def error(code: str, path: str, message: str) -> ValidationMessage:
    return ValidationMessage(severity="error", code=code, path=path, message=message)


def warning(code: str, path: str, message: str) -> ValidationMessage:
    return ValidationMessage(severity="warning", code=code, path=path, message=message)
