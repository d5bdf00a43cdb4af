"""What `cloud doctor` says of bearer tokens that end soon: pipelines find out when it is too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.tokens import ListedToken, list_tokens
from miniprogram.seams.checks import Check

SOON = timedelta(days=14)
"""Ahead of its end a token is told of, and for as long afterwards when it was in use."""
LABEL = "Tokens"
MOST_SHOWN = 5


def token_checks(storage: EnvironmentStorage, now: datetime) -> Iterator[Check]:
    """Nothing for an environment without tokens that count, or counted lately. None raises."""
    try:
        tokens = list_tokens(storage, now=now).tokens
    except MiniProgramError as error:
        yield Check(LABEL, "error", str(error), error.hint)
        return
    active = [each for each in tokens if each.state == "active"]
    ending = [each for each in active if each.expires_at <= to_iso(now + SOON)]
    ended = [each for each in tokens if each.state == "expired" and _was_in_use(each, now)]
    if ending or ended:
        yield _warning(storage, sorted([*ended, *ending], key=lambda each: each.expires_at))
    elif active:
        yield Check(LABEL, "ok", f"none of {len(active)} ends within {SOON.days} days")


def _was_in_use(token: ListedToken, now: datetime) -> bool:
    """Whether it ended lately and was shown in the weeks before: whoever used it may not know yet."""
    ended = datetime.fromisoformat(token.expires_at)
    if now - ended > SOON or token.last_used is None:
        return False
    return ended - datetime.fromisoformat(token.last_used) < SOON


def _warning(storage: EnvironmentStorage, tokens: list[ListedToken]) -> Check:
    shown = [f"{_named(each)} {_ends(each)} {each.expires_at[:10]}" for each in tokens[:MOST_SHOWN]]
    more = ", …" if len(tokens) > MOST_SHOWN else ""
    first = f"miniprogram token create --member {tokens[0].member} --env {storage.environment}"
    return Check(LABEL, "warning", f"{', '.join(shown)}{more}", f"Make the next one: `{first}`.")


def _named(token: ListedToken) -> str:
    described = f" ({token.description})" if token.description else ""
    return f"{token.id}{described} of {token.member}"


def _ends(token: ListedToken) -> str:
    return "ended" if token.state == "expired" else "ends"
