"""What a request meets before anything else: health, how many there may be, who asks, and under which address."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import pytest

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram_server.front import Front
from miniprogram_server.health import SILENT_AFTER_S, Health, Watch
from miniprogram_server.proxies import NOBODY, parse_origin, parse_proxies
from miniprogram_server.serving.plain_requests import Head, PlainRequest
from plugins.server.described import must_fit

ORIGIN = parse_origin("https://programs.example.com")
PROXIES = parse_proxies(["10.0.0.7"])


class Seen:
    """An application that notes what it was asked."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.gate: asyncio.Event | None = None

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if self.gate is not None:
            await self.gate.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


def healthy() -> Health:
    watch = Watch("store", lambda: None)
    watch.look()
    return Health(watch)


def scope(path: str = "/console/", *, peer: str = "192.0.2.9", **headers: str) -> dict[str, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "GET", "path": path, "client": (peer, 1), "headers": raw, "scheme": "http"}


def ask(front: Front, asked: dict[str, Any]) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(front(asked, None, send))  # type: ignore[arg-type]
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def front(app: Any = None, **options: Any) -> Front:
    return Front(app or Seen(), lambda *_asked: None, options.pop("health", None) or healthy(), **options)


def plain(target: bytes, *fields: tuple[bytes, bytes]) -> PlainRequest:
    return PlainRequest(target, Head(list(fields)))


def test_life_and_readiness_are_told_by_both_ways() -> None:
    made = front()
    for path, status in [("/healthz", "ok"), ("/readyz", "ready")]:
        code, headers, body = ask(made, scope(path))
        assert (code, json.loads(body)["status"], headers[b"cache-control"]) == (200, status, b"no-store")
        now = made.answer_now(plain(path.encode() + b"?probe=1"), "192.0.2.9")
        assert now is not None
        assert (now[0], json.loads(now[2])["status"]) == (200, status)
        assert ask(made, {**scope(path), "method": "HEAD"})[::2] == (200, b"")


def test_a_store_that_never_answered_makes_the_server_unready_and_nobody_waits() -> None:
    gate = threading.Event()
    watch = Watch("store", lambda: gate.wait(20))
    watch.start()
    try:
        began = time.monotonic()
        code, _, body = ask(front(health=Health(watch)), scope("/readyz"))
        assert (code, json.loads(body)) == (503, {"status": "starting", "store": "unknown"})
        assert ask(front(health=Health(watch)), scope("/healthz"))[0] == 200
        assert time.monotonic() - began < 1
    finally:
        gate.set()


def test_a_store_that_falls_silent_is_told_and_does_not_take_the_server_away() -> None:
    now = [0.0]
    broken = [False]

    def look() -> None:
        if broken[0]:
            raise OSError("gone")

    watch = Watch("store", look, clock=lambda: now[0])
    watch.look()
    broken[0] = True
    now[0] = SILENT_AFTER_S + 1
    watch.look()
    code, _, body = ask(front(health=Health(watch)), scope("/readyz"))
    assert (code, json.loads(body)["store"], watch.failures) == (200, "silent", 1)


def test_what_fails_is_told_once_and_so_is_its_return() -> None:
    told: list[tuple[str, str, str]] = []
    problem: list[Exception | None] = [None]

    def look() -> None:
        if problem[0] is not None:
            raise problem[0]

    def tell(event: str, *, level: str, reason: str = "") -> None:
        told.append((event, level, reason))

    watch = Watch("ledger", look, tell)
    for each in (None, SourceUnavailable("the file was removed"), OSError(), None, None):
        problem[0] = each
        watch.look()

    assert told == [("ledger_failed", "ERROR", "the file was removed"), ("ledger_answers", "INFO", "")]
    assert (watch.failures, watch.problem) == (2, None)


def test_what_hangs_is_told_while_it_hangs() -> None:
    gate, told = threading.Event(), []
    watch = Watch("store", lambda: gate.wait(20), lambda event, **facts: told.append((event, facts["level"])))

    looking = watch.look_within(0.05)
    assert told == [("store_failed", "ERROR")]
    assert watch.problem == "no answer for 0.05 s"
    gate.set()
    looking.join()

    assert told[1:] == [("store_answers", "INFO")]


def test_a_ledger_that_fails_is_told_by_readyz_and_takes_nobody_away() -> None:
    def look() -> None:
        raise SourceUnavailable("the file was removed")

    store, ledger = Watch("store", lambda: None), Watch("ledger", look)
    store.look()
    before = json.loads(ask(front(health=Health(store, ledger)), scope("/readyz"))[2])
    ledger.look()
    code, _, body = ask(front(health=Health(store, ledger)), scope("/readyz"))

    assert (before["ledger"], code, json.loads(body)["ledger"]) == ("ok", 200, "failed")


def test_a_server_that_stops_is_not_ready() -> None:
    health = healthy()
    health.is_draining = True
    assert ask(front(health=health), scope("/readyz"))[0] == 503
    assert ask(front(health=health), scope("/healthz"))[0] == 200


def test_so_many_requests_and_then_a_clear_no() -> None:
    async def scenario() -> None:
        app = Seen()
        app.gate = asyncio.Event()
        made = front(app, most_requests=3)
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        waiting = [asyncio.ensure_future(made(scope("/api/x"), None, send)) for _ in range(3)]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await made(scope("/api/x"), None, send)  # type: ignore[arg-type]
        headers = dict(sent[0]["headers"])
        assert (sent[0]["status"], headers[b"retry-after"]) == (503, b"1")
        assert json.loads(sent[1]["body"])["errorCode"] == "server_busy"
        probe = made.answer_now(plain(b"/healthz"), "")
        assert probe is not None
        assert probe[0] == 200
        app.gate.set()
        await asyncio.gather(*waiting)
        assert made.in_flight == 0

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("peer", "client"), [("10.0.0.7", "198.51.100.9"), ("127.0.0.1", "127.0.0.1"), ("192.0.2.9", "192.0.2.9")]
)
def test_only_a_proxy_of_ours_says_who_asks(peer: str, client: str) -> None:
    app = Seen()
    ask(front(app, proxies=PROXIES), scope("/api/x", peer=peer, x_forwarded_for="198.51.100.9"))
    assert app.scopes[0]["client"][0] == client
    told: list[str] = []
    quick = Front(app, lambda _asked, who: told.append(who), healthy(), proxies=PROXIES)  # type: ignore[func-returns-value]
    quick.answer_now(plain(b"/api/x", (b"x-forwarded-for", b"198.51.100.9")), peer)
    assert told == [client]


def test_headers_in_two_lines_are_one_list() -> None:
    app = Seen()
    asked = scope("/api/x", peer="10.0.0.7")
    asked["headers"] = [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-for", b"198.51.100.9")]
    ask(front(app, proxies=PROXIES), asked)
    assert app.scopes[0]["client"][0] == "198.51.100.9"


@pytest.mark.parametrize("path", ["/console/", "/console/login", "/api/admin/v1/me"])
def test_administration_is_known_under_its_public_address_only(path: str) -> None:
    app = Seen()
    made = front(app, proxies=PROXIES, origin=ORIGIN)
    assert ask(made, scope(path, host="127.0.0.1:8080"))[0] == 421
    assert ask(made, scope(path))[0] == 421
    assert ask(made, scope(path, host="Programs.Example.com"))[0] == 200
    assert ask(made, scope(path, peer="10.0.0.7", host="127.0.0.1:8080"))[0] == 200, "a proxy names us as it likes"
    for seen in app.scopes:
        assert (seen["scheme"], dict(seen["headers"])[b"host"]) == ("https", b"programs.example.com")


def test_delivery_does_not_care_how_it_is_called() -> None:
    assert ask(front(origin=ORIGIN), scope("/api/manifests/shop/latest", host="10.1.1.1"))[0] == 200
    assert ask(front(proxies=NOBODY), scope("/console/", host="anything"))[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "10.0.0.1", "localhost.evil.example", ""])
def test_on_this_machine_the_console_is_known_as_localhost_only(host: str) -> None:
    """A name of somebody else's may lead here (DNS rebinding); what a proxy of ours says is not judged."""
    assert ask(front(), scope("/console/", peer="127.0.0.1", host=host))[0] == 421
    assert ask(front(), scope("/console/", peer="::1", host=host))[0] == 421
    assert ask(front(), scope("/api/manifests/shop/latest", peer="127.0.0.1", host=host))[0] == 200
    assert (
        ask(front(proxies=parse_proxies(["127.0.0.1"])), scope("/console/", peer="127.0.0.1", host=host))[0] == 200
    )


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.0.0.2", "[::1]:8080", "shop.localhost"]
)
def test_names_of_this_machine_are_answered(host: str) -> None:
    assert ask(front(), scope("/console/", peer="127.0.0.1", host=host))[0] == 200


def test_the_api_is_refused_with_problem_documents_even_before_it_is_asked() -> None:
    made = front(origin=ORIGIN)
    status, headers, body = ask(made, scope("/api/admin/v1/me", host="elsewhere"))
    assert (status, headers[b"content-type"]) == (421, b"application/problem+json")
    must_fit({"$ref": "#/components/schemas/Problem"}, json.loads(body))
    assert json.loads(body)["code"] == "misdirected_request"
    assert ask(made, scope("/console/", host="elsewhere"))[1][b"content-type"].startswith(b"application/json")
