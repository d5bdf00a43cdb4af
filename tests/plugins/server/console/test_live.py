"""Pages that hear what others change: who and what, as far as they may see it, and only so many of them."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from queue import Empty, Queue
from typing import Any

import httpx
import pytest

from browser.serving import serving
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import create_token, revoke_token
from miniprogram.releases.execution import perform
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON
from miniprogram_server.console.live import hub as hubs
from miniprogram_server.console.live import news
from miniprogram_server.console.live.hub import ChangeHub
from miniprogram_server.console.session.sessions import COOKIE

TARGET = Target(host_app="wallet", environment=Stage.PRODUCTION)
PATIENCE_S = 8.0


class Stream:
    """An open stream of a page: what it is told, as lists of sentences."""

    def __init__(self, url: str, cookie: str, **query: object) -> None:
        self.told: Queue[list[str]] = Queue()
        self.status = 0
        self._ready = threading.Event()
        self.is_over = threading.Event()
        self._client = httpx.Client(trust_env=False, timeout=30, cookies={COOKIE: cookie})
        self._thread = threading.Thread(target=self._listen, args=(f"{url}/console/live", query), daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)

    def _listen(self, url: str, query: dict[str, Any]) -> None:
        try:
            with self._client.stream("GET", url, params=query) as answer:
                self.status = answer.status_code
                self.headers = answer.headers
                for line in answer.iter_lines():
                    self._ready.set()
                    if line.startswith("data: "):
                        self.told.put(json.loads(line.removeprefix("data: ")))
        except httpx.HTTPError:
            pass
        finally:
            self._ready.set()
            self.is_over.set()

    def next(self) -> list[str]:
        return self.told.get(timeout=PATIENCE_S)

    def is_silent(self, seconds: float = 0.6) -> bool:
        try:
            self.told.get(timeout=seconds)
        except Empty:
            return True
        return False

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def site(world: Any) -> Iterator[Any]:
    """The application on a port, and `open` to listen as somebody."""
    opened: list[Stream] = []
    with serving(world.app) as url:

        def listen(who: str, **query: object) -> Stream:
            token = {"token": world.tokens[who], "next": ""}
            answer = httpx.post(f"{url}/console/login", data=token, trust_env=False)
            opened.append(Stream(url, answer.cookies[COOKIE], **query))
            return opened[-1]

        yield listen
        for each in opened:
            each.close()


def revision(world: Any) -> int:
    return require_releases(world.storage, "shop").revision


def test_a_page_hears_who_did_what_and_not_what_it_knew(world: Any, site: Any) -> None:
    world.full("1.0.0")
    world.drafted("1.1.0")
    page = site("bob", program="shop", since=revision(world))
    assert page.headers["content-type"].startswith("text/event-stream")
    assert page.headers["cache-control"] == "no-store"
    assert page.is_silent()
    world.do("ann", "configure", {"title": "Other"}, version="1.1.0")
    assert page.next()[0].startswith("ann configured 1.1.0 on wallet:production")
    world.do("ann", "apply", version="1.1.0")
    (told,) = page.next()
    assert told.startswith("ann applied for 1.1.0 on wallet:production")


def test_what_happened_before_the_stream_began_is_told(world: Any, site: Any) -> None:
    world.drafted("1.0.0")
    seen = revision(world)
    world.do("ann", "apply")
    assert len(site("bob", program="shop", since=seen).next()) == 1
    assert site("bob", program="shop", since=revision(world)).is_silent()


def test_another_process_is_heard_of_by_the_feed(world: Any, site: Any) -> None:
    world.drafted("1.0.0")
    page = site("bob", program="shop", since=revision(world))
    assert page.is_silent()
    others = CommandContext(world.storage, store_owner("pipeline"), NOON)
    perform(others, "shop", "apply", "1.0.0", TARGET)
    assert page.is_silent()
    world.app.changed([world.storage.keys.release_document_key("other"), "no/key"])
    assert page.is_silent()
    world.app.changed([world.storage.keys.release_document_key("shop")])
    assert page.next()[0].startswith("pipeline applied for 1.0.0")
    perform(CommandContext(world.storage, store_owner("rev"), NOON), "shop", "approve", "1.0.0", TARGET)
    world.app.changed(None)
    assert page.next()[0].startswith("rev approved 1.0.0")


def test_a_list_hears_of_every_program_it_may_see(world: Any, site: Any) -> None:
    world.drafted("1.0.0")
    everything = site("bob", since="2030-01-01")
    world.do("ann", "apply")
    assert any(each.startswith("ann applied for shop 1.0.0") for each in everything.next())


def test_nobody_hears_of_what_they_may_not_see(world: Any, site: Any) -> None:
    owner = CommandContext(world.storage, store_owner("owner"), NOON)
    add_member(owner, "tim", [Grant(role=Role.REVIEWER, host_app="wallet", environment=Stage.TEST)])
    add_member(owner, "eve", [Grant(role=Role.REVIEWER, program="other*")])
    for name in ("tim", "eve"):
        world.tokens[name] = create_token(owner, name).token
    world.drafted("1.0.0")
    elsewhere = site("tim", program="shop", since=1)
    assert elsewhere.is_silent()
    world.do("ann", "apply")
    assert elsewhere.is_silent()
    assert site("eve", program="shop", since=1).status == 204


def test_who_is_no_longer_signed_in_hears_nothing(world: Any, site: Any) -> None:
    world.drafted("1.0.0")
    page = site("bob", program="shop", since=revision(world))
    owner = CommandContext(world.storage, store_owner("owner"), NOON)
    revoke_token(owner, _token_id(world, "bob"))
    world.do("ann", "apply")
    assert page.is_over.wait(PATIENCE_S)
    assert page.told.empty()


def _token_id(world: Any, who: str) -> str:
    tokens = world.call("cleo", "GET", "/api/admin/v1/tokens").json()["tokens"]
    return str(next(each["id"] for each in tokens if each["member"] == who))


def test_streams_are_bounded_and_given_back(world: Any, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_OF_ONE", 2)
    monkeypatch.setattr(hubs, "MOST_STREAMS", 3)
    monkeypatch.setattr(news, "BEAT_S", 0.2)
    world.drafted("1.0.0")
    pages = [site("bob", program="shop", since=1) for _ in range(2)]
    assert site("bob", program="shop", since=1).status == 204
    pages.append(site("ann", program="shop", since=1))
    assert site("cleo", program="shop", since=1).status == 204
    for each in pages:
        each.close()
    deadline = time.monotonic() + PATIENCE_S
    while len(world.app._hub) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(world.app._hub) == 0
    assert site("cleo", program="shop", since=1).status == 200


def test_a_stream_ends_after_a_while_and_when_the_server_stops(
    world: Any, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.drafted("1.0.0")
    with monkeypatch.context() as patched:
        patched.setattr(news, "BEAT_S", 0.05)
        patched.setattr(news, "LASTS_BEATS", 2)
        assert site("bob", program="shop", since=1).is_over.wait(PATIENCE_S)
    page = site("bob", program="shop", since=revision(world))
    world.app.stop()
    assert page.is_over.wait(PATIENCE_S)
    assert site("bob", program="shop", since=1).status == 204


@pytest.mark.parametrize(
    ("query", "status"),
    [({"program": "shop"}, 422), ({"program": "shop", "since": "x"}, 422), ({"program": "../x", "since": 1}, 204)],
)
def test_an_address_that_says_nothing_is_refused(world: Any, browser: Any, query: Any, status: int) -> None:
    browser.sign_in("ann")
    assert world.client.get("/console/live", params=query).status_code == status


def test_nobody_signed_in_is_told_nothing(world: Any) -> None:
    assert world.client.get("/console/live?program=shop&since=1").status_code == 204


def test_many_who_wait_read_a_change_once(world: Any, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = news.history
    monkeypatch.setattr(news, "history", lambda *given, **more: read.append(given[1]) or real(*given, **more))
    world.drafted("1.0.0")
    pages = [site(who, program="shop", since=revision(world)) for who in ("ann", "bob", "cleo", "ivy")]
    assert pages[-1].is_silent()
    read.clear()
    world.do("ann", "apply")
    sentences = [each.next()[0] for each in pages]
    assert {each.partition(" applied")[0] for each in sentences} == {"You", "ann"}
    # once, and once more where somebody woke between the write and its end
    assert len(read) <= 2


def test_the_hub_wakes_those_it_concerns() -> None:
    async def heard() -> list[set[str]]:
        hub = ChangeHub(Keys("cloud"))
        one, every = hub.join("a", "shop"), hub.join("a", None)
        assert one is not None
        assert every is not None
        before = hub.number("shop")
        hub.changed(["other"])
        assert hub.number("shop") == before
        hub.changed(["shop"])
        assert hub.number("shop") != before
        found = [await one.wait(1), await every.wait(1)]
        hub.leave(one)
        hub.changed(["shop"])
        return [*found, await one.wait(0.05)]

    assert asyncio.run(heard()) == [{"shop"}, {"shop", "other"}, set()]
