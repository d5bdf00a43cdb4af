"""Bearer tokens: made once, stored as hashes, never more than their member has, and not for ever."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.changes import change_environment
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument, Member, Token, read_environment
from miniprogram.identity.roles import Actor, Grant
from miniprogram.models import FrozenModel
from miniprogram.refusals import Denied, NotFound, Unacceptable

PREFIX = "mpt"
SECRET_BYTES = 32
DEFAULT_DAYS = 90
MAX_DAYS = 366


class NewToken(FrozenModel):
    """A token as it is shown, this once."""

    schema_version: int = 1
    command: str = "token create"
    environment_name: str
    revision: int
    id: str
    member: str
    token: str
    grants: tuple[str, ...]
    expires_at: str


class ListedToken(FrozenModel):
    """A token without anything secret. `state` is `active`, `expired` or `revoked`."""

    id: str
    member: str
    description: str
    grants: tuple[str, ...]
    created_by: str
    created_at: str
    expires_at: str
    revoked_at: str | None
    state: str


class TokenList(FrozenModel):
    """The tokens of an environment, the newest first."""

    schema_version: int = 1
    command: str = "token list"
    environment_name: str
    revision: int
    tokens: tuple[ListedToken, ...]


def create_token(
    context: CommandContext,
    member: str,
    *,
    grants: Iterable[Grant] = (),
    days: int = DEFAULT_DAYS,
    description: str = "",
) -> NewToken:
    """Make a token for `member` with `grants`, or with all that the member has. It is returned once and not kept.

    Raises Unacceptable when a grant is more than the member has, or the time is out of bounds.
    """
    if not 1 <= days <= MAX_DAYS:
        raise Unacceptable(f"a token is valid for 1 to {MAX_DAYS} days, not {days}")
    wanted, token_id, secret = tuple(grants), secrets.token_hex(5), secrets.token_urlsafe(SECRET_BYTES)
    text = f"{PREFIX}_{token_id}_{secret}"
    expires = to_iso(context.now + timedelta(days=days))

    def add(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Token]:
        found = _existing(document, member)
        given = wanted or found.grants
        _must_have(found, given)
        token = Token(
            id=token_id,
            member=member,
            sha256=_digest(text),
            grants=given,
            created_by=context.actor.name,
            created_at=context.stamp,
            expires_at=expires,
            description=description,
        )
        return document.model_copy(update={"tokens": (*document.tokens, token)}), token

    report = change_environment(context, "token create", add, subject=token_id, details={"member": member})
    shown = tuple(str(Grant.model_validate(each)) for each in report.subject["grants"])
    return NewToken(
        environment_name=context.storage.environment,
        revision=report.revision,
        id=token_id,
        member=member,
        token=text,
        grants=shown,
        expires_at=expires,
    )


def revoke_token(context: CommandContext, token_id: str, *, reason: str | None = None) -> ListedToken:
    """End a token at once. Repeating is fine. Raises NotFound."""

    def revoke(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Token]:
        token = document.token(token_id)
        if token is None:
            known = ", ".join(each.id for each in document.tokens) or "none"
            raise NotFound(f"there is no token {token_id!r}; known: {known}")
        revoked = token.model_copy(update={"revoked_at": token.revoked_at or context.stamp})
        tokens = tuple(revoked if each.id == token_id else each for each in document.tokens)
        return document.model_copy(update={"tokens": tokens}), revoked

    report = change_environment(context, "token revoke", revoke, subject=token_id, reason=reason)
    return _listed(Token.model_validate({**report.subject, "sha256": ""}), context.now)


def list_tokens(storage: EnvironmentStorage, *, now: datetime) -> TokenList:
    """All tokens, revoked and expired ones too."""
    document = read_environment(storage)
    newest = sorted(document.tokens, key=lambda each: each.created_at, reverse=True)
    return TokenList(
        environment_name=storage.environment,
        revision=document.revision,
        tokens=tuple(_listed(each, now) for each in newest),
    )


def authenticate(storage: EnvironmentStorage, text: str, *, now: datetime, via: str = "api") -> Actor:
    """Who sent the token `text`, with what both the token and its member are trusted with.

    Raises Denied when nobody did. A token that does not count writes nothing: whoever holds one that is unknown,
    expired or revoked could else keep the store busy.
    """
    document = read_environment(storage)
    token = next((each for each in document.tokens if hmac.compare_digest(each.sha256, _digest(text))), None)
    return _actor(document, token, now=now, via=via)


def actor_of_token(storage: EnvironmentStorage, token_id: str, *, now: datetime, via: str) -> Actor:
    """Who holds the token with that id, for a session that began with its text. Raises Denied."""
    document = read_environment(storage)
    return _actor(document, document.token(token_id), now=now, via=via)


def _actor(document: EnvironmentDocument, token: Token | None, *, now: datetime, via: str) -> Actor:
    if token is None:
        raise Denied("token", "the token is not known here")
    member = document.member(token.member)
    state = "revoked" if member is None else _state(token, now)
    if member is None or state != "active":
        raise Denied("token", f"the token {token.id} is {state}")
    held = tuple(each for each in token.grants if any(each.within(grant) for grant in member.grants))
    return Actor(
        name=token.member,
        grants=held,
        authenticated=True,
        via=via,
        token=token.id,
        token_created_by=token.created_by,
    )


def _existing(document: EnvironmentDocument, name: str) -> Member:
    member = document.member(name)
    if member is None:
        known = ", ".join(each.name for each in document.members) or "none"
        raise NotFound(
            f"there is no member {name!r}; known: {known}", hint=f"Add one: `member add {name} --role ROLE`."
        )
    return member


def _must_have(member: Member, grants: Iterable[Grant]) -> None:
    for grant in grants:
        if not any(grant.within(held) for held in member.grants):
            raise Unacceptable(f"{member.name} does not have the role {grant}, so no token can carry it")


def _listed(token: Token, now: datetime) -> ListedToken:
    members = token.model_dump(exclude={"sha256", "grants"})
    return ListedToken(**members, grants=tuple(str(each) for each in token.grants), state=_state(token, now))


def _state(token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if to_iso(now) >= token.expires_at else "active"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
