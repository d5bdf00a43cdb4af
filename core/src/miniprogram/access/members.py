"""Members: who is trusted with what in an environment."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from miniprogram.access.roles import Grant
from miniprogram.releases.desk import Desk
from miniprogram.releases.drafting import unacceptable
from miniprogram.releases.environment_document import EnvironmentDocument, Member, read_settings
from miniprogram.releases.managing import change_settings
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.record import Record
from miniprogram.releases.refusals import NotFound, Unacceptable
from miniprogram.releases.reports import ChangeReport


class MemberList(Record):
    """The members of an environment, by name."""

    schema_version: int = 1
    command: str = "member list"
    environment_name: str
    revision: int
    members: tuple[Member, ...]


def add_member(desk: Desk, name: str, grants: Iterable[Grant], *, title: str = "") -> ChangeReport:
    """Add a member, or give one that is there further roles."""
    given = tuple(grants)
    if not given:
        raise Unacceptable("a member needs at least one role")

    def add(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Member]:
        before = document.member(name)
        had = before.grants if before else ()
        members = {"name": name, "title": title or (before.title if before else ""),
                   "grants": tuple(dict.fromkeys((*had, *given)))}  # fmt: skip
        stamps = {"added_by": before.added_by if before else desk.actor.name,
                  "added_at": before.added_at if before else desk.stamp}  # fmt: skip
        try:
            member = Member.model_validate({**members, **stamps})
        except ValidationError as error:
            raise unacceptable(error) from None
        others = [each for each in document.members if each.name != name]
        merged = tuple(sorted([*others, member], key=lambda each: each.name))
        return document.model_copy(update={"members": merged}), member

    return change_settings(
        desk, "member add", add, subject=name, details={"grants": [str(each) for each in given]}
    )


def remove_member(desk: Desk, name: str, *, reason: str | None = None) -> ChangeReport:
    """Remove a member. Their tokens are revoked in the same write."""

    def remove(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Member]:
        member = document.member(name)
        if member is None:
            known = ", ".join(each.name for each in document.members) or "none"
            raise NotFound(f"there is no member {name!r}; known: {known}")
        kept = tuple(each for each in document.members if each.name != name)
        tokens = tuple(
            each.model_copy(update={"revoked_at": desk.stamp})
            if each.member == name and not each.revoked_at
            else each
            for each in document.tokens
        )
        return document.model_copy(update={"members": kept, "tokens": tokens}), member

    return change_settings(desk, "member remove", remove, subject=name, reason=reason)


def list_members(place: ReleasePlace) -> MemberList:
    """All members."""
    document = read_settings(place)
    return MemberList(environment_name=place.environment, revision=document.revision, members=document.members)
