"""Who is behind a session that began without a token, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.members import add_member, remove_member, revoke_roles
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.sessions import SignedIn, actor_of_session, end_sessions
from miniprogram.refusals import Denied
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON

REVIEWER, OPERATOR = Grant(role=Role.REVIEWER), Grant(role=Role.OPERATOR)
SESSION = SignedIn("ann", to_iso(NOON + timedelta(minutes=1)))
LATER = NOON + timedelta(minutes=2)


@pytest.fixture
def context() -> CommandContext:
    context = CommandContext(EnvironmentStorage(MemoryObjectStore()), store_owner("owner"), NOON)
    add_member(context, "ann", [REVIEWER, OPERATOR])
    return replace(context, now=LATER)


def grants(context: CommandContext) -> tuple[Grant, ...]:
    actor = actor_of_session(context.storage, SESSION, now=LATER, via="console")
    assert (actor.name, actor.authenticated, actor.token) == ("ann", True, None)
    return actor.grants


def test_it_has_what_the_member_has_now(context: CommandContext) -> None:
    assert grants(context) == (REVIEWER, OPERATOR)

    revoke_roles(context, "ann", [OPERATOR])

    assert grants(context) == (REVIEWER,)


def test_who_leaves_and_comes_back_finds_it_ended(context: CommandContext) -> None:
    remove_member(context, "ann")
    with pytest.raises(Denied):
        grants(context)

    add_member(context, "ann", [REVIEWER])

    with pytest.raises(Denied) as caught:
        grants(context)
    assert caught.value.rule == "session"


def test_all_ended_at_once_are_those_that_began_before(context: CommandContext) -> None:
    end_sessions(replace(context, now=NOON), "ann")
    assert grants(context) == (REVIEWER, OPERATOR)

    end_sessions(context, "ann")

    with pytest.raises(Denied):
        grants(context)
