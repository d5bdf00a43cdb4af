"""Members, their tokens, and who is asking."""

from __future__ import annotations

from pydantic import BaseModel, Field

from miniprogram.identity.environment_document import Member
from miniprogram.identity.members import MemberList, add_member, list_members, remove_member, revoke_roles
from miniprogram.identity.roles import Grant
from miniprogram.identity.tokens import (
    DEFAULT_DAYS,
    MAX_DAYS,
    ListedToken,
    NewToken,
    TokenList,
    create_token,
    list_tokens,
    revoke_token,
)
from miniprogram.models import Flag, FrozenModel, Whole
from miniprogram.names import MemberName
from miniprogram.person_text import PersonText
from miniprogram.releases.arguments import MAX_REASON, OptionalReason
from miniprogram.releases.commands.offboarding import offboard
from miniprogram.releases.queries.leaving import Leaving, leaving
from miniprogram_server.admin.framework.changes import change_of
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation

MEMBER = "/members/{member}"
OWN = "admin, or the member it is for"


class Me(FrozenModel):
    """Who the token stands for, and what it may do."""

    name: str
    environment_name: str
    grants: tuple[Grant, ...]


class NewGrants(OptionalReason):
    """Roles to give; those a member has stay."""

    grants: tuple[Grant, ...] = Field(min_length=1, max_length=100)
    title: PersonText = Field(default="", max_length=200)


class LostGrants(OptionalReason):
    """Roles to take, each as it was given."""

    grants: tuple[Grant, ...] = Field(min_length=1, max_length=100)


class WantedToken(FrozenModel):
    """A token for a member, with `grants` or with all the member has.

    Made with a token of the same member, it has no more than that one, ends no later, and ends with it.
    """

    member: MemberName
    grants: tuple[Grant, ...] = Field(default=(), max_length=100)
    days: Whole | None = Field(default=None, ge=1, le=MAX_DAYS, description=f"{DEFAULT_DAYS} unless given.")
    description: PersonText = Field(default="", max_length=200)


def _me(call: Call) -> BaseModel:
    actor = call.context.actor
    return Me(name=actor.name, environment_name=call.context.storage.environment, grants=actor.grants)


def _members(call: Call) -> BaseModel:
    return list_members(call.context.storage)


def _add(call: Call) -> BaseModel:
    body: NewGrants = call.body
    return add_member(call.context, call.names["member"], body.grants, title=body.title, reason=body.reason)


def _take(call: Call) -> BaseModel:
    body: LostGrants = call.body
    return revoke_roles(call.context, call.names["member"], body.grants, reason=body.reason)


def _remove(call: Call) -> BaseModel:
    return remove_member(call.context, call.names["member"], reason=call.body.reason)


class Offboarding(FrozenModel):
    """Why they leave, and whether tokens that they made for others end, too."""

    reason: PersonText = Field(min_length=1, max_length=MAX_REASON)
    revoke_made: Flag = False


def _leaving(call: Call) -> BaseModel:
    return leaving(call.context, call.names["member"])


def _offboard(call: Call) -> BaseModel:
    body: Offboarding = call.body
    return offboard(call.context, call.names["member"], reason=body.reason, revoke_made=body.revoke_made)


def _tokens(call: Call) -> BaseModel:
    return list_tokens(call.context.storage, now=call.context.now)


def _create(call: Call) -> BaseModel:
    wanted: WantedToken = call.body
    return create_token(
        call.context, wanted.member, grants=wanted.grants, days=wanted.days, description=wanted.description
    )


def _revoke(call: Call) -> BaseModel:
    return revoke_token(call.context, call.names["tokenId"], reason=call.body.reason)


PEOPLE: tuple[Operation, ...] = (
    Operation("GET", "/me", "Me", "People", "Who the token stands for", ANYBODY, _me, Me),
    Operation("GET", "/members", "MemberList", "People", "Members and their roles", ANYBODY, _members, MemberList),
    Operation(
        "PUT",
        MEMBER,
        "MemberAdd",
        "People",
        "Add a member, or give one further roles",
        "admin",
        _add,
        change_of(Member),
        body=NewGrants,
        guarded=True,
    ),
    Operation(
        "POST",
        MEMBER + "/revoke",
        "MemberRevoke",
        "People",
        "Take roles from a member; tokens lose them too",
        "admin",
        _take,
        change_of(Member),
        body=LostGrants,
        guarded=True,
    ),
    Operation(
        "POST",
        MEMBER + "/remove",
        "MemberRemove",
        "People",
        "Remove a member and revoke their tokens",
        "admin",
        _remove,
        change_of(Member),
        body=OptionalReason,
        guarded=True,
    ),
    Operation(
        "GET",
        MEMBER + "/leaving",
        "MemberLeaving",
        "People",
        "What waits for a member who leaves, and to whom it falls",
        "admin",
        _leaving,
        Leaving,
    ),
    Operation(
        "POST",
        MEMBER + "/offboard",
        "MemberOffboard",
        "People",
        "Take away roles, tokens and sessions of a member at once",
        "admin",
        _offboard,
        Leaving,
        body=Offboarding,
        guarded=True,
    ),
    Operation(
        "GET", "/tokens", "TokenList", "People", "Tokens, without anything secret", ANYBODY, _tokens, TokenList
    ),
    Operation(
        "POST",
        "/tokens",
        "TokenCreate",
        "People",
        "Make a token, which is shown this once",
        OWN,
        _create,
        NewToken,
        body=WantedToken,
        status=201,
        keeps_answer=False,
    ),
    Operation(
        "POST",
        "/tokens/{tokenId}/revoke",
        "TokenRevoke",
        "People",
        "End a token at once, and those made with it",
        OWN,
        _revoke,
        ListedToken,
        body=OptionalReason,
    ),
)
