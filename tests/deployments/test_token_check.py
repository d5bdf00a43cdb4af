"""`cloud doctor` tells of tokens before they end, and a little longer of those that were in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from miniprogram.deployments.token_check import token_checks
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.token_uses import TokenUses
from miniprogram.identity.tokens import create_token, revoke_token
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON

DAY = timedelta(days=1)


@pytest.fixture
def context() -> CommandContext:
    context = CommandContext(
        EnvironmentStorage(MemoryObjectStore(), environment="team"), store_owner("root"), NOON
    )
    add_member(context, "pipeline", [Grant(role=Role.DEVELOPER)])
    return context


def told(context: CommandContext, days: int) -> list[tuple[str, str]]:
    checks = token_checks(context.storage, NOON + days * DAY)
    return [(each.status, f"{each.summary} {each.detail or ''}") for each in checks]


def test_without_tokens_there_is_no_line(context: CommandContext) -> None:
    assert told(context, 0) == []


@pytest.mark.parametrize(("day", "status"), [(15, "ok"), (16, "warning"), (29, "warning")])
def test_a_token_is_told_of_two_weeks_ahead(context: CommandContext, day: int, status: str) -> None:
    made = create_token(context, "pipeline", days=30, description="nightly")

    ((found, text),) = told(context, day)

    assert found == status
    assert (f"{made.id} (nightly) of pipeline ends {made.expires_at[:10]}" in text) == (status == "warning")
    assert ("token create --member pipeline --env team" in text) == (status == "warning")


def test_one_that_ended_is_told_of_where_it_was_in_use(context: CommandContext) -> None:
    idle, used = create_token(context, "pipeline", days=30), create_token(context, "pipeline", days=30)
    TokenUses(context.storage).note(used.id, NOON + 29 * DAY)

    ((status, text),) = told(context, 31)

    assert status == "warning"
    assert f"{used.id} of pipeline ended" in text
    assert idle.id not in text
    assert told(context, 60) == []


def test_a_revoked_one_is_over(context: CommandContext) -> None:
    revoke_token(replace(context, now=NOON + DAY), create_token(context, "pipeline", days=5).id)

    assert told(context, 2) == []


def test_what_cannot_be_read_is_an_error(context: CommandContext) -> None:
    context.storage.store.put("metadata/admin/environment.json", b"{")

    assert [status for status, _ in told(context, 0)] == ["error"]
