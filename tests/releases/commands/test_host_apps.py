"""Host apps change their title and go when nothing hangs on them."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.identity.host_apps import add_app, list_apps, update_app
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import EVERYWHERE, Grant, Role
from miniprogram.refusals import Denied, NotFound, Refused, Unacceptable
from miniprogram.releases.commands.host_apps import remove_app
from miniprogram.releases.execution import perform
from miniprogram.targets import Stage


def names(world: Any) -> list[str]:
    return [each.name for each in list_apps(world.storage).apps]


def test_what_people_call_an_app_changes_and_its_rules_stay(world: Any) -> None:
    before = list_apps(world.storage).apps[0]

    update_app(world.context, "wallet", title="The wallet")
    update_app(world.context, "wallet", platforms=("ios",))

    after = list_apps(world.storage).apps[0]
    assert (after.title, after.platforms) == ("The wallet", ("ios",))
    assert after.environments == before.environments


@pytest.mark.parametrize(
    ("app", "changes", "error"),
    [
        ("wallet", {}, Unacceptable),
        ("wallet", {"title": "a\u202eb"}, Unacceptable),
        ("wallet", {"platforms": ("fridge",)}, Unacceptable),
        ("bank", {"title": "x"}, NotFound),
    ],
    ids=["nothing", "text", "platform", "unknown"],
)
def test_what_does_not_fit_changes_nothing(
    world: Any, app: str, changes: dict[str, Any], error: type[MiniProgramError]
) -> None:
    before = list_apps(world.storage)
    with pytest.raises(error):
        update_app(world.context, app, **changes)
    assert list_apps(world.storage) == before


def test_an_app_that_nobody_uses_goes_and_comes_back_blank(world: Any) -> None:
    add_app(world.context, "bank", title="Old", stages=[Stage.TEST])

    remove_app(world.context, "bank", reason="sold")

    assert names(world) == ["wallet"]
    add_app(world.context, "bank")
    assert [each.name for each in list_apps(world.storage).apps[0].environments] == ["production"]


@pytest.mark.parametrize("state", ["drafted", "approved", "piloted", "prepared", "full"])
def test_an_app_with_a_release_stays(world: Any, state: str) -> None:
    getattr(world, state)("1.0.0")

    with pytest.raises(Refused, match="releases to wallet, of shop"):
        remove_app(world.context, "wallet")

    assert names(world) == ["wallet"]


def test_an_app_with_a_full_release_stays_until_it_serves_nothing(world: Any) -> None:
    world.full("1.0.0")
    with pytest.raises(Refused, match="shop") as caught:
        remove_app(world.context, "wallet")
    assert "release rollback --to none" in (caught.value.hint or "")

    perform(world.context, "shop", "rollback", None, world.target, to="none", reason="the app goes")

    remove_app(world.context, "wallet")
    assert names(world) == []


def test_a_role_for_the_app_alone_must_go_first(world: Any) -> None:
    add_app(world.context, "bank")
    add_member(world.context, "olga", [Grant(role=Role.OPERATOR, host_app="bank")])

    with pytest.raises(Refused, match="of olga") as caught:
        remove_app(world.context, "bank")

    assert "member revoke olga --role ROLE --app bank" in (caught.value.hint or "")


def test_the_app_of_all_other_hosts_goes_though_roles_are_for_every_app(world: Any) -> None:
    add_app(world.context, EVERYWHERE)
    add_member(world.context, "olga", [Grant(role=Role.OPERATOR)])

    remove_app(world.context, EVERYWHERE)

    assert names(world) == ["wallet"]


def test_an_unreadable_program_keeps_the_app(world: Any) -> None:
    """Nobody can tell what is released in it."""
    world.storage.store.put(world.storage.keys.release_document_key("shop"), b'{"a')

    with pytest.raises(Refused, match="shop"):
        remove_app(world.context, "wallet")


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMIN])
def test_only_admins_change_or_remove_apps(world: Any, role: Role) -> None:
    person = world.as_person("dev", role)
    with pytest.raises(Denied):
        update_app(person, "wallet", title="Mine")
    with pytest.raises(Denied):
        remove_app(person, "wallet")
