"""Why something is not done. Each kind is a class, so that a web API can answer each with its own status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.misfit_words import misfit_sentence, misfit_words

if TYPE_CHECKING:
    from pydantic import ValidationError


class Refused(MiniProgramError):  # noqa: N818 - what happened, not what is wrong
    """A rule of the domain stands against it. `rule` is a code of `rule_codes`."""

    def __init__(self, rule: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.rule = rule


class Denied(MiniProgramError):  # noqa: N818 - what happened, not what is wrong
    """The one who asks may not. `rule` is a code of `rule_codes`."""

    def __init__(self, rule: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.rule = rule


class NotFound(MiniProgramError):  # noqa: N818 - what happened, not what is wrong
    """There is no such mini-program, release, app, segment, switch, member or token."""


class RevisionConflict(MiniProgramError):  # noqa: N818 - what happened, not what is wrong
    """The document is not the one the caller looked at."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"the releases were changed meanwhile: revision {found}, not {expected}",
            hint="Look again, then repeat with the new revision.",
        )
        self.found = found


class Unacceptable(UsageError):  # noqa: N818
    """What was given is not what it must be; names the place.

    `member` is the path of what does not fit, where it is a member of a model; `problem` says why, without it.
    """

    def __init__(
        self, message: str, *, hint: str | None = None, member: tuple[str, ...] = (), problem: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.member, self.problem = member, problem or message


def unacceptable(error: ValidationError) -> Unacceptable:
    """The first thing pydantic found wrong, as one sentence."""
    first = error.errors(include_url=False, include_input=False)[0]
    problem = misfit_words(first) or first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return Unacceptable(problem)
    member = tuple(str(part) for part in first["loc"])
    return Unacceptable(misfit_sentence(first, top=""), member=member, problem=problem)
