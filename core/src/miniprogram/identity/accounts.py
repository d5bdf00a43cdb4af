"""People who sign in with an account of their organisation: which member they are, what its groups bring.

A member belongs to one account, by issuer and subject: an address that is given to somebody else brings nothing.
What groups bring is noted beside what was given by hand, and holds for a while: who does not sign in loses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from miniprogram.clock import to_iso
from miniprogram.documents.audited import Change
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import (
    Account,
    EnvironmentDocument,
    Member,
    environment_documents,
    read_environment,
)
from miniprogram.identity.roles import Actor, Grant
from miniprogram.refusals import Denied

COMMAND = "member sign-in"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whom a provider vouches for. `name` is how a member is called; `grants` are what their groups bring."""

    account: Account
    name: str
    title: str = ""
    grants: tuple[Grant, ...] = ()


def member_of_account(storage: EnvironmentStorage, sign_in: SignIn, *, now: datetime, holds: timedelta) -> Member:
    """The member who signs in, with what their groups bring from now on, for the time `holds`.

    Raises Denied for who left, for another account than the member's, and for who would have no role at all.
    """
    document = read_environment(storage)
    found = _member(document, sign_in, now, holds)
    if found == document.member(found.name):
        return found
    context = CommandContext(storage, Actor(name=found.name, authenticated=True, via="console"), now)

    def change(current: EnvironmentDocument) -> Change[EnvironmentDocument]:
        member = _member(current, sign_in, now, holds)
        others = [each for each in current.members if each.name != member.name]
        members = tuple(sorted([*others, member], key=lambda each: each.name))
        details = {"issuer": sign_in.account.issuer, "grants": [str(each) for each in member.provided]}
        event = context.event(COMMAND, subject=member.name, details=details)
        return Change(current.model_copy(update={"members": members}), [event])

    written = environment_documents(storage).change(change, now=to_iso(now))
    return written.member(found.name) or found


def _member(document: EnvironmentDocument, sign_in: SignIn, now: datetime, holds: timedelta) -> Member:
    """The member as the sign-in makes them; as they were when nothing new is to be kept."""
    bound = next((each for each in document.members if each.account == sign_in.account), None)
    found = bound or document.member(sign_in.name)
    if found is None:
        if any(sign_in.account == each.account or sign_in.name == each.name for each in document.departed):
            raise Denied("account", f"{sign_in.name} has left; an administrator can add them again")
        found = _new_member(sign_in, now)
    if found.account not in (None, sign_in.account):
        raise Denied("account", f"{found.name} signs in with another account, so this one brings nothing")
    provided = tuple(dict.fromkeys(sign_in.grants))
    if not found.grants and not provided:
        raise Denied("account", f"{sign_in.name} has no role here; ask an administrator for one")
    until = to_iso(now + holds) if provided else None
    if provided == found.provided and _lasts(found.provided_until, now + holds) and found.account is not None:
        until = found.provided_until
    return found.model_copy(update={"account": sign_in.account, "provided": provided, "provided_until": until})


def _lasts(until: str | None, end: datetime) -> bool:
    """Whether it lasts nearly as long as `end`: not every sign-in writes."""
    return until is None or until > to_iso(end - timedelta(days=1))


def _new_member(sign_in: SignIn, now: datetime) -> Member:
    members = {"name": sign_in.name, "title": sign_in.title, "added_by": sign_in.account.issuer}
    try:
        return Member.model_validate({**members, "added_at": to_iso(now)})
    except ValidationError:
        pass
    try:  # what people call them is not worth being kept out for
        return Member.model_validate({**members, "title": "", "added_at": to_iso(now)})
    except ValidationError:
        raise Denied("account", "no member can be called what the account is called") from None


def brought(groups: Iterable[str], mapping: Iterable[tuple[str, Grant]]) -> tuple[Grant, ...]:
    """The grants that somebody in these groups has by `mapping`, pairs of a group and a grant."""
    held = set(groups)
    return tuple(dict.fromkeys(grant for group, grant in mapping if group in held))
