"""Bearer tokens: made once, stored as hashes, never more than their member has, and not for ever."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.changes import put_environment
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import EnvironmentDocument, Member, Token, read_environment
from miniprogram.identity.roles import ADMIN, Actor, Grant
from miniprogram.identity.token_uses import read_uses
from miniprogram.models import FrozenModel
from miniprogram.refusals import Denied, NotFound, Unacceptable

PREFIX = "mpt"
SECRET_BYTES = 32
DEFAULT_DAYS = 90
MAX_DAYS = 366


class TokenEnded(Denied):
    """The token was one, of `member`."""

    def __init__(self, message: str, member: str) -> None:
        super().__init__("token", message)
        self.member = member


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
    made_with: str | None
    state: str
    last_used: str | None = None
    """The hour in which it was shown last, as far as servers noted it; None: never."""


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
    days: int | None = None,
    description: str = "",
) -> NewToken:
    """Make a token for `member` with `grants`, or with all there is to give. It is returned once and not kept.

    Administrators make tokens for everybody. Who is signed in makes them for themselves, out of what they are
    signed in with: no more roles, and no longer than the token they show, with which the new one ends. Without
    `days` it is valid for DEFAULT_DAYS, or as long as that.

    Raises Unacceptable when a grant is more than that, or the time is out of bounds.
    """
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise Unacceptable(f"a token is valid for 1 to {MAX_DAYS} days, not {days}", member=("days",))
    actor, is_own = context.actor, _is_own(context, member)
    if not is_own:
        require_role(context, ADMIN, "token create")
    wanted, token_id, secret = tuple(grants), secrets.token_hex(5), secrets.token_urlsafe(SECRET_BYTES)
    text = f"{PREFIX}_{token_id}_{secret}"
    wanted_end = to_iso(context.now + timedelta(days=DEFAULT_DAYS if days is None else days))

    def add(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Token]:
        found = _existing(document, member)
        held = actor.grants if is_own else found.held(context.stamp)
        given = wanted or held
        _must_have(member, held, given)
        shown = document.token(actor.token) if actor.token else None
        last_end = shown.expires_at if is_own and shown is not None else wanted_end
        if days is not None and wanted_end > last_end:
            raise Unacceptable(
                f"a token made with another ends no later than that one: {last_end}",
                hint="Say fewer days, or have an administrator make it.",
                member=("days",),
            )
        token = Token(
            id=token_id,
            member=member,
            sha256=_digest(text),
            grants=given,
            created_by=actor.name,
            created_at=context.stamp,
            expires_at=min(wanted_end, last_end),
            description=description,
            made_with=shown.id if shown is not None else None,
        )
        return document.model_copy(update={"tokens": (*document.tokens, token)}), token

    report = put_environment(context, "token create", add, subject=token_id, details={"member": member})
    made = Token.model_validate({**report.subject, "sha256": ""})
    return NewToken(
        environment_name=context.storage.environment,
        revision=report.revision,
        id=token_id,
        member=member,
        token=text,
        grants=tuple(str(each) for each in made.grants),
        expires_at=made.expires_at,
    )


def revoke_token(context: CommandContext, token_id: str, *, reason: str | None = None) -> ListedToken:
    """End a token at once, and those that were made with it. Repeating is fine. Raises NotFound.

    Administrators end every token, and whoever is signed in their own.
    """
    found = read_environment(context.storage).token(token_id)
    if found is None or not _is_own(context, found.member):
        require_role(context, ADMIN, "token revoke")

    def revoke(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Token]:
        token = document.token(token_id)
        if token is None:
            known = ", ".join(each.id for each in document.tokens) or "none"
            raise NotFound(f"there is no token {token_id!r}; known: {known}")
        ended = _with_those_made_with(document, token_id)
        tokens = tuple(
            each.model_copy(update={"revoked_at": each.revoked_at or context.stamp}) if each.id in ended else each
            for each in document.tokens
        )
        changed = document.model_copy(update={"tokens": tokens})
        return changed, changed.token(token_id) or token

    report = put_environment(context, "token revoke", revoke, subject=token_id, reason=reason)
    return _listed(Token.model_validate({**report.subject, "sha256": ""}), context.now)


def list_tokens(storage: EnvironmentStorage, *, now: datetime) -> TokenList:
    """All tokens, revoked and expired ones too."""
    document, uses = read_environment(storage), read_uses(storage)
    newest = sorted(document.tokens, key=lambda each: each.created_at, reverse=True)
    return TokenList(
        environment_name=storage.environment,
        revision=document.revision,
        tokens=tuple(_listed(each, now, uses.get(each.id)) for each in newest),
    )


def authenticate(storage: EnvironmentStorage, text: str, *, now: datetime, via: str = "api") -> Actor:
    """Who sent the token `text`, with what both the token and its member are trusted with.

    Raises Denied when nobody did. A token that does not count writes nothing: whoever holds one that is unknown,
    expired or revoked could else keep the store busy.
    """
    document = read_environment(storage)
    token = next((each for each in document.tokens if hmac.compare_digest(each.sha256, _digest(text))), None)
    return _actor(document, token, now=now, via=via)


def actor_of_token(
    storage: EnvironmentStorage,
    token_id: str,
    *,
    now: datetime,
    via: str,
    document: EnvironmentDocument | None = None,
) -> Actor:
    """Who holds the token with that id, for a session that began with its text. Raises Denied.

    `document` is the environment's, where it was read already.
    """
    document = document or read_environment(storage)
    return _actor(document, document.token(token_id), now=now, via=via)


def _actor(document: EnvironmentDocument, token: Token | None, *, now: datetime, via: str) -> Actor:
    if token is None:
        raise Denied("token", "the token is not known here")
    member = document.member(token.member)
    state = "revoked" if member is None else _state(token, now)
    if member is None or state != "active":
        raise TokenEnded(f"the token {token.id} is {state}", token.member)
    given = member.held(to_iso(now))
    held = tuple(each for each in token.grants if any(each.within(grant) for grant in given))
    return Actor(
        name=token.member,
        grants=held,
        authenticated=True,
        via=via,
        token=token.id,
        token_created_by=token.created_by,
        token_known_to=tuple(_known_to(document, token)),
    )


def _existing(document: EnvironmentDocument, name: str) -> Member:
    member = document.member(name)
    if member is None:
        known = ", ".join(each.name for each in document.members) or "none"
        raise NotFound(
            f"there is no member {name!r}; known: {known}", hint=f"Add one: `member add {name} --role ROLE`."
        )
    return member


def _is_own(context: CommandContext, member: str) -> bool:
    """Whether a server knows that `member` themselves ask."""
    return context.actor.authenticated and context.actor.name == member


def _must_have(member: str, held: Iterable[Grant], grants: Iterable[Grant]) -> None:
    if not tuple(grants):
        raise Unacceptable(f"{member} has no role that a token could carry")
    for grant in grants:
        if not any(grant.within(each) for each in held):
            raise Unacceptable(f"{member} does not have the role {grant}, so no token can carry it")


def _with_those_made_with(document: EnvironmentDocument, token_id: str) -> frozenset[str]:
    """The token and those its member made with it, or with one of those, which stand after it."""
    token = document.token(token_id)
    ended = {token_id}
    for each in document.tokens:
        if token is not None and each.made_with in ended and each.member == token.member:
            ended.add(each.id)
    return frozenset(ended)


def _known_to(document: EnvironmentDocument, token: Token | None) -> Iterator[str]:
    """Who made the token, and who made those it was made with: whoever knows one of them could make the next."""
    seen: set[str] = set()
    while token is not None and token.id not in seen:
        seen.add(token.id)
        yield token.created_by
        token = document.token(token.made_with) if token.made_with else None


def _listed(token: Token, now: datetime, last_used: str | None = None) -> ListedToken:
    members = token.model_dump(exclude={"sha256", "grants"})
    grants = tuple(str(each) for each in token.grants)
    return ListedToken(**members, grants=grants, state=_state(token, now), last_used=last_used)


def _state(token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if to_iso(now) >= token.expires_at else "active"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
