"""Roles can be taken away, and what a member loses its tokens lose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.members import add_member, list_members, revoke_roles
from miniprogram.identity.roles import REVIEWER, Grant, Role, store_owner
from miniprogram.identity.tokens import authenticate, create_token
from miniprogram.refusals import Denied, NotFound, Refused, Unacceptable
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON

REVIEWS = Grant(role=Role.REVIEWER)
WALLET_ONLY = Grant(role=Role.OPERATOR, host_app="wallet")


@pytest.fixture
def context() -> CommandContext:
    context = CommandContext(EnvironmentStorage(MemoryObjectStore()), store_owner("owner"), NOON)
    add_member(context, "ann@example.com", [REVIEWS, WALLET_ONLY])
    return context


def test_a_role_is_gone_for_the_member_and_its_tokens(context: CommandContext) -> None:
    token = create_token(context, "ann@example.com").token
    assert authenticate(context.storage, token, now=NOON).has(REVIEWER, None)

    revoke_roles(context, "ann@example.com", [REVIEWS], reason="moved on")

    assert list_members(context.storage).members[0].grants == (WALLET_ONLY,)
    assert not authenticate(context.storage, token, now=NOON).has(REVIEWER, None)


@pytest.mark.parametrize(
    "grant",
    [Grant(role=Role.ADMIN), Grant(role=Role.OPERATOR), Grant(role=Role.OPERATOR, host_app="bank")],
    ids=["another role", "everywhere", "another app"],
)
def test_only_what_was_given_can_be_taken(context: CommandContext, grant: Grant) -> None:
    with pytest.raises(NotFound, match="was not given"):
        revoke_roles(context, "ann@example.com", [grant])


def test_the_last_role_goes_with_the_member(context: CommandContext) -> None:
    with pytest.raises(Refused) as caught:
        revoke_roles(context, "ann@example.com", [REVIEWS, WALLET_ONLY])

    assert caught.value.rule == "role_left"


def test_it_takes_an_admin_and_a_role(context: CommandContext) -> None:
    nobody = replace(context, actor=context.actor.model_copy(update={"grants": ()}))
    with pytest.raises(Denied):
        revoke_roles(nobody, "ann@example.com", [REVIEWS])
    with pytest.raises(Unacceptable):
        revoke_roles(context, "ann@example.com", [])
