"""What hosts are answered at each step, through the delivery service itself."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.link_keys import compile_link_keys
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.evaluation.buckets import bucket
from miniprogram.delivery.evaluation.context.links import Link, sign_link
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.refusals import Refused
from miniprogram.releases.commands.links import issue_link, list_links, revoke_link
from miniprogram.releases.commands.overrides import add_override, set_otherwise
from miniprogram.releases.commands.segments import put_ids
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.why import why
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.targets import Kind, Stage, Target

NOW_NS = 1_893_585_600_000_000_000
"""Noon of 2030-01-02, as the clock of the commands says."""


class Hosts:
    """Hosts of the app wallet, asking a delivery service over the same store."""

    def __init__(self, world: Any) -> None:
        self.service = DeliveryService(
            StoreSource(world.store), cloud_profile(), clock_ns=lambda: NOW_NS, ledger=MemoryLedger()
        )

    def get(self, **sent: str) -> str:
        """The version served, or the reason for none."""
        query = urlencode({"hostApp": "wallet", "sdkVersion": "1.0.0", "capabilities": "analytics", **sent})
        response = self.service.handle(Request("GET", "/api/manifests/shop/latest", query))
        body = json.loads(response.body)
        return str(body["version"] if response.status == 200 else body["error"]["details"]["decisionReason"])


def test_the_whole_way_as_hosts_see_it(world: Any) -> None:
    hosts, context, target = Hosts(world), world.context, world.target
    before = hosts.get(userId="ann")
    world.drafted("1.0.0")
    assert (before, hosts.get(userId="ann")) == ("1.2.0", "1.2.0"), "drafts change nothing"

    perform(context, "shop", "apply", "1.0.0", target)
    perform(context, "shop", "approve", "1.0.0", target)
    perform(context, "shop", "pilot start", "1.0.0", target, testers=["Ann"])
    assert (hosts.get(userId="ann"), hosts.get(userId="bob")) == ("1.0.0", "1.2.0"), "others keep what they had"

    perform(context, "shop", "pilot complete", "1.0.0", target)
    perform(context, "shop", "finish", "1.0.0", target, final=True)
    assert hosts.get(userId="bob") == "1.0.0"

    world.shared("1.1.0", 5000)
    people = [f"user-{number}" for number in range(400)]
    half = {name for name in people if hosts.get(userId=name) == "1.1.0"}
    assert 150 < len(half) < 250
    perform(context, "shop", "grayscale", "1.1.0", target, basis_points=8000)
    assert half < {name for name in people if hosts.get(userId=name) == "1.1.0"}

    perform(context, "shop", "halt", "1.1.0", target, reason="crashes")
    assert {hosts.get(userId=name) for name in people} == {"1.0.0"}
    perform(context, "shop", "resume", "1.1.0", target)
    perform(context, "shop", "finish", "1.1.0", target, final=True)
    assert {hosts.get(userId=name) for name in people} == {"1.1.0"}

    perform(context, "shop", "rollback", None, target)
    assert hosts.get(userId="bob") == "1.0.0"
    perform(context, "shop", "force-remove", "1.0.0", target, reason="fraud")
    assert hosts.get(userId="bob") == "no_release_available"


def test_a_link_for_another_program_opens_nothing_whoever_is_asked(world: Any) -> None:
    """Signed with the very key of this program, for a release that has the same name there."""
    world.full("1.0.0")
    world.approved("1.1.0")
    perform(world.context, "shop", "pilot start", "1.1.0", world.target, testers=["ann"])
    release = world.document.live("1.1.0", world.target)
    key_id = issue_link(world.context, "shop", "1.1.0", world.target).link_id
    key = world.storage.keys.link_keys_key("shop")
    secret = compile_link_keys(Document(key, world.storage.store.get(key).body))[key_id]
    for program_id, expected in (("shop", "1.1.0"), ("cafe", "1.0.0")):
        link = Link(program_id, "wallet", "production", release.id, 2**33)
        token = sign_link(link, key_id, secret)

        explained = why(world.storage, "shop", world.target, {}, now=world.context.now, link=token)

        assert Hosts(world).get(link=token) == explained.version == expected
        reasons = {each.reason for each in explained.tried if each.step == "link" and each.version == "1.1.0"}
        assert reasons == ({None} if program_id == "shop" else {"link_for_another_program"})


def test_a_link_that_is_taken_back_opens_nothing_and_others_still_do(world: Any) -> None:
    world.full("1.0.0")
    world.approved("1.1.0")
    perform(world.context, "shop", "pilot start", "1.1.0", world.target, testers=["ann"])
    gone, stays = (issue_link(world.context, "shop", "1.1.0", world.target) for _ in range(2))
    assert {Hosts(world).get(link=each.token) for each in (gone, stays)} == {"1.1.0"}
    shown = {each.link_id: each for each in list_links(world.context, "shop", "1.1.0", world.target).links}
    assert shown == {gone.link_id: gone, stays.link_id: stays}, "shown again, a link is the same"

    revoke_link(world.context, "shop", "1.1.0", world.target, gone.link_id)

    assert Hosts(world).get(link=gone.token) == "1.0.0"
    assert Hosts(world).get(link=stays.token) == "1.1.0"
    left = list_links(world.context, "shop", "1.1.0", world.target).links
    assert [each.link_id for each in left] == [stays.link_id]


def test_a_share_begins_and_ends_at_the_place_of_the_visitor(world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 10_000)
    salt = world.document.live("1.1.0", world.target).salt
    visitor = next(name for name in map(str, range(100)) if 1 < bucket(salt, name) < 9_998)
    place = bucket(salt, visitor)
    for share, expected in ((place + 1, "1.1.0"), (place, "1.0.0")):
        perform(world.context, "shop", "shrink", "1.1.0", world.target, basis_points=share, reason="x")
        asked = why(world.storage, "shop", world.target, {"userId": visitor}, now=world.context.now)
        assert Hosts(world).get(userId=visitor) == asked.version == expected
    assert Hosts(world).get(userId=visitor, currentVersion="1.1.0") == "1.1.0", "who has it keeps it"


def test_shrinking_keeps_those_who_have_it(world: Any) -> None:
    hosts = Hosts(world)
    world.full("1.0.0")
    world.shared("1.1.0", 9000)
    people = [f"user-{number}" for number in range(200)]
    had = {name: hosts.get(userId=name) for name in people}
    perform(world.context, "shop", "shrink", "1.1.0", world.target, basis_points=0, reason="slow")

    assert {hosts.get(userId=name) for name in people} == {"1.0.0"}
    assert all(hosts.get(userId=name, currentVersion=version) == version for name, version in had.items())


def test_a_window_admits_so_many(world: Any) -> None:
    window = {"start": "2030-01-02T00:00:00Z", "end": "2030-01-03T00:00:00Z", "max_users": 3}
    hosts = Hosts(world)
    world.full("1.0.0")
    world.prepared("1.1.0", window=window)
    perform(world.context, "shop", "grayscale", "1.1.0", world.target)

    got = [hosts.get(userId=f"user-{number}") for number in (0, 1, 0, 2, 3, 4, 1)]

    assert got == ["1.1.0", "1.1.0", "1.1.0", "1.1.0", "1.0.0", "1.0.0", "1.1.0"]


def test_a_link_opens_a_test_version(world: Any) -> None:
    hosts, target = Hosts(world), Target(host_app="wallet", environment=Stage.TEST)
    perform(world.context, "shop", "create", "1.0.0", target, kind=Kind.TEST)
    said = {"title": "Shop", "description": "d", "server_domains": ()}
    perform(world.context, "shop", "configure", "1.0.0", target, **said)
    with pytest.raises(Refused):
        issue_link(world.context, "shop", "1.0.0", target)
    perform(world.context, "shop", "apply", "1.0.0", target)

    link = issue_link(world.context, "shop", "1.0.0", target, hours=1)

    assert link.url.startswith("https://api.example.com/api/manifests/shop/latest?hostApp=wallet&link=mpl1.")
    assert hosts.get(environment="test", link=link.token) == "1.0.0"
    forged = f"{link.token[:-9]}{'B' if link.token[-9] == 'A' else 'A'}{link.token[-8:]}"
    assert hosts.get(environment="test", link=forged) == "1.2.0"
    assert hosts.get(environment="test") == "1.2.0"
    explained = why(world.storage, "shop", target, {}, now=world.context.now, link=link.token)
    assert (explained.version, explained.step) == ("1.0.0", "link")
    late = why(world.storage, "shop", target, {}, now=world.later(2).now, link=link.token)
    assert [each.reason for each in late.tried] == ["link_expired"]


def test_the_answer_on_the_wire_is_the_service_route(world: Any) -> None:
    world.full("1.0.0")
    link = issue_link(world.context, "shop", "1.0.0", world.target)
    parts = urlsplit(link.url)

    query = f"{parts.query}&sdkVersion=1.0.0&capabilities=analytics"
    response = Hosts(world).service.handle(Request("GET", parts.path, query))

    assert (response.status, json.loads(response.body)["version"]) == (200, "1.0.0")


def test_audiences_and_exceptions(world: Any) -> None:
    hosts = Hosts(world)
    world.full("1.0.0")
    put_ids(world.context, "shop", "vip", ["ann", "bob"])
    audience = {"attribute": "userId", "operator": "segment", "values": ["vip"]}
    world.shared("1.1.0", 10_000, audience=audience)
    assert [hosts.get(userId=name) for name in ("ann", "bob", "eve")] == ["1.1.0", "1.1.0", "1.0.0"]

    bob = {"attribute": "userId", "operator": "in", "values": ["bob"]}
    add_override(world.context, "shop", world.target, kind="deny", audience=bob, version="1.1.0", reason="asked")
    eve = {"attribute": "userId", "operator": "in", "values": ["eve"]}
    add_override(world.context, "shop", world.target, kind="deny", audience=eve, version=None, reason="fraud")
    assert [hosts.get(userId=name) for name in ("ann", "bob", "eve")] == ["1.1.0", "1.0.0", "operator_deny"]


def test_hosts_without_a_target(world: Any) -> None:
    hosts = Hosts(world)
    world.full("1.0.0")
    assert hosts.get(hostApp="other") == "1.2.0"

    set_otherwise(world.context, "shop", "refuse")
    assert hosts.get(hostApp="other") == "no_target"


def test_why_names_the_clause(world: Any) -> None:
    world.full("1.0.0")
    germans = {"attribute": "country", "operator": "in", "values": ["de"]}
    world.shared("1.1.0", 10_000, audience={"all": [germans]})

    explained = why(world.storage, "shop", world.target, {"userId": "ann"}, now=world.context.now)

    assert (explained.version, explained.decision_reason) == ("1.0.0", "full_release")
    tried = next(each for each in explained.tried if each.step == "grayscale")
    assert (tried.reason, tried.asks, tried.attribute_missing) == ("audience", "country in", True)
