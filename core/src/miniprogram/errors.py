"""Failures we report to a person, and their exit codes.

MiniProgramError      1   the operation failed
├── UsageError       64   the caller can fix the command line or the environment file
├── DocumentError     1   a file is not what it must be
├── ProjectError      1   a mini-program cannot be found, built or validated
├── StoreError        1   an object store refused or failed
│   └── PreconditionFailed    somebody else wrote first, or the object is already there
├── PublishError      1   a target did not take a release
├── PluginError       1   a plugin is broken, unknown, or not the one that was asked for
├── ProcessError      1   a local server did not start, answer or stop
└── ToolError         1   an external program was missing, failed or hung
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


class MiniProgramError(Exception):
    """One sentence a person can act on, naming what it is about, with no secret in it.

    `hint` is an optional second sentence: the command or change that helps.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(MiniProgramError):
    """The command line, or the environment it selects, is wrong."""

    exit_code = 64


class DocumentError(MiniProgramError):
    """A JSON, YAML or TOML document is unreadable or does not fit its model. Names the file and the place.

    `line` and `column` count from 1 and are known for what is no JSON at all; `member` leads to what does not fit.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        line: int | None = None,
        column: int | None = None,
        member: tuple[str | int, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.line, self.column, self.member = line, column, member


class ProjectError(MiniProgramError):
    """A mini-program on disk cannot be found, built or validated."""


class StoreError(MiniProgramError):
    """An object store refused or failed."""


class PreconditionFailed(StoreError):  # noqa: N818 - the name HTTP and every store use for it
    """`if_match` or `if_absent` did not hold: somebody else wrote first."""


class PublishError(MiniProgramError):
    """A target did not take a release. What was served before still is."""


class PluginError(MiniProgramError):
    """A plugin is broken, unknown, unwanted or written for another hook API."""


class ProcessError(MiniProgramError):
    """A local server did not start, answer or stop."""


class ToolError(MiniProgramError):
    """An external program was missing, failed or hung."""
