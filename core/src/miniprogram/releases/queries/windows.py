"""How many a time window has admitted, and how many it has room for."""

from __future__ import annotations

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.releases.model.release import Release
from miniprogram.releases.storage.compile import window_id


class WindowUsage(FrozenModel):
    """`admitted` is None when it could not be found out; `problem` says why."""

    admitted: int | None
    max_users: int
    is_full: bool | None
    problem: str | None = None


def window_usage(storage: EnvironmentStorage, program_id: str, release: Release) -> WindowUsage | None:
    """The usage of the release's window; None when it has no window."""
    window = release.configuration.window
    if window is None:
        return None
    ledger = storage.open_ledger()
    if ledger is None:
        problem = "nothing counts admissions in this environment"
        return WindowUsage(admitted=None, max_users=window.max_users, is_full=None, problem=problem)
    try:
        admitted = ledger.count(window_id(program_id, release))
    except SourceUnavailable as error:
        return WindowUsage(admitted=None, max_users=window.max_users, is_full=None, problem=str(error))
    return WindowUsage(admitted=admitted, max_users=window.max_users, is_full=admitted >= window.max_users)


def usage_text(usage: WindowUsage) -> str:
    """`37 of 100 admitted`, for people."""
    if usage.admitted is None:
        return f"how many of {usage.max_users} are admitted is not known: {usage.problem}"
    return f"{usage.admitted:,} of {usage.max_users:,} admitted" + (", full" if usage.is_full else "")
