"""The first administrator: by a link that counts once, and by nobody who merely comes first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.first_administrator import make_first_administrator
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import authenticate
from miniprogram.refusals import Refused
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON
from miniprogram_server.asgi import DeliveryApp
from miniprogram_server.console.mounting import AdministeredDelivery
from miniprogram_server.console.set_up import new_set_up_code
from plugins.server.conftest import CONSOLE, Administered

CODE = new_set_up_code()
SAID = {"code": CODE.text, "name": "ann@corp.example", "title": "Ann"}
AT = f"{CONSOLE}/set-up"


@pytest.fixture
def new() -> Iterator[Administered]:
    """An environment without anybody, served with a link to set it up."""
    storage = EnvironmentStorage(MemoryObjectStore(), environment="team")
    profile = cloud_profile(artifacts_prefix="artifacts", metadata_prefix="metadata")
    delivery = DeliveryApp(DeliveryService(StoreSource(storage.store), profile), None)
    app = AdministeredDelivery(delivery, storage, now=lambda: NOON, set_up=CODE.digest)
    made = Administered(storage, app, {}, lambda: NOON)
    yield made
    made.client.close()


def members(new: Administered) -> list[str]:
    return [each.name for each in read_environment(new.storage).members]


def test_the_link_makes_an_administrator_and_signs_them_in(new: Administered) -> None:
    page = new.client.get(f"{AT}?code={CODE.text}")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "Set up team" in page.text
    assert members(new) == [], "looking uses nothing up"

    done = new.client.post(AT, data=SAID)

    assert done.status_code == 200
    token = done.text.partition('id="made">')[2].partition("<")[0]
    actor = authenticate(new.storage, token, now=NOON)
    assert (actor.name, actor.grants) == ("ann@corp.example", (Grant(role=Role.ADMIN),))
    assert new.client.get(f"{CONSOLE}/people").status_code == 200
    event = next(each for each in read_environment(new.storage).trail.latest if each.command == "token create")
    assert (event.actor, event.authenticated) == ("ann@corp.example", False)


def test_the_link_counts_once(new: Administered) -> None:
    new.client.post(AT, data=SAID)
    new.client.cookies.clear()

    again = new.client.post(AT, data={**SAID, "name": "eve@corp.example"})

    assert again.status_code == 403
    assert "set up already" in again.text
    assert new.client.get(f"{AT}?code={CODE.text}").status_code == 403
    assert members(new) == ["ann@corp.example"]


@pytest.mark.parametrize(
    "code",
    ["", "x", CODE.digest, CODE.text[:-1], CODE.text + "x"],
    ids=["none", "another", "digest", "shorter", "longer"],
)
def test_who_comes_without_the_link_becomes_nothing(new: Administered, code: str) -> None:
    assert new.client.get(AT, params={"code": code}).status_code == 403
    answer = new.client.post(AT, data={**SAID, "code": code})

    assert answer.status_code == 403
    assert "opens nothing" in answer.text
    assert members(new) == []
    assert "set-cookie" not in answer.headers


def test_guessing_is_slow_and_forms_from_elsewhere_do_nothing(new: Administered) -> None:
    evil = new.client.post(AT, data=SAID, headers={"origin": "https://evil.example"})
    codes = [new.client.post(AT, data={**SAID, "code": f"{number}"}).status_code for number in range(12)]

    assert evil.status_code == 403
    assert codes == [403] * 10 + [429] * 2
    assert members(new) == []


def test_a_name_that_cannot_be_comes_back_to_be_changed(new: Administered) -> None:
    answer = new.client.post(AT, data={**SAID, "name": "ann corp"})

    assert answer.status_code == 422
    assert 'value="ann corp"' in answer.text
    assert CODE.text in answer.text
    assert members(new) == []


def test_a_member_who_is_there_already_keeps_what_they_have(new: Administered) -> None:
    owner = CommandContext(new.storage, store_owner("owner"), NOON)
    add_member(owner, "ann@corp.example", [Grant(role=Role.REVIEWER)])

    new.client.post(AT, data=SAID)

    (ann,) = read_environment(new.storage).members
    assert ann.grants == (Grant(role=Role.REVIEWER), Grant(role=Role.ADMIN))


def test_the_model_makes_no_second_first_administrator() -> None:
    context = CommandContext(EnvironmentStorage(MemoryObjectStore()), store_owner("owner"), NOON)
    make_first_administrator(context, "ann")

    with pytest.raises(Refused, match="already") as caught:
        make_first_administrator(context, "eve")
    assert caught.value.rule == "not_administered"


def test_the_page_to_sign_in_says_where_the_link_is(new: Administered, world: Administered) -> None:
    assert "shows a link" in new.client.get(f"{CONSOLE}/login").text
    assert "shows a link" not in world.client.get(f"{CONSOLE}/login").text
    assert world.client.get(f"{AT}?code=").status_code == 403
