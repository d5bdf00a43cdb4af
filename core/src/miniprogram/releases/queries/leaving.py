"""What waits for somebody who leaves, and who is there to go on with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of
from miniprogram.errors import DocumentError
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import EnvironmentDocument, read_environment
from miniprogram.identity.roles import ADMIN, DEVELOPER, REVIEWER, Actor, Role
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import IN_FLIGHT, State
from miniprogram.releases.storage.release_documents import releases_of as documents_of
from miniprogram.targets import Target

MOST_SHOWN = 200
"""Of what waits; the rest is counted."""


class LeftWork(FrozenModel):
    """A release that waits. `falls_to` are the members who can go on with it; nobody when it is blank."""

    mini_program_id: str
    version: str
    target: Target
    state: State
    why: Literal["made it", "asked for the review", "can review it"]
    falls_to: tuple[str, ...]


class LeftToken(FrozenModel):
    """A token that still opens something. `member` is whom it stands for."""

    id: str
    member: str
    description: str
    expires_at: str


class LeftSubscription(FrozenModel):
    """Where notices go to because of them. `program` is what it is about: an id, a beginning with `*`, or `*`."""

    id: str
    host: str
    program: str
    description: str


class Leaving(FrozenModel):
    """The document of `member offboard --json`. `done` false: nothing was changed yet.

    `tokens` end with the member. `tokens_they_made` are of others, who may go on to need them; whoever made one
    may know it. So with `subscriptions_they_made`: notices go on to be sent there. `unreadable` are mini-programs
    whose releases nobody can read.
    """

    schema_version: int = 1
    command: str = "member offboard"
    environment_name: str
    revision: int
    member: str
    title: str
    grants: tuple[str, ...]
    tokens: tuple[LeftToken, ...]
    tokens_they_made: tuple[LeftToken, ...]
    subscriptions_they_made: tuple[LeftSubscription, ...]
    work: tuple[LeftWork, ...]
    more_work: int = 0
    unreadable: tuple[str, ...] = ()
    done: bool = False


def leaving(context: CommandContext, name: str) -> Leaving:
    """What it comes to that a member leaves. Raises NotFound, and Denied for who is no administrator."""
    require_role(context, ADMIN, "member offboard")
    return _leaving(context, read_environment(context.storage), name)


def _leaving(context: CommandContext, document: EnvironmentDocument, name: str) -> Leaving:
    member = document.member(name)
    if member is None:
        known = ", ".join(each.name for each in document.members) or "none"
        raise NotFound(f"there is no member {name!r}; known: {known}")
    now = to_iso(context.now)
    held = member.held(now)
    people = [
        Actor(name=each.name, grants=each.held(now)) for each in document.members if each.name != member.name
    ]
    unreadable: list[str] = []
    leaver = Actor(name=member.name, grants=held)
    work = list(_work(context.storage, leaver, people, unreadable))
    counting = [each for each in document.tokens if each.revoked_at is None and each.expires_at > now]
    return Leaving(
        environment_name=context.storage.environment,
        revision=document.revision,
        member=member.name,
        title=member.title,
        grants=tuple(map(str, held)),
        tokens=tuple(_token(each) for each in counting if each.member == name),
        tokens_they_made=tuple(
            _token(each) for each in counting if each.member != name and each.created_by == name
        ),
        subscriptions_they_made=tuple(
            LeftSubscription.model_validate(each, from_attributes=True)
            for each in document.subscriptions
            if each.created_by == name and each.is_on
        ),
        work=tuple(work[:MOST_SHOWN]),
        more_work=max(0, len(work) - MOST_SHOWN),
        unreadable=tuple(unreadable),
    )


def _token(token: object) -> LeftToken:
    return LeftToken.model_validate(token, from_attributes=True)


def _work(
    storage: EnvironmentStorage, leaver: Actor, people: list[Actor], unreadable: list[str]
) -> Iterator[LeftWork]:
    for row in list_page(storage, ProgramQuery()).rows:
        states = {str(each.get("state")) for each in releases_of(row)}
        asked = any(each.get("offlineRequested") for each in releases_of(row))
        if row.unreadable is None and not asked and not states & {*IN_FLIGHT, State.CREATED}:
            continue  # nothing of it waits: its document is not read
        try:
            document = documents_of(storage, row.id).read()
        except DocumentError:
            unreadable.append(row.id)
            continue
        for release in document.releases if document is not None else ():
            yield from _of_release(row.id, release, leaver, people)


def _of_release(program_id: str, release: Release, leaver: Actor, people: list[Actor]) -> Iterator[LeftWork]:
    """What of a release waits for the leaver: first what they made, then what they can review."""
    asked = _open_request(release)
    waits = release.state in IN_FLIGHT or release.state is State.CREATED
    if asked == leaver.name:
        yield _left(program_id, release, "asked for the review", _who(people, DEVELOPER, release, program_id))
    elif waits and release.created_by == leaver.name:
        yield _left(program_id, release, "made it", _who(people, DEVELOPER, release, program_id))
    elif asked is not None and leaver.has(REVIEWER, release.target, program_id):
        others = [each for each in people if each.name != asked]
        yield _left(program_id, release, "can review it", _who(others, REVIEWER, release, program_id))


def _open_request(release: Release) -> str | None:
    """Who asked for a decision that nobody has made."""
    if release.offline_request is not None and release.state is State.FULL:
        return release.offline_request.applicant
    return release.review.applicant if release.state is State.IN_REVIEW and release.review is not None else None


def _who(people: list[Actor], roles: frozenset[Role], release: Release, program_id: str) -> tuple[str, ...]:
    return tuple(each.name for each in people if each.has(roles, release.target, program_id))


def _left(
    program_id: str,
    release: Release,
    why: Literal["made it", "asked for the review", "can review it"],
    falls_to: tuple[str, ...],
) -> LeftWork:
    return LeftWork(
        mini_program_id=program_id,
        version=release.version,
        target=release.target,
        state=release.state,
        why=why,
        falls_to=falls_to,
    )
