"""People and tokens in the console: what administrators do, and what everybody else is kept from."""

from __future__ import annotations

import re

import pytest

from miniprogram.documents.audit_event import Event
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member, list_members
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import authenticate, create_token
from miniprogram.targets import Stage
from miniprogram.testing import NOON

WALLET = Grant(role=Role.OPERATOR, host_app="wallet", environment=Stage.TEST, program="acme_*")


def owner(world) -> CommandContext:
    return CommandContext(world.storage, store_owner("owner"), NOON)


def grants_of(world, name: str) -> tuple[Grant, ...]:
    return next(each.grants for each in list_members(world.storage).members if each.name == name)


def last_event(world) -> Event:
    return read_environment(world.storage).trail.latest[-1]


def test_a_role_is_given_and_taken_with_its_scope_and_reason(world, browser) -> None:
    browser.sign_in("cleo").get("/people")
    scope = {"role": "operator", "host_app": "wallet", "environment": "test", "program": "acme_*"}
    browser.send("/members", {"name": "dan@corp.example", "title": "Dan", **scope, "reason": "on call"})
    assert "dan@corp.example has the role operator on wallet:test for acme_* now." in browser.get("/people")
    assert (grants_of(world, "dan@corp.example"), last_event(world).reason) == ((WALLET,), "on call")

    browser.get("/people/dan@corp.example")
    browser.send("/people/dan@corp.example/give", {"role": "reviewer", "reason": "reviews too"})
    browser.get("/people/dan@corp.example")
    browser.send("/people/dan@corp.example/take", {"grant": str(WALLET), "reason": "not on call"})

    assert grants_of(world, "dan@corp.example") == (Grant(role=Role.REVIEWER),)
    event = last_event(world)
    assert (event.command, event.actor, event.reason, event.via) == (
        "member revoke", "cleo", "not on call", "console",
    )  # fmt: skip


def test_who_has_no_role_everywhere_sees_nobody_else(world, browser) -> None:
    add_member(owner(world), "eve", [Grant(role=Role.ADMIN, host_app="wallet")])
    world.tokens["eve"] = create_token(owner(world), "eve").token
    browser.sign_in("eve")

    page = browser.get("/people")
    assert 'href="/console/people/eve"' in page
    assert "/console/people/bob" not in page
    assert "Give the role" not in page
    assert world.client.get("/console/people/bob").status_code == 404
    assert "bob" not in browser.get("/tokens")


FORGED = {
    "role for somebody": ("/members", {"name": "mallory", "role": "admin"}),
    "role for oneself": ("/members", {"name": "eve", "role": "admin"}),
    "wider scope": ("/people/eve/give", {"role": "admin", "host_app": ""}),
    "another's roles": ("/people/eve/take", {"grant": "admin on wallet:*"}),
    "another's token": ("/tokens", {"member": "cleo"}),
    "more in a token": ("/tokens", {"role": "admin", "host_app": ""}),
    "elsewhere in a token": ("/tokens", {"role": "admin", "host_app": "bank"}),
}


@pytest.mark.parametrize(("path", "fields"), FORGED.values(), ids=FORGED)
def test_a_member_who_edits_form_values_gets_no_more(world, browser, path, fields) -> None:
    held = [Grant(role=Role.ADMIN, host_app="wallet"), Grant(role=Role.REVIEWER, host_app="wallet")]
    add_member(owner(world), "eve", held)
    world.tokens["eve"] = create_token(owner(world), "eve").token
    browser.sign_in("eve").get("/tokens")
    before = read_environment(world.storage)

    browser.refused(path, {**fields, "revision": ""})

    after = read_environment(world.storage)
    assert (after.members, after.tokens) == (before.members, before.tokens)


def test_a_token_is_shown_once_and_not_made_twice(world, browser) -> None:
    browser.sign_in("ann").get("/tokens")
    sent = {"description": "the laptop", "csrf": browser.hidden("csrf"), "revision": browser.hidden("revision")}

    answer = world.client.post("/console/tokens", data=sent)
    again = world.client.post("/console/tokens", data=sent)  # the page was loaded again

    made = re.search(r'<code id="made">(mpt_[^<]+)</code>', answer.text)
    assert made is not None
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert authenticate(world.storage, made[1], now=NOON).name == "ann"
    assert again.status_code == 303
    assert made[1] not in browser.get("/tokens") + browser.get("/audit") + browser.get("/people/ann")
    labels = [each.description for each in read_environment(world.storage).tokens]
    assert labels.count("the laptop") == 1


def test_whoever_is_signed_in_revokes_their_own_and_is_out(world, browser) -> None:
    page = browser.sign_in("ann").get("/tokens")
    (mine,) = re.findall(r'href="(/console/tokens/[0-9a-f]+/revoke)"', page)
    browser.get(mine.removeprefix("/console"))

    browser.send(mine.removeprefix("/console"), {"reason": "lost"})

    assert last_event(world).reason == "lost"
    assert world.client.get("/console/tokens").headers["location"].startswith("/console/login")


def test_the_last_administrator_is_told_why_they_stay(world, browser) -> None:
    browser.sign_in("cleo").get("/people/cleo")

    page = browser.refused("/people/cleo/take", {"grant": "admin"})

    assert "cleo is the last one who administers this environment" in page
    assert "Give it to somebody else first" in page


def test_people_are_found_by_name_and_role(world, browser) -> None:
    for number in range(120):
        add_member(owner(world), f"tester-{number:03}@corp.example", [Grant(role=Role.OPERATOR)], title="Crew")
    browser.sign_in("cleo")

    assert "1–50 of 124 members" in browser.get("/people")
    assert "tester-119@corp.example" in browser.get("/people?search=CREW&page=3")
    assert browser.get("/people?role=inspector").count('data-label="Who"') == 1
    assert "Nobody fits that." in browser.get("/people?search=nobody-at-all")
