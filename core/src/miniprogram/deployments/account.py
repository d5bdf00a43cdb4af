"""The account an environment is deployed in: whoever is signed in to another is told, before anything is done."""

from __future__ import annotations

from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import KnowsAccount, Progress

ACCOUNT = "account"
"""Its name among what the environment remembers of its deployment."""
SHOWN = 4


def require_same_account(session: CloudSession) -> None:
    """Raises MiniProgramError when the environment is deployed in another account than is signed in to.

    Asks nobody where no account is remembered.
    """
    provider, before = session.provider, _remembered(session)
    if before is None or not isinstance(provider, KnowsAccount):
        return
    now = provider.account()
    if before != now:
        raise MiniProgramError(
            f"{session.name} is deployed in the {provider.account_is} {shown(before)}, and {provider.account_now} "
            f"{shown(now)}",
            hint="Sign in to the other one; or configure an environment of another name for this one.",
        )


def account_to_remember(session: CloudSession, progress: Progress) -> str | None:
    """The account that was just deployed in; None for a cloud without any, and where it may not be asked for."""
    provider, before = session.provider, _remembered(session)
    if before is not None or not isinstance(provider, KnowsAccount):
        return before
    try:
        return provider.account() or None
    except MiniProgramError as error:
        progress(f"Whose this is cannot be told, and is not checked later: {error}")
        return None


def account_check(session: CloudSession) -> Check | None:
    """A line of `cloud doctor`; None where there is nothing to compare."""
    if _remembered(session) is None or not isinstance(session.provider, KnowsAccount):
        return None
    try:
        require_same_account(session)
    except MiniProgramError as error:
        return Check("Account", "error", str(error), error.hint)
    told = f"{session.provider.account_now} {shown(_remembered(session) or '')}, where it is deployed"
    return Check("Account", "ok", told)


def shown(account: str) -> str:
    """Enough of an id to know one's own by; ids of accounts stand in no message."""
    return f"\u2026{account[-SHOWN:]}" if len(account) > SHOWN * 2 else account


def _remembered(session: CloudSession) -> str | None:
    found = (session.environment.deployed or {}).get(ACCOUNT)
    return found if isinstance(found, str) and found else None
