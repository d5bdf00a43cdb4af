"""The web server of a delivery function: what it reads, what it refuses unread, and how it ends."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.documents.remote_source import Freshness, RemoteSource
from miniprogram.delivery.function import http_server
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram.delivery.function.http_messages import MAX_BODY_BYTES, MAX_HEAD_BYTES
from miniprogram.delivery.function.http_server import HttpServer
from miniprogram.delivery.http.messages import Request, Response
from testbed.folder_objects import MAX_BYTES, QUIET, FolderObjects, write_shop

ASKED = b"GET /a?b=1 HTTP/1.1\r\nhost: x\r\n"


class Answering:
    """Says what it was asked; waits where a test wants it to."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.under_way = threading.Event()

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        self.under_way.set()
        assert self.may_go_on.wait(10)
        return Response(200, (("content-type", "text/plain"),), f"{request.method} {request.path}".encode())


@contextmanager
def serving(answer: http_server.Answer, **options: str) -> Iterator[HttpServer]:
    server = HttpServer(answer, port=0, host="127.0.0.1", **options)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def answering() -> Answering:
    return Answering()


@pytest.fixture
def server(answering: Answering) -> Iterator[HttpServer]:
    with serving(answering, client_header="x-forwarded-for") as running:
        yield running


def said(server: HttpServer, *parts: bytes, pause_s: float = 0.0) -> bytes:
    """All that comes back for `parts`, sent one after another, until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause_s)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while more := connection.recv(65536):
            found += more
        return found


def test_a_request_is_handed_over_as_it_came(server: HttpServer, answering: Answering) -> None:
    head = b"GET /a%20b/c?d=%C3%A9&e HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip \r\nX-Two: 1\r\nx-two: 2\r\n\r\n"

    found = said(server, head)

    request = answering.requests[0]
    assert (request.method, request.path, request.query) == ("GET", "/a%20b/c", "d=%C3%A9&e")
    assert request.headers == {"host": "x", "accept-encoding": "gzip", "x-two": "1,2"}
    assert found.startswith(b"HTTP/1.1 200 ")
    assert found.endswith(b"\r\n\r\nGET /a%20b/c")
    assert b"\r\ncontent-length: 12\r\n" in found


def test_a_request_may_come_in_pieces_and_with_the_next_one(server: HttpServer, answering: Answering) -> None:
    second = b"POST /p HTTP/1.1\r\ncontent-length: 4\r\n\r\nab"

    found = said(server, ASKED[:9], ASKED[9:] + b"\r\n" + second, b"cd", pause_s=0.05)

    assert [(request.method, request.body) for request in answering.requests] == [("GET", b""), ("POST", b"abcd")]
    assert found.count(b"HTTP/1.1 200 ") == 2


def test_head_is_answered_without_a_body(server: HttpServer) -> None:
    found = said(server, b"HEAD /a HTTP/1.1\r\n\r\n")

    assert b"\r\ncontent-length: 7\r\n" in found
    assert found.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("head", "goes_on"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nconnection: Close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", True),
    ],
)
def test_a_connection_is_used_again_as_both_wish(head: bytes, goes_on: bool, server: HttpServer) -> None:
    assert said(server, head + head).count(b"HTTP/1.1 200 ") == (2 if goes_on else 1)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET http://x/ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\na: 1\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\na: 1\nb: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\na : 1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nshort", 400),
        (b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
        (b"POST / HTTP/1.1\r\ncontent-length: %s\r\n\r\n" % (b"9" * 5000), 413),
        (b"GET / HTTP/1.1\r\na: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n", 431),
        (b"G" * (MAX_HEAD_BYTES + 70_000), 431),
    ],
)
def test_what_is_unclear_is_refused_unread_and_ends_the_connection(
    raw: bytes, status: int, server: HttpServer, answering: Answering
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(raw)
        if status == 400:
            connection.shutdown(socket.SHUT_WR)
        assert connection.recv(64).startswith(b"HTTP/1.1 %d " % status)
    assert answering.requests == []


def test_spaces_take_no_time(server: HttpServer) -> None:
    started = time.perf_counter()

    assert b"200" in said(server, b"GET / HTTP/1.1\r\na: " + b" " * 60_000 + b"x\r\n\r\n")

    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("header", "client"),
    [
        (b"X-Forwarded-For: 198.51.100.7", "198.51.100.7"),
        (b"X-Forwarded-For: 10.0.0.1, 198.51.100.7", "198.51.100.7"),
        (b"X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 198.51.100.7", "198.51.100.7"),
        (b"Forwarded: for=10.0.0.1", ""),
    ],
    ids=["alone", "last", "repeated", "absent"],
)
def test_who_asks_is_whom_the_front_end_saw(
    header: bytes, client: str, server: HttpServer, answering: Answering
) -> None:
    said(server, ASKED + header + b"\r\n\r\n")

    assert answering.requests[0].client == client


def test_without_a_front_end_nobody_says_who_asks(answering: Answering) -> None:
    with serving(answering) as server:
        said(server, ASKED + b"x-forwarded-for: 10.0.0.1\r\n\r\n")

    assert answering.requests[0].client == ""


def test_a_request_under_way_is_answered_before_the_server_ends(answering: Answering) -> None:
    answering.may_go_on.clear()
    with serving(answering) as server, socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(ASKED + b"\r\n")
        assert answering.under_way.wait(10)
        server.stop()
        time.sleep(2 * http_server.LOOK_S)
        answering.may_go_on.set()
        found = connection.recv(65536)

    assert found.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nconnection: close\r\n" in found


def test_more_connections_than_there_is_room_for_are_told_to_come_again(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", 1)
    with serving(answering) as server, socket.create_connection(("127.0.0.1", server.port), 10) as first:
        first.sendall(ASKED + b"\r\n")
        assert first.recv(64).startswith(b"HTTP/1.1 200 ")
        with socket.create_connection(("127.0.0.1", server.port), 10) as second:
            assert second.recv(64).startswith(b"HTTP/1.1 503 ")
        first.sendall(ASKED + b"\r\n")
        assert first.recv(64)


def test_hosts_at_once_each_get_their_own_answer(tmp_path: Path) -> None:
    """Many threads over one source: nobody is refused, and the store is asked once for what all need."""

    class SlowObjects(FolderObjects):
        def _ask(self, name: str) -> None:
            super()._ask(name)
            time.sleep(0.02)

    objects = SlowObjects(write_shop(tmp_path))
    source = RemoteSource(objects, Freshness(), max_bytes=MAX_BYTES)
    function = DeliveryFunction(source, cloud_profile(), QUIET)
    paths = ["/api/manifests/shop/latest", "/api/screens/shop/1.0.0/home", "/api/manifests/nobody/latest"] * 8
    statuses: dict[int, int] = {}

    def ask(number: int, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", paths[number])
        statuses[number] = connection.getresponse().status
        connection.close()

    with serving(function.answer) as server:
        threads = [threading.Thread(target=ask, args=(number, server.port)) for number in range(len(paths))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

    assert [statuses[number] for number in range(len(paths))] == [200, 200, 404] * 8
    assert objects.calls.count("metadata/catalog/shop.json") == 1
