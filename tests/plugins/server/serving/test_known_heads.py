"""Requests that are known by their bytes: answered as if they had been parsed, and never more than that."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.log_records import AnsweredRequest
from miniprogram_server.app import Served, delivery_app
from miniprogram_server.front import Front
from miniprogram_server.health import Health, Watch
from miniprogram_server.metrics import Metrics
from miniprogram_server.serving.known_heads import MAX_BYTES, KnownHeads
from miniprogram_server.serving.plain_requests import Head, PlainRequest
from plugins.server.serving.conftest import Running, Serve

LATEST = b"/api/manifests/shop/latest?hostApp=a"
FIELDS = b"Host: a\r\nAccept: */*\r\n\r\n"
STALENESS_S = 0.4


def get(target: bytes = LATEST, fields: bytes = FIELDS, version: bytes = b"1.1") -> bytes:
    return b"GET %b HTTP/%b\r\n%b" % (target, version, fields)


class Client:
    """One connection that stays open."""

    def __init__(self, running: Running) -> None:
        self.socket = running.connect()

    def ask(self, *parts: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        """Send `parts` one after the other, and read one response."""
        for number, part in enumerate(parts):
            if number:
                time.sleep(0.005)
            self.socket.sendall(part)
        return read_response(self.socket)


def read_response(client: socket.socket) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status (0 when the connection ends), headers, body."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while b"\r\n\r\n" not in got and (part := client.recv(65536)):
            got += part
        head, _, body = got.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines[1:])
        while len(body) < int(headers.get(b"content-length", 0)) and (part := client.recv(65536)):
            body += part
        if got:
            return int(lines[0].split(b" ")[1]), headers, body
    return 0, {}, b""


class World:
    """Delivery over a folder, behind a real server."""

    def __init__(self, folder: Path, serve: Serve) -> None:
        self.folder = folder
        self.seen: list[AnsweredRequest] = []
        self.metrics = Metrics(self.seen.append)
        for version in ("1.0.0", "2.0.0"):
            self.write(
                f"manifests/shop/versions/{version}.json", {"id": "shop", "version": version, "entry": "home"}
            )
        self.release("1.0.0")
        served = Served(FolderSource(folder), local_profile(), "here", max_staleness_s=STALENESS_S)
        app = delivery_app(served, self.metrics)
        watch = Watch("store", lambda: None)
        watch.look()
        front = Front(app, app.answer_now, Health(watch))
        self.running = serve(front, answer_now=front.answer_now)

    def write(self, key: str, document: Any) -> None:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))

    def release(self, version: str) -> None:
        self.write("rollout-rules/shop.json", {"miniProgramId": "shop", "defaultVersion": version, "rules": []})

    @property
    def known(self) -> KnownHeads:
        return self.running.server._known


@pytest.fixture
def world(tmp_path: Path, serve: Serve) -> Iterator[World]:
    return World(tmp_path, serve)  # type: ignore[return-value]


def version_of(response: tuple[int, dict[bytes, bytes], bytes]) -> str:
    status, _, body = response
    assert status == 200
    found: str = json.loads(body)["version"]
    return found


def test_a_known_request_is_answered_as_the_parsed_one_was(world: World) -> None:
    client = Client(world.running)
    answers = [client.ask(get()) for _ in range(8)]
    assert world.known.find(get()) is not None
    bodies = [json.loads(body) for _, _, body in answers]
    traces = {body["deliveryMetadata"].pop("traceId") for body in bodies}
    assert traces == {headers.pop(b"x-backend-trace-id").decode() for _, headers, _ in answers}
    assert len(traces) == 8
    assert all(body == bodies[0] for body in bodies)
    for _, headers, _ in answers:
        headers.pop(b"date")
        assert headers == answers[0][1]


def test_every_known_request_is_logged_and_counted(world: World) -> None:
    client = Client(world.running)
    parent = b"Traceparent: 00-%b-00f067aa0ba902b7-01\r\n" % (b"4bf92f35" * 4)
    traces = [client.ask(get(fields=parent + FIELDS))[1][b"x-backend-trace-id"].decode() for _ in range(20)]
    assert [each.trace_id for each in world.seen] == traces
    assert {each[1:5] for each in world.seen} == {("manifest_latest", "GET", "/api/manifests/shop/latest", 200)}
    assert {(each.reason, each.parent[:11]) for each in world.seen} == {("no_rule_matched", "00-4bf92f35")}
    text = world.metrics.text()
    assert 'miniprogram_requests_total{surface="delivery",route="manifest_latest",status="200"} 20' in text
    assert 'miniprogram_request_duration_seconds_count{surface="delivery"} 20' in text
    assert world.running.server.server_state.total_requests == 20


def test_that_nothing_changed_is_known_logged_and_counted(world: World) -> None:
    client = Client(world.running)
    tag = client.ask(get())[1][b"etag"]
    asked = get(fields=b"If-None-Match: %b\r\n" % tag + FIELDS)
    world.seen.clear()

    answers = [client.ask(asked) for _ in range(8)]

    assert world.known._requests.get(asked) is not None
    assert {(status, body) for status, _, body in answers} == {(304, b"")}
    assert not {b"content-length", b"content-type"} & set(answers[-1][1])
    assert answers[-1][1][b"etag"] == tag
    assert [each.trace_id for each in world.seen] == [each[1][b"x-backend-trace-id"].decode() for each in answers]
    assert {(each.route_kind, each.status, each.reason) for each in world.seen} == {
        ("manifest_latest", 304, "no_rule_matched")
    }
    assert 'route="manifest_latest",status="304"} 8' in world.metrics.text()

    world.release("2.0.0")
    changed = time.monotonic()
    while (found := client.ask(asked))[0] == 304:
        assert time.monotonic() - changed < STALENESS_S + 0.3
    assert version_of(found) == "2.0.0"


def test_a_change_shows_as_soon_as_to_everybody(world: World) -> None:
    """Also to somebody who never stops asking, with the bytes that are known."""
    client = Client(world.running)
    for _ in range(5):
        assert version_of(client.ask(get())) == "1.0.0"
    world.release("2.0.0")
    changed = time.monotonic()
    while version_of(client.ask(get())) == "1.0.0":
        assert time.monotonic() - changed < STALENESS_S + 0.3
    assert {version_of(client.ask(get())) for _ in range(20)} == {"2.0.0"}


def test_a_key_that_is_set_shuts_out_whom_nobody_asked_for_one(world: World) -> None:
    client = Client(world.running)
    keyed = b"X-Mini-Program-Access-Key: " + b"k" * 24 + b"\r\n" + FIELDS
    for _ in range(4):
        assert client.ask(get())[0] == client.ask(get(fields=keyed))[0] == 200
    world.write("access-keys/shop.json", {"keys": [{"id": "a", "key": "k" * 24}]})
    time.sleep(STALENESS_S + 0.1)
    statuses = [(client.ask(get())[0], client.ask(get(fields=keyed))[0]) for _ in range(6)]
    assert statuses[-1] == statuses[0]


HOSTS = (b"Host: a\r\n", b"Host: b\r\nHost: c\r\n", b"")
FURTHER = (
    b"",
    b"X-A: b\r\n",
    b"Origin: https://a.example\r\n",
    b"X-Request-Id: mine\r\n",
    b"Content-Length: 0\r\n",
    b"Content-Length: 3\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b"Connection: Upgrade\r\nUpgrade: h2c\r\n",
    b"Expect: 100-continue\r\n",
    b"If-None-Match: *\r\n",
    b"Accept-Encoding: gzip\r\n",
    b"X-Cut: GET /health HTTP/1.1\r\n",
    b" folded: line\r\n",
    b"Bad Name: a\r\n",
    b"X-Nul: a\x00b\r\n",
)
TARGETS = (
    LATEST,
    LATEST + b"#part",
    b"/health",
    b"/healthz",
    b"/%2e%2e",
    b"//x",
    b"/a b",
    b"/\xc3\xa4",
    b"/x HTTP/1.1\r\nA: b",
    b"http://a/health",
    b"*",
    b"/api/manifests/shop/latest?hostApp=a&userId=u",
    b'/api/manifests/shop/latest?hostApp=<>"{}|\\^`',
    b"/" + b"x" * (MAX_BYTES + 1),
)


def without_trace(response: tuple[int, dict[bytes, bytes], bytes]) -> tuple[int, list[bytes], bytes]:
    status, headers, body = response
    if headers.get(b"content-encoding") == b"gzip":
        headers.pop(b"content-length")
        body = gzip.decompress(body)
    return status, sorted(headers), re.sub(rb"(lb_|server-)[0-9a-f]+", b"", body)


def test_whatever_is_known_changes_no_answer(world: World) -> None:
    """The same bytes, to a connection where much is known and to one that parses everything."""
    draw = random.Random(11)
    for _ in range(3):
        Client(world.running).ask(get())
    kept = Client(world.running)
    asked = 0
    for _ in range(500):
        target, host = draw.choice(TARGETS), draw.choice((HOSTS[0], HOSTS[0], HOSTS[0], draw.choice(HOSTS)))
        further = draw.choice((b"", draw.choice(FURTHER), draw.choice(FURTHER) + draw.choice(FURTHER)))
        sent = get(target, host + further + b"\r\n", draw.choice((b"1.1", b"1.1", b"1.1", b"1.0")))
        if b"ength: 3" in sent or b"chunked" in sent or b"Expect" in sent:
            continue  # these wait for more; see below
        expected = without_trace(Client(world.running).ask(sent[:10], sent[10:]))
        found = without_trace(kept.ask(sent))
        if found[0] == 0 or b"connection" in found[1]:
            kept = Client(world.running)
        if found[0]:
            assert found == expected, sent
            asked += 1
    assert asked > 300
    assert len(world.known._heads._young) > 5


@pytest.mark.parametrize("further", [b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_request_with_a_body_is_never_known(world: World, further: bytes) -> None:
    body = b"abc" if b"Length" in further else b"3\r\nabc\r\n0\r\n\r\n"
    client = Client(world.running)
    fields = b"Host: a\r\n" + further + b"\r\n"
    for _ in range(4):
        assert client.ask(get(b"/health", fields) + body)[0] == 200
    assert world.known.find(get(b"/health", fields)) is None


def test_what_follows_in_the_same_bytes_is_answered_too(world: World) -> None:
    client = Client(world.running)
    for _ in range(4):
        client.ask(get())
    client.socket.sendall(get() + get(b"/health") + get())
    got = b""
    while got.count(b"HTTP/1.1 200") < 3 or not got.rstrip().endswith(b"}"):
        got += client.socket.recv(65536)
    time.sleep(0.05)
    kinds = [each.route_kind for each in world.seen[-3:]]
    assert kinds == ["manifest_latest", "health", "manifest_latest"]


def test_a_known_head_makes_no_room_for_a_longer_target(world: World) -> None:
    client = Client(world.running)
    for _ in range(4):
        client.ask(get())
    assert client.ask(get(b"/" + b"x" * 3 * MAX_BYTES))[0] == 431


def test_the_rest_of_a_head_is_not_taken_for_a_request(world: World) -> None:
    """Bytes that are known as a whole request mean something else within a head."""
    client = Client(world.running)
    for _ in range(4):
        client.ask(get())
    status, _, body = client.ask(b"GET /health HTTP/1.1\r\nX-A: ", get())
    assert (status, b"shop" in body) == (200, False)
    assert world.seen[-1].route_kind == "health"


def plain(number: int, fields: bytes = FIELDS) -> tuple[bytes, PlainRequest]:
    target = b"/%d" % number
    return get(target, fields), PlainRequest(target, Head([(b"host", b"a")]))


def test_a_head_is_known_from_the_second_time_on() -> None:
    known = KnownHeads()
    known.learn(*plain(1))
    assert known.find(get(b"/2")) is None
    known.learn(*plain(3))
    found = known.find(get(b"/4"))
    assert found is not None
    assert (found.target, found.head.fields) == (b"/4", [(b"host", b"a")])


@pytest.mark.parametrize(
    "data",
    [
        get(b"/1", FIELDS + get(b"/1")),
        get(b"/2"),
        get(b"/1", b"X: " + b"a" * MAX_BYTES + b"\r\n\r\n"),
        b"GET /1 HTTP/1.0\r\nX: /1 HTTP/1.1\r\n" + FIELDS,
        b"\r\n" + get(b"/1"),
    ],
    ids=["two requests", "another target", "too long", "an older version", "a line before"],
)
def test_what_is_not_exactly_the_request_is_not_learnt(data: bytes) -> None:
    known = KnownHeads()
    for _ in range(3):
        known.learn(data, PlainRequest(b"/1", Head([])))
    assert not known._heads._young


class Answer:
    cost = 20_000


def test_what_is_known_is_bounded_and_what_is_used_stays() -> None:
    known = KnownHeads()
    often, asked = plain(0)
    asked.answer = Answer()
    for number in range(20_000):
        if number % 50 == 0:
            known.keep(often, asked)
        fields = b"X-Id: %d\r\n" % number + FIELDS
        data, request = plain(number, fields)
        request.answer = Answer()
        for _ in range(2):
            known.learn(data, request)
        known.keep(data, request)
        known.find(often)
    sizes = [len(known._seen), *(len(each._young) + len(each._old) for each in (known._heads, known._requests))]
    assert max(sizes) < 8_000
    assert known.find(often) is asked
