"""What no change to people may come to: nobody administers them any more, or somebody gave roles to themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.denials import list_denials
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member, remove_member, revoke_roles
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.refusals import Denied, Refused
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage
from miniprogram.testing import NOON

ADMIN = Grant(role=Role.ADMIN)
REVIEWER = Grant(role=Role.REVIEWER)
ELSEWHERE = (
    Grant(role=Role.ADMIN, host_app="wallet"),
    Grant(role=Role.ADMIN, environment=Stage.TEST),
    Grant(role=Role.ADMIN, program="acme_*"),
)
Act = Callable[[CommandContext], object]


@pytest.fixture
def context() -> CommandContext:
    context = CommandContext(EnvironmentStorage(MemoryObjectStore()), store_owner("owner"), NOON)
    add_member(context, "ann", [ADMIN, REVIEWER])
    add_member(context, "bob", [*ELSEWHERE, REVIEWER])
    return context


def as_member(context: CommandContext, name: str, *grants: Grant) -> CommandContext:
    return replace(context, actor=Actor(name=name, grants=grants, authenticated=True, via="api"))


LOSSES: dict[str, Act] = {
    "removed": partial(remove_member, name="ann"),
    "role taken": partial(revoke_roles, name="ann", grants=[ADMIN]),
}


@pytest.mark.parametrize("act", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("who", ["owner", "ann"])
def test_the_last_administrator_stays_whoever_asks(context: CommandContext, act: Act, who: str) -> None:
    asking = context if who == "owner" else as_member(context, "ann", ADMIN)
    before = read_environment(context.storage)

    with pytest.raises(Refused, match="ann is the last one") as caught:
        act(asking)

    assert caught.value.rule == "administrator_left"
    assert read_environment(context.storage) == before


@pytest.mark.parametrize("act", LOSSES.values(), ids=LOSSES)
def test_with_another_one_there_the_first_may_go(context: CommandContext, act: Act) -> None:
    add_member(context, "cleo", [ADMIN])

    act(as_member(context, "ann", ADMIN))

    with pytest.raises(Refused, match="cleo is the last one"):
        remove_member(context, "cleo")


def test_an_environment_that_nobody_administers_yet_is_free(context: CommandContext) -> None:
    empty = replace(context, storage=EnvironmentStorage(MemoryObjectStore()))
    add_member(empty, "bob", [REVIEWER])

    remove_member(empty, "bob")

    assert read_environment(empty.storage).members == ()


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_role_to_themselves(context: CommandContext, role: Role) -> None:
    before = read_environment(context.storage).members

    with pytest.raises(Denied, match="another administrator") as caught:
        add_member(as_member(context, "ann", ADMIN), "ann", [Grant(role=role)])

    assert caught.value.rule == "own_rights"
    assert read_environment(context.storage).members == before
    assert list_denials(context.storage).denials[0].event.details == {"rule": "own_rights"}


def test_another_administrator_may_and_so_may_who_has_the_store(context: CommandContext) -> None:
    add_member(as_member(context, "cleo", ADMIN), "ann", [Grant(role=Role.INSPECTOR)], reason="for the audit")
    event = read_environment(context.storage).trail.latest[-1]
    add_member(replace(context, actor=store_owner("bob")), "bob", [Grant(role=Role.OPERATOR)])

    assert (event.subject, event.actor, event.reason) == ("ann", "cleo", "for the audit")
    assert read_environment(context.storage).trail.latest[-1].subject == "bob"


@pytest.mark.parametrize("grant", ELSEWHERE, ids=str)
def test_who_administers_a_part_gives_and_takes_nothing(context: CommandContext, grant: Grant) -> None:
    bob = as_member(context, "bob", grant)
    for act in (
        partial(add_member, name="dan", grants=[grant]),
        partial(revoke_roles, name="ann", grants=[REVIEWER]),
        partial(remove_member, name="ann"),
    ):
        with pytest.raises(Denied, match="takes the role admin"):
            act(bob)
