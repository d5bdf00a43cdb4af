"""What a refused form is told: at which field, and in the words of the pages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from miniprogram.errors import MiniProgramError
from miniprogram.refusals import Denied, Refused, RevisionConflict, Unacceptable
from miniprogram_server.admin.framework.problems import Failure, failure_of
from miniprogram_server.console.plain_words import plain, told
from miniprogram_server.console.session.drafts import STILL_THERE, Problem

_FIELD_OF_MEMBER = {
    "basis_points": "percent",
    "basisPoints": "percent",
    "destination": "to",
    "minimum_version": "minimum_version",
    "minimumVersion": "minimum_version",
    "maxUsers": "window_users",
    "max_users": "window_users",
    "start": "window_start",
    "end": "window_end",
    "serverDomains": "server_domains",
    "webviewDomains": "webview_domains",
    "window": "window_end",
    "mode": "upgrade",
}
"""Where a member of a model, the innermost that is known, is typed; the others by their own name."""

_FIELD_OF_RULE = {
    "reason_given": "reason",
    "ratio_in_range": "percent",
    "ratio_goes_up": "percent",
    "ratio_goes_down": "percent",
    "whole_or_final": "final",
    "destination_known": "to",
    "destination_named": "to",
    "destination_usable": "to",
    "testers_named": "testers",
    "segments_exist": "audience",
    "pair_unused": "target",
    "none_in_flight": "target",
    "target_exists": "target",
    "version_published": "version",
}
"""Where the thing is typed that a rule stands against."""

_MISSING = ("is missing", "String should have at least 1 character")
"""What is said of a field that was left blank."""


@contextlib.contextmanager
def at(field: str) -> Iterator[None]:
    """Whatever is unacceptable in here was typed into `field`, unless it says otherwise."""
    try:
        yield
    except Unacceptable as error:
        if error.member:
            raise
        raise Unacceptable(str(error), hint=error.hint, member=(field,)) from error


def problem_of(error: MiniProgramError | Failure) -> Problem:
    """What is told about `error` beside the form that it came from."""
    if isinstance(error, RevisionConflict):
        message = "Somebody changed this while you were looking, so nothing was done."
        return Problem(message, STILL_THERE, is_conflict=True)
    failure = error if isinstance(error, Failure) else failure_of(error)
    rule = error.rule if isinstance(error, Refused | Denied) else None
    message, field = failure.message, _FIELD_OF_RULE.get(rule or "", "")
    if isinstance(error, Unacceptable) and error.member:
        known = [each for each in error.member if each in _FIELD_OF_MEMBER or each.isidentifier()]
        name = next((each for each in reversed(known) if each in _FIELD_OF_MEMBER), known[0] if known else "")
        field = _FIELD_OF_MEMBER.get(name, name)
        message = "this has to be filled in" if error.problem in _MISSING else error.problem
    return Problem(told(message, rule), plain(failure.hint or "", None), field)
