"""What a token may do ⊆ what its member may do ⊆ what the roles may do: role, app, environment and program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.changes import change_environment
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument, Member, read_environment
from miniprogram.identity.members import add_member, remove_member, revoke_roles
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.identity.tokens import authenticate, create_token, revoke_token
from miniprogram.refusals import Denied, Unacceptable
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON

Power = tuple[Role, Target | None, str | None]

BRINGS: dict[str, set[str]] = {
    "developer": {"developer"},
    "developer-admin": {"developer-admin", "developer"},
    "admin": {"admin", "developer-admin", "developer", "operator"},
    "reviewer": {"reviewer"},
    "operator": {"operator"},
    "inspector": {"inspector"},
    "automation": {"automation"},
}
"""What each role may do, by the roles it stands for."""

APPS = ("wallet", "bank", "an app of tomorrow")
TARGETS: list[Target | None] = [
    None,
    *(Target(host_app=app, environment=stage) for app, stage in product(APPS, Stage)),
]
PROGRAMS = (None, "shop", "acme_pay", "acme_", "acme", "shop_two")
EVERYTHING: set[Power] = set(product(Role, TARGETS, PROGRAMS))

grants = st.builds(
    Grant,
    role=st.sampled_from(Role),
    host_app=st.sampled_from(["*", "wallet", "bank"]),
    environment=st.sampled_from([None, *Stage]),
    program=st.sampled_from(["*", "shop", "acme_*", "acme_pay", "shop*"]),
)
some_grants = st.lists(grants, min_size=1, max_size=4)


def powers(actor: Actor) -> set[Power]:
    """All that the actor may do, asked one by one."""
    return {power for power in EVERYTHING if actor.has(frozenset({power[0]}), power[1], power[2])}


def powers_of(given: Iterable[Grant]) -> set[Power]:
    """What the grants stand for, worked out another way."""
    found: set[Power] = set()
    for grant in given:
        here = [target for target in TARGETS if _reaches(grant, target)]
        programs = [program for program in PROGRAMS if _is_for(grant, program)]
        found |= set(product(map(Role, BRINGS[grant.role]), here, programs))
    return found


def _reaches(grant: Grant, target: Target | None) -> bool:
    if target is None:
        return grant.host_app == "*" and grant.environment is None
    return grant.host_app in {"*", target.host_app} and grant.environment in {None, target.environment}


def _is_for(grant: Grant, program: str | None) -> bool:
    return grant.program == "*" or program in {
        "shop": {"shop"},
        "acme_*": {"acme_pay", "acme_"},
        "acme_pay": {"acme_pay"},
        "shop*": {"shop", "shop_two"},
    }.get(grant.program, set())


def test_every_role_is_written_down_here() -> None:
    assert BRINGS.keys() == set(Role)


@given(some_grants)
def test_grants_give_exactly_what_they_say(given: list[Grant]) -> None:
    assert powers(Actor(name="ann", grants=tuple(given))) == powers_of(given)


@given(grants, grants)
def test_a_grant_is_within_another_exactly_when_it_gives_no_more(one: Grant, other: Grant) -> None:
    assert one.within(other) == (powers_of([one]) <= powers_of([other]))


def environment(*given: Grant) -> CommandContext:
    """The owner of an environment with the member `ann`, and another who administers it whatever ann loses."""
    storage = EnvironmentStorage(MemoryObjectStore())
    context = CommandContext(storage, store_owner("root"), NOON)
    add_member(context, "zoe", [Grant(role=Role.ADMIN)])
    add_member(context, "ann", given)
    return context


def left_with(context: CommandContext, *kept: Grant) -> None:
    """The member `ann` is left with these grants, whoever took the others away."""

    def change(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Member]:
        member = document.member("ann")
        assert member is not None
        changed = member.model_copy(update={"grants": kept})
        members = tuple(changed if each.name == "ann" else each for each in document.members)
        return document.model_copy(update={"members": members}), changed

    change_environment(context, "member revoke", change, subject="ann")


@given(some_grants, st.lists(grants, max_size=4))
def test_a_token_is_made_with_what_its_member_has_or_not_at_all(held: list[Grant], wanted: list[Grant]) -> None:
    context = environment(*held)

    try:
        made = create_token(context, "ann", grants=wanted)
    except Unacceptable:
        assert any(all(powers_of([grant]) - powers_of([one]) for one in held) for grant in wanted)
        assert read_environment(context.storage).tokens == ()
        return
    actor = authenticate(context.storage, made.token, now=NOON)
    assert powers(actor) == powers_of(wanted or held)
    assert powers(actor) <= powers_of(held)
    assert (actor.name, actor.authenticated) == ("ann", True)


@given(some_grants, some_grants, st.data())
def test_what_a_member_loses_their_tokens_lose_at_once(
    held: list[Grant], later: list[Grant], data: st.DataObject
) -> None:
    context = environment(*held)
    carried = data.draw(st.lists(st.sampled_from(held), min_size=1))
    token = create_token(context, "ann", grants=carried).token

    left_with(context, *later)

    now = powers(authenticate(context.storage, token, now=NOON))
    assert now <= powers_of(carried)
    assert now <= powers_of(later)
    assert now >= powers_of(grant for grant in carried if grant in later)


@given(some_grants)
def test_a_member_without_roles_has_tokens_that_may_do_nothing(held: list[Grant]) -> None:
    context = environment(*held)
    token = create_token(context, "ann").token

    left_with(context)

    assert powers(authenticate(context.storage, token, now=NOON)) == set()


@given(some_grants, some_grants)
def test_a_token_that_says_more_than_its_member_has_gives_no_more(held: list[Grant], claimed: list[Grant]) -> None:
    """Whatever a document says that somebody edited by hand."""
    context = environment(*held)
    token = create_token(context, "ann").token

    def change(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Any]:
        changed = document.tokens[0].model_copy(update={"grants": tuple(claimed)})
        return document.model_copy(update={"tokens": (changed,)}), changed

    change_environment(context, "token create", change, subject="edited")

    assert powers(authenticate(context.storage, token, now=NOON)) <= powers_of(held) & powers_of(claimed)


@pytest.mark.parametrize(
    ("after_ms", "counts"), [(-1, True), (0, False), (1, False)], ids=["just before", "then", "after"]
)
def test_a_token_ends_at_its_time(after_ms: int, *, counts: bool) -> None:
    context = environment(Grant(role=Role.REVIEWER))
    token = create_token(context, "ann", days=3).token
    moment = NOON + timedelta(days=3, milliseconds=after_ms)

    assert opens(context, token, now=moment) == counts


@pytest.mark.parametrize(("days", "accepted"), [(0, False), (1, True), (366, True), (367, False)])
def test_a_token_is_not_for_ever(days: int, *, accepted: bool) -> None:
    context = environment(Grant(role=Role.REVIEWER))

    if accepted:
        assert opens(context, create_token(context, "ann", days=days).token)
    else:
        with pytest.raises(Unacceptable):
            create_token(context, "ann", days=days)


def test_whoever_leaves_and_comes_back_finds_their_old_tokens_closed() -> None:
    reviewer = Grant(role=Role.REVIEWER)
    context = environment(reviewer)
    add_member(context, "bob", [reviewer])
    old, other = create_token(context, "ann").token, create_token(context, "bob").token

    remove_member(context, "ann")
    assert not opens(context, old)
    add_member(context, "ann", [reviewer])

    assert not opens(context, old)
    assert opens(context, other)
    assert opens(context, create_token(context, "ann").token)


def test_revoking_ends_one_token_and_no_other() -> None:
    context = environment(Grant(role=Role.REVIEWER))
    first, second = create_token(context, "ann"), create_token(context, "ann")

    revoked = revoke_token(context, first.id)
    again = revoke_token(replace(context, now=NOON + timedelta(hours=1)), first.id)

    assert (revoked.state, again.revoked_at) == ("revoked", revoked.revoked_at)
    assert not opens(context, first.token)
    assert opens(context, second.token)


@pytest.mark.parametrize(
    "spoil",
    [str.upper, lambda text: text[:-1], lambda text: f"{text}x", lambda _: ""],
    ids=["case", "shorter", "longer", "nothing"],
)
def test_nothing_but_the_token_opens(spoil: Any) -> None:
    context = environment(Grant(role=Role.REVIEWER))
    token = create_token(context, "ann").token

    assert opens(context, token)
    assert not opens(context, spoil(token))


@pytest.mark.parametrize("role", Role)
def test_people_and_tokens_are_for_admins_of_everything(role: Role) -> None:
    """An admin of one app, or of one of its environments, is no admin of the people."""
    context = environment(Grant(role=Role.REVIEWER))
    scopes = [
        (Grant(role=role), role is Role.ADMIN),
        (Grant(role=role, host_app="wallet"), False),
        (Grant(role=role, environment=Stage.PRODUCTION), False),
        (Grant(role=role, program="shop"), False),
        (Grant(role=role, program="s*"), False),
    ]
    for grant, may in scopes:
        acting = replace(context, actor=Actor(name="eve", grants=(grant,), authenticated=True))
        before = read_environment(context.storage)
        for act in (
            lambda acting=acting: add_member(acting, "dan", [Grant(role=Role.INSPECTOR)]),
            lambda acting=acting: create_token(acting, "ann"),
            lambda acting=acting: remove_member(acting, "dan"),
        ):
            if may:
                act()
                continue
            with pytest.raises(Denied):
                act()
            after = read_environment(context.storage)
            assert (after.members, after.tokens) == (before.members, before.tokens)


def opens(context: CommandContext, token: str, *, now: Any = NOON) -> bool:
    try:
        authenticate(context.storage, token, now=now)
    except Denied:
        return False
    return True


@given(some_grants)
def test_whoever_may_do_anything_somewhere_may_read_there_and_nobody_else(held: list[Grant]) -> None:
    actor, may = Actor(name="ann", grants=tuple(held)), powers_of(held)

    for target, program in product(TARGETS, PROGRAMS):
        touched = any(
            (target is None or there == target) and (program is None or about == program)
            for _, there, about in may
            if (there is not None or target is None) and (about is not None or program is None)
        )
        assert actor.sees(target, program) == touched
    assert actor.sees_everything() == any(target is None and program is None for _, target, program in may)


@given(st.lists(grants, min_size=2, max_size=4, unique_by=str), st.data())
def test_roles_taken_away_are_gone_and_nothing_else_is(held: list[Grant], data: st.DataObject) -> None:
    context = environment(*held)
    token = create_token(context, "ann").token
    taken = data.draw(st.lists(st.sampled_from(held), min_size=1, max_size=len(held) - 1, unique_by=str))

    revoke_roles(context, "ann", taken)

    kept = [grant for grant in held if grant not in taken]
    allowed = [grant for grant in held if any(grant.within(each) for each in kept)]
    assert powers(authenticate(context.storage, token, now=NOON)) == powers_of(allowed) == powers_of(kept)


@pytest.mark.parametrize("program", ["", "**", "*x", "a*b", "a/b", "..", " shop", "shop\n", "é", "x" * 129])
def test_a_grant_names_a_program_or_the_beginning_of_its_id(program: str) -> None:
    with pytest.raises(ValueError, match="program"):
        Grant(role=Role.DEVELOPER, program=program)


def test_the_trail_tells_the_token_and_who_made_it() -> None:
    context = environment(Grant(role=Role.ADMIN))
    made = create_token(context, "ann")
    ann = authenticate(context.storage, made.token, now=NOON)

    add_member(replace(context, actor=ann), "bob", [Grant(role=Role.REVIEWER)])

    event = read_environment(context.storage).trail.latest[-1]
    assert (event.actor, event.token, event.token_created_by) == ("ann", made.id, "root")
