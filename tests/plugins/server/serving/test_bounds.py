"""What a stranger can take from the server: sent over raw sockets, because clients are too well-behaved."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import threading
import time

import pytest

from miniprogram_server.serving.plain_requests import Answer, PlainRequest
from plugins.server.serving.conftest import SHORT, Serve, read_all

pytestmark = pytest.mark.slow

GET = b"GET /quick HTTP/1.1\r\nHost: a\r\n"
LARGE = 1024 * 1024


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.mark.parametrize(
    "head",
    [
        GET + b"X-Large: " + b"a" * LARGE,
        GET + b"".join(b"X-%d: a\r\n" % number for number in range(60_000)),
        GET + b"".join(b"X-%d: a\r\n" % number for number in range(50)) + b"\r\n",
        GET + b"".join(b"X-%d: %b\r\n" % (number, b"a" * 900) for number in range(12)) + b"\r\n",
        b"GET /" + b"a" * LARGE,
        b"GET /?" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        GET + b"X" * LARGE,
        b"X" * LARGE,
    ],
    ids=["value", "fields", "more fields than allowed", "whole", "target", "query", "name", "method"],
)
def test_a_head_that_is_too_large_is_refused(serve: Serve, head: bytes) -> None:
    running = serve()
    answer = running.ask(head)
    assert status(answer) in (431, 400)
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["statusCode"] == status(answer)
    assert b"connection: close" in answer
    assert running.is_answering()


@pytest.mark.parametrize("kind", ["extension", "trailer"])
def test_a_chunked_body_has_no_back_door_for_heads(serve: Serve, kind: str) -> None:
    running = serve()
    client = running.connect()
    client.sendall(b"POST /quick HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    sent = 0
    with contextlib.suppress(ConnectionError):
        client.sendall(b"5;x=" if kind == "extension" else b"0\r\nX-Trailer: ")
        for _ in range(64):
            client.sendall(b"a" * 16_384)
            sent += 16_384
            time.sleep(0.005)
    assert status(read_all(client)) in (0, 400, 431)
    assert running.noted("request_head_too_large") == 1 or running.noted("invalid_request") == 1
    assert running.is_answering()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 200),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ],
    ids=["no host", "two hosts", "the same twice", "HTTP/1.0", "empty", "nonsense", "two lengths", "both lengths"],
)
def test_a_head_that_is_wrong_is_refused(serve: Serve, head: bytes, expected: int) -> None:
    assert status(serve().ask(head)) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("begin", "drip", "expected"),
    [
        (b"", b"", 0),
        (GET + b"X-Slow: ", b"a", 408),
        (b"POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n", b"a", 408),
        (b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n", b"a", 200),
        (GET + b"\r\n", b"", 200),
        (GET + b"\r\n" + GET + b"X-Slow: ", b"a", 200),
    ],
    ids=["silence", "head", "body", "body nobody reads", "idle", "second head"],
)
def test_who_keeps_the_server_waiting_is_ended(serve: Serve, begin: bytes, drip: bytes, expected: int) -> None:
    running = serve()
    client = running.connect()
    began = time.monotonic()
    received = b""
    client.settimeout(0.2)
    with contextlib.suppress(ConnectionError):
        client.sendall(begin)
        while time.monotonic() - began < 6:
            try:
                part = client.recv(65536)
                if not part:
                    break
                received += part
            except TimeoutError:
                client.sendall(drip)
    assert time.monotonic() - began < 4, "the connection was never ended"
    assert status(received) == expected
    deadline = time.monotonic() + 3
    while len(running.server.connections) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(running.server.connections) == 0


@pytest.mark.slow
def test_a_body_that_comes_fast_enough_may_take_longer_than_the_deadline(serve: Serve) -> None:
    running = serve()
    client = running.connect()
    client.sendall(b"POST /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 600000\r\n\r\n")
    for _ in range(20):
        client.sendall(b"a" * 30_000)
        time.sleep(0.1)
    assert b'["/quick", 600000]' in read_all(client)


@pytest.mark.slow
def test_an_answer_nobody_takes_is_given_up(serve: Serve) -> None:
    running = serve()
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", running.port))
    running.clients.append(client)
    client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
    assert client.recv(1) == b"H"
    deadline = time.monotonic() + 6
    while len(running.server.connections) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(running.server.connections) == 0
    assert running.noted("slow_reader") == 1


@pytest.mark.slow
@pytest.mark.parametrize("last", [b"Connection: close\r\n", b""], ids=["close", "keep"])
def test_an_answer_taken_slowly_but_steadily_arrives_whole(serve: Serve, last: bytes) -> None:
    running = serve(limits=dataclasses.replace(SHORT, send_bytes=1024))
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    client.connect(("127.0.0.1", running.port))
    running.clients.append(client)
    client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n%b\r\n" % last)
    size = 0
    began = time.monotonic()
    while part := client.recv(100_000):
        size += len(part)
        time.sleep(0.04)
    assert size > 8_000_000
    assert time.monotonic() - began > 2 * SHORT.send_s, "that was not slow"


def test_a_fast_client_is_answered_while_slow_ones_take_every_place(serve: Serve) -> None:
    running = serve(limits=dataclasses.replace(SHORT, head_s=30.0))
    stop = threading.Event()

    def annoy(number: int) -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                client = running.connect(f"127.0.0.{2 + number}")
                client.sendall(GET + b"X-Slow: ")
                while not stop.is_set() and client.recv(1):
                    pass

    annoying = [threading.Thread(target=annoy, args=(number,), daemon=True) for number in range(100)]
    for thread in annoying:
        thread.start()
    time.sleep(0.5)
    try:
        assert all(running.is_answering("127.0.0.1") for _ in range(20))
        assert all(running.is_answering("127.0.0.5") for _ in range(20)), "nor does sharing their address matter"
        assert len(running.server.connections) <= SHORT.connections
        assert running.noted("connection_limit")
    finally:
        stop.set()
        for client in list(running.clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)


def test_one_address_has_its_share_and_no_more(serve: Serve) -> None:
    running = serve(limits=dataclasses.replace(SHORT, head_s=30.0, connections_per_address=10))
    slow = [running.connect("127.0.0.9") for _ in range(25)]
    for client in slow:
        client.sendall(GET)
    time.sleep(0.3)
    assert len(running.server.connections) <= 10
    assert running.noted("address_limit") >= 15
    assert running.is_answering("127.0.0.9")
    assert running.is_answering("127.0.0.8")


def test_a_proxy_of_ours_may_have_as_many_connections_as_there_are(serve: Serve) -> None:
    running = serve(
        limits=dataclasses.replace(SHORT, head_s=30.0, connections_per_address=5),
        is_proxy=lambda peer: peer == "127.0.0.9",
    )
    for _ in range(20):
        running.connect("127.0.0.9").sendall(GET)
    time.sleep(0.3)
    assert len(running.server.connections) == 20


def test_who_is_being_answered_is_never_closed_for_a_newcomer(serve: Serve) -> None:
    running = serve(limits=dataclasses.replace(SHORT, connections=6, connections_per_address=6))
    working = [running.connect() for _ in range(6)]
    for client in working:
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    time.sleep(0.2)
    answer = running.ask(GET + b"\r\n")
    assert (status(answer), b"retry-after: 1" in answer) == (503, True)
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["errorCode"] == "server_busy"
    assert [status(read_all(client)) for client in working] == [200] * 6


def test_what_happened_is_told_in_a_line_and_not_in_thousands(serve: Serve) -> None:
    running = serve()
    for _ in range(30):
        running.ask(b"nonsense\r\n\r\n")
    running.server._notices.tell(now=True)
    told = [event for event in running.events if event.get("reason") == "invalid_request"]
    assert sum(event["count"] for event in told) == 30
    assert len(told) <= 3
    assert told[0]["lastAddress"] == "127.0.0.1"


def test_pipelined_requests_are_answered_in_order(serve: Serve) -> None:
    head = b"GET /%d HTTP/1.1\r\nHost: a\r\n%b\r\n"
    sent = b"".join(head % (number, b"Connection: close\r\n" if number == 9 else b"") for number in range(10))
    answer = serve().ask(sent)
    assert [part.partition(b'"/')[2][:1] for part in answer.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"%d" % number for number in range(10)
    ]


def test_short_answers_and_long_ones_keep_their_order(serve: Serve) -> None:
    def now(asked: PlainRequest, _client: str) -> Answer | None:
        return (200, b"content-length: 3\r\n", b"now") if asked.target == b"/now" else None

    head = b"GET /%b HTTP/1.1\r\nHost: a\r\n%b\r\n"
    names = [b"now", b"slow", b"now", b"now", b"quick", b"now"]
    sent = b"".join(
        head % (name, b"Connection: close\r\n" if number == 5 else b"") for number, name in enumerate(names)
    )
    answer = serve(answer_now=now).ask(sent)
    bodies = [part.rpartition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
    assert [body if body == b"now" else json.loads(body)[0] for body in bodies[:5]] == [
        b"now", "/slow", "/now", "/now", "/quick",
    ]  # fmt: skip


def test_who_takes_no_answers_is_given_no_more(serve: Serve) -> None:
    """Answers to requests that follow each other are not gathered without end for a client that does not read."""
    running = serve(answer_now=lambda _asked, _client: (200, b"content-length: 60000\r\n", b"n" * 60_000))
    client = running.connect()
    client.setblocking(False)
    most = 0
    for _ in range(200):
        with contextlib.suppress(BlockingIOError, ConnectionError):
            client.send(GET + b"\r\n")
        time.sleep(0.002)
        most = max(
            [most, *(each.transport.get_write_buffer_size() for each in list(running.server.connections._all))]
        )
    assert 0 < most < 1_000_000


def test_the_short_way_is_for_what_has_no_body(serve: Serve) -> None:
    asked: list[bytes] = []

    def now(plain: PlainRequest, _client: str) -> Answer:
        asked.append(plain.target)
        return 200, b"content-length: 3\r\n", b"now"

    running = serve(answer_now=now)
    answer = running.ask(
        b"GET /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        b"GET /plain HTTP/1.1\r\nHost: a\r\n\r\n"
        b"POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"
    )
    assert b'["/body", 3]' in answer
    assert b'["/post", 2]' in answer
    assert asked in ([], [b"/plain"])


def test_a_request_for_another_protocol_is_answered_in_this_one(serve: Serve) -> None:
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    assert status(serve().ask(GET + upgrade)) == 200


def test_a_refused_client_reads_why_although_it_still_sends(serve: Serve) -> None:
    running = serve()
    client = running.connect()
    client.sendall(b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        for _ in range(8):
            client.sendall(b"a" * 16_384)
            time.sleep(0.01)
    assert status(read_all(client)) == 200


def test_it_drains_and_then_ends(serve: Serve) -> None:
    running = serve()
    idle, working, slow_body = running.connect(), running.connect(), running.connect()
    working.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
    slow_body.sendall(b"POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
    time.sleep(0.2)
    running.server.should_exit = True
    assert status(read_all(working)) == 200
    assert read_all(idle) == b""
    with pytest.raises(OSError, match=r"(?i)refused|reset|timed out"):
        socket.create_connection(("127.0.0.1", running.port), 1).recv(1)


@pytest.mark.parametrize(
    ("path", "kind"),
    [(b"/api/admin/v1/me", b"application/problem+json"), (b"/api/manifests", b"application/json; charset=utf-8")],
    ids=["api", "delivery"],
)
def test_a_refusal_speaks_the_language_of_what_was_asked(serve: Serve, path: bytes, kind: bytes) -> None:
    answer = serve().ask(b"GET " + path + b" HTTP/1.1\r\n\r\n")
    assert status(answer) == 400
    assert b"content-type: " + kind + b"\r\n" in answer
