"""Tokens: what they are made of, how long they hold, and what the list and the trail say of them."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta

import pytest

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import (
    actor_of_token,
    authenticate,
    create_token,
    list_tokens,
    revoke_token,
)
from miniprogram.refusals import Denied, NotFound
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage
from miniprogram.testing import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def context() -> CommandContext:
    context = CommandContext(
        EnvironmentStorage(MemoryObjectStore(), environment="team"), store_owner("root"), NOON
    )
    add_member(context, "ann", [Grant(role=Role.REVIEWER)])
    return context


def test_a_token_is_an_id_and_a_secret_of_32_bytes(context: CommandContext) -> None:
    made = create_token(context, "ann")

    prefix, token_id, secret = made.token.split("_", 2)
    assert (prefix, token_id, len(token_id)) == ("mpt", made.id, 10)
    assert len(urlsafe_b64decode(secret + "=")) == 32


def test_a_token_holds_for_90_days_unless_it_is_said(context: CommandContext) -> None:
    assert create_token(context, "ann").expires_at == to_iso(NOON + timedelta(days=90))
    assert create_token(context, "ann", days=1).expires_at == to_iso(NOON + timedelta(days=1))


def test_the_list_shows_the_newest_first_and_how_each_is(context: CommandContext) -> None:
    ids = [
        create_token(replace(context, now=NOON + hours * HOUR), "ann", days=days).id
        for hours, days in ((2, 1), (0, 2), (3, 2), (1, 2))
    ]
    revoke_token(context, ids[1])

    listed = list_tokens(context.storage, now=NOON + timedelta(days=1) + 2 * HOUR)

    assert (listed.environment_name, listed.revision) == ("team", read_environment(context.storage).revision)
    assert [(each.id, each.state) for each in listed.tokens] == [
        (ids[2], "active"), (ids[0], "expired"), (ids[3], "active"), (ids[1], "revoked"),
    ]  # fmt: skip
    assert all(each.grants == ("reviewer",) for each in listed.tokens)


def test_the_trail_says_whose_token_was_made_and_why_it_ended(context: CommandContext) -> None:
    made = create_token(context, "ann")
    created = read_environment(context.storage).trail.latest[-1]
    revoke_token(context, made.id, reason="lost")
    revoked = read_environment(context.storage).trail.latest[-1]

    assert (created.command, created.subject, created.details) == ("token create", made.id, {"member": "ann"})
    assert (revoked.command, revoked.subject, revoked.reason) == ("token revoke", made.id, "lost")


def test_a_token_that_is_not_there_is_named_with_those_that_are(context: CommandContext) -> None:
    with pytest.raises(NotFound, match="there is no token 't'; known: none"):
        revoke_token(context, "t")
    ids = [create_token(context, "ann").id for _ in range(2)]
    with pytest.raises(NotFound, match=f"there is no token 't'; known: {ids[0]}, {ids[1]}"):
        revoke_token(context, "t")


def test_nobody_gets_a_token_for_who_is_no_member(context: CommandContext) -> None:
    with pytest.raises(NotFound, match="there is no member 'eve'; known: ann"):
        create_token(context, "eve")
    empty = CommandContext(EnvironmentStorage(MemoryObjectStore()), store_owner("root"), NOON)
    with pytest.raises(NotFound, match="there is no member 'eve'; known: none"):
        create_token(empty, "eve")


@pytest.mark.parametrize("via", ["api", "console"])
def test_who_shows_a_token_came_by_some_way(context: CommandContext, via: str) -> None:
    made = create_token(context, "ann")

    actor = authenticate(context.storage, made.token, now=NOON, via=via)

    assert (actor.name, actor.via, actor.token, actor.token_created_by) == ("ann", via, made.id, "root")
    assert actor_of_token(context.storage, made.id, now=NOON, via=via) == actor


def test_a_session_ends_with_its_token(context: CommandContext) -> None:
    made = create_token(context, "ann", days=1)

    assert actor_of_token(context.storage, made.id, now=NOON + 23 * HOUR, via="console").name == "ann"
    with pytest.raises(Denied, match=f"{made.id} is expired"):
        actor_of_token(context.storage, made.id, now=NOON + 24 * HOUR, via="console")
    with pytest.raises(Denied, match="not known"):
        actor_of_token(context.storage, "other", now=NOON, via="console")


@pytest.mark.parametrize(
    ("grant", "text"),
    [
        (Grant(role=Role.REVIEWER), "reviewer"),
        (Grant(role=Role.REVIEWER, host_app="wallet"), "reviewer on wallet:*"),
        (Grant(role=Role.REVIEWER, environment=Stage.TEST), "reviewer on *:test"),
        (Grant(role=Role.REVIEWER, program="acme_*"), "reviewer for acme_*"),
        (
            Grant(role=Role.ADMIN, host_app="wallet", environment=Stage.TEST, program="shop"),
            "admin on wallet:test for shop",
        ),
    ],
)
def test_a_grant_says_where_it_holds(grant: Grant, text: str) -> None:
    assert str(grant) == text
