"""An environment with a great many of everything, made without giving a command for each of them.

What is in it is as commands would have left it, as far as lists go: rows of the index, documents, events.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, NamedTuple

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.documents.audit_chain import extended, flush_events
from miniprogram.documents.audit_event import Trail
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.index_document import replace_index
from miniprogram.documents.index_memory import IndexMemory
from miniprogram.releases.model.states import State
from miniprogram.releases.storage.finished import put_finished
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.testing import NOON, FaultyStore
from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.asgi import DeliveryApp
from miniprogram_server.console.mounting import AdministeredDelivery
from miniprogram_server.console.session.sessions import COOKIE
from plugins.server.conftest import Administered, Browser, administered

TESTED = "/programs/shop/targets/wallet/test/releases/1.1.0"
SAID = {"title": "Shop", "description": "Buy things", "serverDomains": []}
STATES = ("created", "in_review", "approved", "grayscale", "full")


class Crowd(NamedTuple):
    """How many there are. `releases` are one of a program each; what follows is of the program `shop`."""

    programs: int
    releases: int
    ended: int
    versions: int
    testers: int
    events: int


@dataclass
class CountedWorld:
    """The application, and a store that counts what is read. Everybody signs in once."""

    world: Administered
    store: FaultyStore
    _sessions: dict[str, str] = field(default_factory=dict)

    def browser(self, who: str) -> Browser:
        """Somebody at the console."""
        browser = Browser(self.world)
        if who not in self._sessions:
            browser.sign_in(who)
            self._sessions[who] = self.world.client.cookies[COOKIE]
        self.world.client.cookies.clear()
        self.world.client.cookies.set(COOKIE, self._sessions[who], domain="console.test", path="/console")
        return browser


def crowded(crowd: Crowd) -> CountedWorld:
    """An environment like that. `shop` has a pilot on `wallet:test` and a full release in production."""
    world = administered(Rate(per_second=1000, burst=100_000))
    storage = world.storage
    world.full("1.0.0")
    _pilot(world, crowd.testers)
    document = require_releases(storage, "shop")
    full = document.releases[0].model_copy(update={"state": State.ARCHIVED})
    for number in range(crowd.ended):
        version = f"0.{number // 100}.{number % 100}"
        put_finished(storage, "shop", full.model_copy(update={"version": version, "id": f"r{number}"}), number + 2)
    for number in range(crowd.versions):
        storage.store.put(storage.keys.release_record_key("shop", f"0.{number // 100}.{number % 100}"), b"{}")
    _lengthen(world, crowd.events)
    rows = [_row(number, has_release=number < crowd.releases) for number in range(crowd.programs)]
    for row in rows:
        storage.store.put(storage.keys.catalog_pointer_key(row.id), b"{}")
    replace_index(storage, lambda _: [*rows, compile_row(storage, "shop")])
    world.client.close()
    counted = FaultyStore(storage.store)
    storage = replace(storage, store=counted, index_memory=IndexMemory())
    profile = cloud_profile(artifacts_prefix="artifacts", metadata_prefix="metadata")
    delivery = DeliveryApp(DeliveryService(StoreSource(counted), profile))
    app = AdministeredDelivery(delivery, storage, now=lambda: NOON + timedelta(hours=1))
    return CountedWorld(Administered(storage, app, world.tokens, world.now), counted)


def _pilot(world: Administered, testers: int) -> None:
    base = "/api/admin/v1/programs/shop/targets/wallet/test/releases"
    made = world.call("ann", "POST", base, {"version": "1.1.0"})
    assert made.status_code == 201, made.text
    people = [f"tester-{number:05}@example.com" for number in range(testers)]
    for verb, body in (("configure", SAID), ("apply", {}), ("pilot-start", {"testers": people})):
        world.do("ann", verb, body, base=f"{base}/1.1.0")


def _lengthen(world: Administered, events: int) -> None:
    """More events in the trail of `shop`, as different people would have left them."""
    documents = releases_of(world.storage, "shop")
    document = require_releases(world.storage, "shop")
    trail: Trail = document.trail
    for start in range(trail.length, events, 1_000):
        more = [_event(number) for number in range(start, min(start + 1_000, events))]
        trail = extended(trail, more)
        flush_events(world.storage, "shop", trail)
    longer = document.model_copy(update={"trail": trail.model_copy(update={"latest": trail.latest[-1:]})})
    world.storage.store.put(documents.key, json.dumps(longer.model_dump(mode="json", by_alias=True)).encode())


def _event(number: int) -> dict[str, Any]:
    day, minute = divmod(number, 1_440)
    month, day = divmod(day, 28)
    stamp = f"{2030 + month // 12}-{month % 12 + 1:02}-{day + 1:02}T{minute // 60:02}:{minute % 60:02}:00.000Z"
    return {
        "at": stamp,
        "actor": f"person-{number % 7}",
        "via": "console",
        "command": "release grayscale" if number % 50 else "release halt",
        "subject": "r1",
        "target": "wallet:production",
        "version": "1.0.0",
        "revision": 5,
        "details": {"basisPoints": number % 10_000},
    }


def _row(number: int, *, has_release: bool) -> ProgramRow:
    name = f"program_{number:05}"
    listing: dict[str, Any] = {"state": "served", "latestVersion": "1.0.0"}
    if has_release:
        state = STATES[number % len(STATES)]
        release: dict[str, Any] = {
            "id": f"r{number}",
            "version": f"2.{number}.0",
            "target": {"hostApp": "wallet", "environment": "production" if number % 2 else "test"},
            "kind": "official",
            "state": state,
            "updatedAt": f"2030-01-02T{number % 24:02}:04:05.000Z",
        }
        if state == "in_review":
            asked = {"asks": "release", "applicant": "ann", "appliedAt": "2030-01-02T03:04:05.000Z"}
            release["waiting"] = [asked]
        listing |= {"managed": True, "revision": 3, "releases": [release]}
    manifest = {"id": name, "version": "1.0.0", "entry": "home", "title": f"The program {number}"}
    return ProgramRow(name, manifests={"1.0.0": manifest}, listing=listing)
