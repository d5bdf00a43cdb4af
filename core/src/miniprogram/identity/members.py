"""Members: who is trusted with what in an environment."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.changes import change_environment, put_environment
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import Departure, EnvironmentDocument, Member, read_environment
from miniprogram.identity.roles import ADMIN, Grant
from miniprogram.identity.safeguards import require_another
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound, Refused, Unacceptable, unacceptable

MAX_DEPARTED = 1_000
"""Who left is remembered, the latest of them."""


class MemberList(FrozenModel):
    """The members of an environment, by name."""

    schema_version: int = 1
    command: str = "member list"
    environment_name: str
    revision: int
    members: tuple[Member, ...]


def add_member(
    context: CommandContext, name: str, grants: Iterable[Grant], *, title: str = "", reason: str | None = None
) -> ChangeReport:
    """Add a member, or give one that is there further roles. Raises Denied for roles of one's own."""
    given = tuple(grants)
    require_role(context, ADMIN, "member add")
    require_another(context, name, "member add")
    if not given:
        raise Unacceptable("a member needs at least one role")

    def add(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Member]:
        before = document.member(name)
        had = before.grants if before else ()
        members = {"name": name, "title": title or (before.title if before else ""),
                   "grants": tuple(dict.fromkeys((*had, *given)))}  # fmt: skip
        stamps = {"added_by": before.added_by if before else context.actor.name,
                  "added_at": before.added_at if before else context.stamp}  # fmt: skip
        try:
            member = Member.model_validate({**members, **stamps})
        except ValidationError as error:
            raise unacceptable(error) from None
        others = [each for each in document.members if each.name != name]
        merged = tuple(sorted([*others, member], key=lambda each: each.name))
        departed = tuple(each for each in document.departed if each.name != name)
        return document.model_copy(update={"members": merged, "departed": departed}), member

    details = {"grants": [str(each) for each in given]}
    return put_environment(context, "member add", add, subject=name, details=details, reason=reason)


def revoke_roles(
    context: CommandContext, name: str, grants: Iterable[Grant], *, reason: str | None = None
) -> ChangeReport:
    """Take roles from a member, each where it was given. Their tokens lose them with the next request.

    Raises NotFound for a role the member was not given so, Refused when none would be left.
    """
    taken = tuple(grants)
    if not taken:
        raise Unacceptable("say which role to take, with --role")

    def revoke(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Member]:
        member = _existing(document, name)
        strange = next((grant for grant in taken if grant not in member.grants), None)
        if strange is not None:
            had = ", ".join(str(grant) for grant in member.grants)
            raise NotFound(f"{name} was not given the role {strange}; there are: {had}")
        left = tuple(grant for grant in member.grants if grant not in taken)
        if not left:
            raise Refused(
                "role_left", f"{name} would have no role left", hint=f"Remove them: `member remove {name}`."
            )
        changed = member.model_copy(update={"grants": left})
        members = tuple(changed if each.name == name else each for each in document.members)
        return document.model_copy(update={"members": members}), changed

    details = {"grants": [str(each) for each in taken]}
    return change_environment(context, "member revoke", revoke, subject=name, details=details, reason=reason)


def remove_member(context: CommandContext, name: str, *, reason: str | None = None) -> ChangeReport:
    """Remove a member. Their tokens are revoked in the same write."""
    return change_environment(
        context,
        "member remove",
        lambda document: without_member(document, name, context.stamp),
        subject=name,
        reason=reason,
    )


def without_member(document: EnvironmentDocument, name: str, stamp: str) -> tuple[EnvironmentDocument, Member]:
    """The document without the member, whose tokens are revoked at `stamp`; and who it was. Raises NotFound."""
    member = _existing(document, name)
    others = tuple(each for each in document.members if each.name != name)
    tokens = tuple(
        each.model_copy(update={"revoked_at": stamp}) if each.member == name and not each.revoked_at else each
        for each in document.tokens
    )
    departed = (*document.departed, Departure(name=name, account=member.account, at=stamp))[-MAX_DEPARTED:]
    return document.model_copy(update={"members": others, "tokens": tokens, "departed": departed}), member


def list_members(storage: EnvironmentStorage) -> MemberList:
    """All members."""
    document = read_environment(storage)
    return MemberList(environment_name=storage.environment, revision=document.revision, members=document.members)


def _existing(document: EnvironmentDocument, name: str) -> Member:
    member = document.member(name)
    if member is None:
        known = ", ".join(each.name for each in document.members) or "none"
        raise NotFound(f"there is no member {name!r}; known: {known}")
    return member
