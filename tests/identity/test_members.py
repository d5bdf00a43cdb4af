"""Members: what is added is there with what it had before, and what is wrong changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member, list_members, remove_member, revoke_roles
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import create_token, revoke_token
from miniprogram.refusals import NotFound, Unacceptable
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON

REVIEWS, OPERATES = Grant(role=Role.REVIEWER), Grant(role=Role.OPERATOR, host_app="wallet")


@pytest.fixture
def context() -> CommandContext:
    return CommandContext(EnvironmentStorage(MemoryObjectStore()), store_owner("owner"), NOON)


def test_added_again_a_member_has_what_it_had_and_more(context: CommandContext) -> None:
    add_member(context, "ann", [REVIEWS], title="Ann of Reviews")
    add_member(context, "ann", [OPERATES, REVIEWS])

    (ann,) = list_members(context.storage).members
    assert (ann.title, ann.grants) == ("Ann of Reviews", (REVIEWS, OPERATES))


def test_a_title_is_the_last_one_given(context: CommandContext) -> None:
    for given, title in (("", ""), ("Ann", "Ann"), ("Ms Ann", "Ms Ann"), ("", "Ms Ann")):
        add_member(context, "ann", [REVIEWS], title=given)
        assert list_members(context.storage).members[0].title == title


def test_a_member_without_a_role_is_none(context: CommandContext) -> None:
    with pytest.raises(Unacceptable, match="at least one role"):
        add_member(context, "ann", [])

    assert list_members(context.storage).members == ()


@pytest.mark.parametrize(("name", "title"), [("a b", ""), ("ann", "a\x1b[31m")], ids=["name", "title"])
def test_what_no_member_can_be_called_is_refused(context: CommandContext, name: str, title: str) -> None:
    with pytest.raises(Unacceptable):
        add_member(context, name, [REVIEWS], title=title)

    assert list_members(context.storage).members == ()


def test_the_trail_says_which_roles_came_and_went_and_why(context: CommandContext) -> None:
    add_member(context, "ann", [REVIEWS, OPERATES])
    added = read_environment(context.storage).trail.latest[-1]
    revoke_roles(context, "ann", [OPERATES], reason="moved on")
    revoked = read_environment(context.storage).trail.latest[-1]

    assert (added.command, added.subject) == ("member add", "ann")
    assert added.details == {"grants": [str(REVIEWS), str(OPERATES)]}
    assert (revoked.command, revoked.reason) == ("member revoke", "moved on")
    assert revoked.details == {"grants": [str(OPERATES)]}


@pytest.mark.parametrize("act", [remove_member, partial(revoke_roles, grants=[REVIEWS])], ids=["remove", "revoke"])
def test_who_is_not_there_is_named_with_those_who_are(context: CommandContext, act: Callable[..., object]) -> None:
    with pytest.raises(NotFound, match="there is no member 'bob'; known: none"):
        act(context, "bob")
    for name in ("ann", "cleo"):
        add_member(context, name, [REVIEWS])
    with pytest.raises(NotFound, match="there is no member 'bob'; known: ann, cleo"):
        act(context, "bob")


def test_with_a_member_go_its_tokens_and_those_that_went_before_keep_their_time(context: CommandContext) -> None:
    for name in ("ann", "bob"):
        add_member(context, name, [REVIEWS])
    old, new, other = (create_token(context, name).id for name in ("ann", "ann", "bob"))
    revoke_token(context, old)
    later = replace(context, now=NOON + timedelta(hours=1))

    remove_member(later, "ann", reason="left us")

    document = read_environment(context.storage)
    assert [each.name for each in document.members] == ["bob"]
    assert {each.id: each.revoked_at for each in document.tokens} == {
        old: context.stamp, new: later.stamp, other: None,
    }  # fmt: skip
    assert (document.trail.latest[-1].command, document.trail.latest[-1].reason) == ("member remove", "left us")
