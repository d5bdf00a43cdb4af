"""Tokens that people make for themselves: out of what they are signed in with, and no way around anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.test_powers import grants, powers, powers_of, some_grants
from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.token_uses import TokenUses
from miniprogram.identity.tokens import authenticate, create_token, list_tokens, revoke_token
from miniprogram.refusals import Denied, NotFound, Unacceptable
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage
from miniprogram.testing import NOON

REVIEWER, OPERATOR = Grant(role=Role.REVIEWER), Grant(role=Role.OPERATOR)


def world(*held: Grant) -> CommandContext:
    context = CommandContext(EnvironmentStorage(MemoryObjectStore()), store_owner("owner"), NOON)
    add_member(context, "ann", held or [REVIEWER, OPERATOR])
    add_member(context, "bob", [REVIEWER])
    return context


def signed_in(context: CommandContext, token: str, *, now: datetime = NOON) -> CommandContext:
    return replace(context, actor=authenticate(context.storage, token, now=now), now=now)


def authenticated_until(context: CommandContext, member: CommandContext) -> str:
    listed = list_tokens(context.storage, now=NOON).tokens
    return next(each.expires_at for each in listed if each.id == member.actor.token)


@given(some_grants, st.lists(grants, max_size=3), st.data())
def test_a_token_never_makes_one_that_may_do_more(
    held: list[Grant], wanted: list[Grant], data: st.DataObject
) -> None:
    context = world(*held)
    carried = data.draw(st.lists(st.sampled_from(held), min_size=1))
    first = create_token(context, "ann", grants=carried)
    ann = signed_in(context, first.token)

    try:
        second = create_token(ann, "ann", grants=wanted)
    except Unacceptable:
        assert any(all(powers_of([grant]) - powers_of([one]) for one in carried) for grant in wanted)
        return
    assert powers(authenticate(context.storage, second.token, now=NOON)) <= powers(ann.actor)
    assert second.grants == tuple(map(str, wanted or ann.actor.grants))


def test_without_being_an_admin_nobody_makes_or_ends_one_for_somebody_else() -> None:
    context = world()
    theirs = create_token(context, "bob")
    ann = signed_in(context, create_token(context, "ann").token)

    for act in (lambda: create_token(ann, "bob"), lambda: revoke_token(ann, theirs.id)):
        with pytest.raises(Denied, match="takes the role admin"):
            act()
    with pytest.raises(Denied):  # and learns nothing about which there are
        revoke_token(ann, "0000000000")
    with pytest.raises(NotFound):
        revoke_token(context, "0000000000")
    assert authenticate(context.storage, theirs.token, now=NOON).name == "bob"


def test_it_ends_no_later_than_the_one_it_was_made_with() -> None:
    context = world()
    ann = signed_in(context, create_token(context, "ann", days=10).token)

    with pytest.raises(Unacceptable, match="no later") as caught:
        create_token(ann, "ann", days=11)

    assert caught.value.member == ("days",)
    assert create_token(ann, "ann").expires_at == authenticated_until(context, ann)
    assert create_token(ann, "ann", days=10).expires_at == create_token(context, "ann", days=10).expires_at


def test_it_ends_with_the_one_it_was_made_with_and_others_stay() -> None:
    context = world()
    first = create_token(context, "ann")
    ann = signed_in(context, first.token)
    second = create_token(ann, "ann", description="the laptop")
    third = create_token(signed_in(context, second.token), "ann")
    beside = create_token(context, "ann")

    revoke_token(ann, first.id, reason="lost")

    listed = {each.id: each for each in list_tokens(context.storage, now=NOON).tokens}
    assert [listed[each.id].state for each in (first, second, third, beside)] == [*["revoked"] * 3, "active"]
    assert (listed[second.id].made_with, listed[beside.id].made_with) == (first.id, None)
    for ended in (first, second, third):
        with pytest.raises(Denied, match="is revoked"):
            authenticate(context.storage, ended.token, now=NOON)


def test_what_an_admin_made_for_others_outlives_the_admins_token() -> None:
    context = world()
    add_member(context, "cleo", [Grant(role=Role.ADMIN)])
    cleo = signed_in(context, create_token(context, "cleo").token)
    pipeline = create_token(cleo, "bob")

    revoke_token(cleo, cleo.actor.token or "")

    assert authenticate(context.storage, pipeline.token, now=NOON).name == "bob"


def test_whoever_made_a_token_is_known_through_all_that_it_led_to() -> None:
    """Else an applicant approves: with a token of the reviewer that a token of theirs has made."""
    context = world()
    add_member(context, "cleo", [Grant(role=Role.ADMIN)])
    cleo = signed_in(context, create_token(context, "cleo").token)
    bob = signed_in(context, create_token(cleo, "bob").token)

    laundered = signed_in(context, create_token(bob, "bob").token).actor

    assert laundered.token_created_by == "bob"
    assert set(laundered.token_known_to) == {"bob", "cleo", "owner"}


def test_a_member_without_roles_makes_none() -> None:
    context = world(Grant(role=Role.REVIEWER, environment=Stage.TEST))
    ann = signed_in(context, create_token(context, "ann").token)

    with pytest.raises(Unacceptable, match="no role"):
        create_token(replace(ann, actor=ann.actor.model_copy(update={"grants": ()})), "ann")


def test_the_list_tells_the_hour_in_which_a_token_was_shown_last() -> None:
    context = world()
    used, unused = create_token(context, "ann"), create_token(context, "ann")
    store = context.storage.store
    uses = TokenUses(context.storage)

    for minutes in (0, 1, 59, 60, 61):
        uses.note(used.id, NOON + timedelta(minutes=minutes))
    written = store.get("metadata/admin/token_uses.json")
    TokenUses(context.storage).note(used.id, NOON)  # another process, behind

    listed = {each.id: each.last_used for each in list_tokens(context.storage, now=NOON).tokens}
    assert listed == {used.id: to_iso((NOON + timedelta(hours=1)).replace(microsecond=0)), unused.id: None}
    assert store.get("metadata/admin/token_uses.json") == written


def test_a_use_is_written_once_an_hour_whatever_is_asked() -> None:
    class Counting(MemoryObjectStore):
        puts = 0

        def put(self, key: str, *args: object, **more: object) -> object:  # type: ignore[override]
            Counting.puts += key.endswith("token_uses.json")
            return super().put(key, *args, **more)  # type: ignore[arg-type]

    uses = TokenUses(EnvironmentStorage(Counting()))
    for second in range(0, 7200, 7):
        uses.note("t", NOON + timedelta(seconds=second))

    assert Counting.puts == 2
