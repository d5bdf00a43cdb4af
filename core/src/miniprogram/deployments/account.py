"""The account an environment is deployed in: whoever is signed in to another is told, before anything is done."""

from __future__ import annotations

from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import KnowsAccount

ACCOUNT = "account"
"""Its name among what the environment remembers of its deployment."""
SHOWN = 4


def require_same_account(session: CloudSession) -> None:
    """Raises MiniProgramError when the environment is deployed in another account than is signed in to.

    Asks nobody where no account is remembered.
    """
    if _remembered(session) is not None:
        signed_in_account(session)


def signed_in_account(session: CloudSession) -> str | None:
    """The account to deploy in; None for a cloud without any. Raises MiniProgramError as above."""
    provider = session.provider
    if not isinstance(provider, KnowsAccount):
        return None
    now, before = provider.account(), _remembered(session)
    if before is not None and before != now:
        raise MiniProgramError(
            f"{session.name} is deployed in the {provider.account_is} {shown(before)}, and {provider.account_now} "
            f"{shown(now)}",
            hint="Sign in to the other one; or configure an environment of another name for this one.",
        )
    return now


def account_check(session: CloudSession) -> Check | None:
    """A line of `cloud doctor`; None where there is nothing to compare."""
    if _remembered(session) is None or not isinstance(session.provider, KnowsAccount):
        return None
    try:
        account = signed_in_account(session)
    except MiniProgramError as error:
        return Check("Account", "error", str(error), error.hint)
    provider = session.provider
    return Check("Account", "ok", f"{provider.account_now} {shown(account or '')}, where it is deployed")


def shown(account: str) -> str:
    """Enough of an id to know one's own by; ids of accounts stand in no message."""
    return f"\u2026{account[-SHOWN:]}" if len(account) > SHOWN * 2 else account


def _remembered(session: CloudSession) -> str | None:
    found = (session.environment.deployed or {}).get(ACCOUNT)
    return found if isinstance(found, str) and found else None
