from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from miniprogram.catalogue.disable import disable, enable
from miniprogram.catalogue.rollback import rollback
from miniprogram.delivery.evaluation.rules.strictness import COMPATIBLE, STRICT, Strictness
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.environments.delivery import HARD_S, environment_delivery
from miniprogram.environments.session import CloudSession, storage_of
from miniprogram.errors import DocumentError
from miniprogram.keys.key_text import generate_key
from miniprogram.keys.lifecycle import create_key, revoke_key, rotate_key
from miniprogram.keys.listing import policy_location
from miniprogram.stores.memory import MemoryObjectStore

Publish = Callable[..., None]
HEADER = "x-mini-program-access-key"

LATEST = ("/api/manifests/shop/latest", "")
PINNED = ("/api/manifests/shop/latest", "pinnedVersion=1.0.0")
MANIFEST = ("/api/manifests/shop/versions/1.0.0", "")
SCREEN = ("/api/screens/shop/1.0.0/shop_home", "")
CATALOG = ("/api/discovery/mini-programs", "")


class Host:
    """A host that asks the delivery service of an environment."""

    def __init__(self, session: CloudSession, strictness: Strictness = STRICT) -> None:
        served = environment_delivery(session, strictness=strictness)
        self._service = DeliveryService(served.source, served.profile)

    def get(self, route: tuple[str, str], *, key: str | None = None) -> tuple[int, Any]:
        answer = self._service.handle(Request("GET", *route, {HEADER: key} if key else {}))
        return answer.status, json.loads(answer.body)

    def status(self, route: tuple[str, str], *, key: str | None = None) -> int:
        return self.get(route, key=key)[0]


def test_what_was_published_is_served(session: CloudSession, publish: Publish) -> None:
    publish(session, "shop", "1.0.0", "1.1.0")
    host = Host(session)

    status, manifest = host.get(LATEST)

    assert (status, manifest["version"]) == (200, "1.1.0")
    assert host.get(SCREEN)[1] == {"type": "text", "data": "1.0.0"}
    assert [entry["id"] for entry in host.get(CATALOG)[1]["entries"]] == ["shop"]


def test_a_rollback_is_what_hosts_get_next(session: CloudSession, publish: Publish, noon: datetime) -> None:
    publish(session, "shop", "1.0.0", "1.1.0")
    host = Host(session)
    assert host.get(LATEST)[1]["version"] == "1.1.0"

    rollback(storage_of(session), "shop", "1.0.0", now=noon)

    assert host.get(LATEST)[1]["version"] == "1.0.0"


@pytest.mark.parametrize(
    ("strictness", "expected"),
    [
        (STRICT, {LATEST: 404, PINNED: 404, MANIFEST: 404, SCREEN: 404}),
        (COMPATIBLE, {LATEST: 404, PINNED: 200, MANIFEST: 200, SCREEN: 200}),
    ],
    ids=["strict", "compatible"],
)
def test_a_disabled_program_is_gone(
    session: CloudSession,
    publish: Publish,
    noon: datetime,
    strictness: Strictness,
    expected: dict[tuple[str, str], int],
) -> None:
    publish(session, "shop", "1.0.0", "1.1.0")
    host = Host(session, strictness)
    assert {route: host.status(route) for route in expected} == dict.fromkeys(expected, 200)

    disable(session, "shop", now=noon)

    assert {route: host.status(route) for route in expected} == expected
    assert host.get(CATALOG)[1]["entries"] == []

    enable(session, "shop", now=noon)
    assert {route: host.status(route) for route in expected} == dict.fromkeys(expected, 200)


def test_a_key_closes_every_route_and_revoking_always_revokes(
    session: CloudSession, publish: Publish, noon: datetime
) -> None:
    publish(session, "shop", "1.0.0")
    host, location = Host(session), policy_location(session, "shop")
    routes = (LATEST, PINNED, MANIFEST, SCREEN)
    first, second = generate_key(), generate_key()

    create_key(location, "a", first, now=noon)
    assert [host.status(route) for route in routes] == [401] * 4
    assert [host.status(route, key=first) for route in routes] == [200] * 4
    assert host.get(CATALOG)[1]["entries"] == []

    rotate_key(location, "a", new_id="b", key=second, now=noon)
    assert [host.status(LATEST, key=key) for key in (first, second)] == [403, 200]

    revoke_key(location, "b", now=noon)
    assert [host.status(LATEST, key=key) for key in (first, second)] == [403, 403]


@pytest.mark.parametrize("stored", [True, "yes", "on", 1], ids=str)
def test_an_environment_can_require_keys(
    make_session: Callable[..., CloudSession], publish: Publish, stored: object
) -> None:
    session = make_session(MemoryObjectStore(), requireAccessKeys=stored)
    publish(session, "shop", "1.0.0")

    assert Host(session).status(LATEST) == 403


@pytest.mark.parametrize("stored", ["maybe", None, 7, []], ids=str)
def test_a_setting_that_is_neither_true_nor_false_is_named(
    make_session: Callable[..., CloudSession], stored: object
) -> None:
    with pytest.raises(DocumentError, match=r"env\.json: values of dev: requireAccessKeys"):
        environment_delivery(make_session(MemoryObjectStore(), requireAccessKeys=stored))


@pytest.mark.parametrize(
    ("values", "seconds"), [({}, 3600), ({"staleIfErrorSeconds": 0}, 0)], ids=["default", "none"]
)
@pytest.mark.parametrize("stored_as", [int, str])
def test_an_environment_says_how_long_pointers_go_on_while_its_store_fails(
    make_session: Callable[..., CloudSession], values: dict[str, int], seconds: int, stored_as: type
) -> None:
    session = make_session(MemoryObjectStore(), **{name: stored_as(value) for name, value in values.items()})

    tolerance = environment_delivery(session).tolerance
    assert (tolerance.hard_s, tolerance.stale_if_error_s) == (HARD_S, seconds)


@pytest.mark.parametrize("stored", ["soon", -1, 604_801, None, "nan", "inf", []], ids=str)
def test_a_time_that_is_no_time_is_named(make_session: Callable[..., CloudSession], stored: object) -> None:
    with pytest.raises(
        DocumentError, match=r"env\.json: values of dev: staleIfErrorSeconds must be a number from 0"
    ):
        environment_delivery(make_session(MemoryObjectStore(), staleIfErrorSeconds=stored))
