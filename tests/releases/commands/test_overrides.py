"""Who may take an override back: whoever may set one there."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.identity.host_apps import add_app
from miniprogram.identity.roles import Role
from miniprogram.refusals import Denied, NotFound, Refused
from miniprogram.releases.commands.overrides import add_override, remove_override
from miniprogram.releases.queries.history import history
from miniprogram.targets import Stage, Target

ANN = {"attribute": "userId", "operator": "in", "values": ["ann"]}
BANK = Target(host_app="bank", environment=Stage.PRODUCTION)


def deny(context: Any, target: Target) -> str:
    made = add_override(context, "shop", target, kind="deny", audience=ANN, version=None, reason="a fault")
    return str(made.subject["id"])


@pytest.fixture
def ids(world: Any) -> tuple[str, str]:
    """Of an override on wallet and one on bank."""
    add_app(world.context, "bank")
    return deny(world.context, world.target), deny(world.context, BANK)


@pytest.mark.parametrize(
    "scope",
    [{}, {"host_app": "wallet"}, {"host_app": "wallet", "environment": Stage.PRODUCTION}, {"program": "shop"}],
    ids=["everywhere", "one app", "one target", "one program"],
)
def test_an_operator_lifts_what_they_set(world: Any, scope: dict[str, Any]) -> None:
    operator = world.as_person("olga", Role.OPERATOR, **scope)
    made = deny(operator, world.target)

    remove_override(operator, "shop", made, reason="mended")

    assert world.document.overrides == ()
    last = history(world.storage, "shop").events[0]
    assert (last.command, last.subject, last.target) == ("release lift", made, str(world.target))


def test_one_that_may_not_be_read_is_as_one_that_is_not_there(world: Any, ids: tuple[str, str]) -> None:
    operator = world.as_person("olga", Role.OPERATOR, host_app="wallet")
    told = []
    for override_id in (ids[1], "o-999"):
        with pytest.raises(NotFound) as caught:
            remove_override(operator, "shop", override_id, reason="x")
        told.append(str(caught.value).replace(override_id, "ID"))

    assert told == [f"there is no override 'ID'; known: {ids[0]}"] * 2
    assert len(world.document.overrides) == 2


@pytest.mark.parametrize("kind", ["deny", "pin"])
@pytest.mark.parametrize(
    "target",
    [
        Target(host_app="walet", environment=Stage.PRODUCTION),
        Target(host_app="wallet", environment=Stage.DEVELOPMENT),
    ],
    ids=str,
)
def test_an_override_for_nobody_is_refused(world: Any, ids: tuple[str, str], target: Target, kind: Any) -> None:
    with pytest.raises(Refused, match=f"there is no host app environment {target}"):
        add_override(world.context, "shop", target, kind=kind, audience=ANN, version="1.0.0", reason="a fault")

    assert [each.id for each in world.document.overrides] == list(ids)


@pytest.mark.parametrize("role", [Role.DEVELOPER, Role.REVIEWER, Role.INSPECTOR])
def test_who_only_reads_one_is_denied(world: Any, ids: tuple[str, str], role: Role) -> None:
    with pytest.raises(Denied, match="release lift on wallet:production"):
        remove_override(world.as_person("dev", role, host_app="wallet"), "shop", ids[0], reason="x")
