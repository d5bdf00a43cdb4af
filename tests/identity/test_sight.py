"""Which events somebody may read."""

from __future__ import annotations

import pytest

from miniprogram.identity.roles import Actor, Grant, Role
from miniprogram.identity.sight import sees_event
from miniprogram.targets import Stage

SANDBOX = Grant(role=Role.DEVELOPER, host_app="wallet", environment=Stage.SANDBOX)


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        (None, True),
        ("wallet:sandbox", True),
        ("wallet:*", True),
        ("wallet:production", False),
        ("bank:sandbox", False),
        ("bank:*", False),
        ("*:sandbox", False),
    ],
)
def test_an_event_is_for_those_with_a_role_where_it_was(target: str | None, *, seen: bool) -> None:
    assert sees_event(Actor(name="ann", grants=(SANDBOX,)), "shop", target) == seen
