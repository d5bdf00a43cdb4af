"""Seeing somebody off: what waits for them is told first, and everything ends in one step."""

from __future__ import annotations

import re

import pytest

from miniprogram.documents.audit_event import Event
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.identity.tokens import create_token
from miniprogram.notices.subscribing import add_subscription, disable_subscription
from miniprogram.refusals import Denied, Refused, Unacceptable
from miniprogram.releases.commands.offboarding import offboard
from miniprogram.releases.queries.leaving import leaving
from plugins.server.conftest import API, CONSOLE, Browser


def owner(world) -> CommandContext:
    return CommandContext(world.storage, store_owner("owner"), world.now())


def last_event(world) -> Event:
    return read_environment(world.storage).trail.latest[-1]


def work_of(world, name: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.version, each.why, each.falls_to) for each in leaving(owner(world), name).work]


def test_own_releases_fall_to_who_has_the_role_there(world) -> None:
    world.drafted()
    assert work_of(world, "ann") == [("1.0.0", "made it", ("cleo",))]

    world.do("ann", "apply")
    add_member(owner(world), "dan", [Grant(role=Role.DEVELOPER, host_app="wallet", program="shop")])
    add_member(owner(world), "eve", [Grant(role=Role.DEVELOPER, host_app="wallet", program="acme_*")])

    assert work_of(world, "ann") == [("1.0.0", "asked for the review", ("cleo", "dan"))]


def test_reviews_fall_to_other_reviewers_and_never_to_the_applicant(world) -> None:
    world.drafted()
    world.do("cleo", "apply")

    assert work_of(world, "bob") == [("1.0.0", "can review it", ())]

    add_member(owner(world), "rita", [Grant(role=Role.REVIEWER)])
    assert work_of(world, "bob") == [("1.0.0", "can review it", ("rita",))]


def test_what_is_done_waits_for_nobody(world) -> None:
    world.full()

    assert work_of(world, "ann") == work_of(world, "bob") == []


def test_what_cannot_be_read_is_named(world) -> None:
    world.drafted()
    key = world.storage.keys.release_document_key("shop")
    world.storage.store.put(key, b"{", content_type="application/json", cache_control="no-store")

    assert leaving(owner(world), "ann").unreadable == ("shop",)


def test_one_step_takes_everything_away_and_is_on_record(world, browser) -> None:
    world.drafted()
    add_member(owner(world), "dan", [Grant(role=Role.DEVELOPER)])
    world.tokens["dan"] = create_token(owner(world), "dan").token
    dan = world.client.post(f"{CONSOLE}/login", data={"token": world.tokens["dan"]}).cookies
    world.client.cookies.clear()
    assert world.client.get(f"{CONSOLE}/", headers=_cookie(dan)).status_code == 200
    page = browser.sign_in("cleo").get("/people/dan/offboard")
    assert "See them off" in page

    browser.send("/people/dan/offboard", {"reason": "moved to another company"})
    world.client.cookies.clear()

    assert world.client.get(f"{CONSOLE}/", headers=_cookie(dan)).status_code == 303
    assert world.call("dan", "GET", f"{API}/me").status_code == 401
    assert read_environment(world.storage).member("dan") is None
    event = last_event(world)
    assert (event.command, event.subject, event.reason) == ("member offboard", "dan", "moved to another company")
    assert event.details["grants"] == ["developer"]


def _cookie(cookies) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def test_tokens_they_made_for_others_are_told_and_end_if_that_is_said(world) -> None:
    add_member(owner(world), "dan", [Grant(role=Role.ADMIN)])
    world.tokens["dan"] = create_token(owner(world), "dan").token
    made = world.call("dan", "POST", f"{API}/tokens", {"member": "bob", "description": "nightly"}).json()
    world.tokens["nightly"] = made["token"]

    told = world.call("cleo", "GET", f"{API}/members/dan/leaving").json()
    assert [each["id"] for each in told["tokensTheyMade"]] == [made["id"]]
    assert told["done"] is False

    offboard(owner(world), "dan", reason="left")
    assert world.call("nightly", "GET", f"{API}/me").status_code == 200
    add_member(owner(world), "dan", [Grant(role=Role.ADMIN)])
    offboard(owner(world), "dan", reason="left", revoke_made=True)
    assert world.call("nightly", "GET", f"{API}/me").status_code == 401


def test_where_they_had_notices_sent_is_told_at_every_door(world) -> None:
    add_member(owner(world), "dan", [Grant(role=Role.ADMIN)])
    context = CommandContext(world.storage, Actor(name="dan", grants=(Grant(role=Role.ADMIN),)), world.now())
    made = add_subscription(context, "https://hooks.example.com/secret-path").subscription
    off = add_subscription(context, "https://off.example.com/").subscription
    disable_subscription(context, off.id)
    add_subscription(owner(world), "https://others.example.com/")

    told = world.call("cleo", "GET", f"{API}/members/dan/leaving").json()["subscriptionsTheyMade"]
    page = Browser(world).sign_in("cleo").get("/people/dan/offboard")

    assert [(each["id"], each["host"]) for each in told] == [(made.id, "hooks.example.com")]
    assert "hooks.example.com" in page
    assert made.id in page
    assert not re.search("secret-path|others.example|off.example", page)


def test_the_last_administrator_is_not_seen_off(world) -> None:
    with pytest.raises(Refused, match="cleo is the last one"):
        offboard(owner(world), "cleo", reason="left")


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_it_takes_a_reason(world, reason: str | None) -> None:
    with pytest.raises(Unacceptable, match="say why"):
        offboard(owner(world), "ann", reason=reason)
    assert read_environment(world.storage).member("ann") is not None


def test_it_takes_an_administrator(world) -> None:
    assert world.call("ann", "GET", f"{API}/members/bob/leaving").status_code == 403
    answer = world.call("ann", "POST", f"{API}/members/bob/offboard", {"reason": "x"}, if_match="*")
    assert (answer.status_code, answer.json()["rule"]) == (403, "role")
    nobody = owner(world)
    with pytest.raises(Denied):
        leaving(CommandContext(world.storage, nobody.actor.model_copy(update={"grants": ()}), nobody.now), "bob")
