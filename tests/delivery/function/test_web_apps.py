"""The engine under a WSGI and under an ASGI server: the same answer as without any server, whatever is asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.validate import validator

import httpx
import pytest

from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.documents.remote_source import Freshness, RemoteSource
from miniprogram.delivery.function import asgi, wsgi
from miniprogram.delivery.function.asgi import AsgiApp
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram.delivery.function.wsgi import WsgiApp
from miniprogram.delivery.http.messages import Request, Response
from testbed.folder_objects import MAX_BYTES, QUIET, FolderObjects, write_shop

Answer = Callable[[Request], Response]
Seen = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""

REQUESTS = [
    ("GET", "/health", {}),
    ("GET", "/api/manifests/shop/latest", {}),
    ("GET", "/api/manifests/shop/latest?hostApp=h1&hostVersion=1.0.0", {"accept-encoding": "gzip"}),
    ("GET", "/api/manifests/shop/latest?hostApp=%C3%A9%20x&hostApp=h2", {}),
    ("GET", "/api/manifests/sh%6Fp/latest", {}),
    ("GET", "/api/manifests/shop%2Flatest", {}),
    ("GET", "/api/manifests/shop/%zz", {}),
    ("GET", "/api/manifests/nobody/latest", {"x-request-id": "abc-1"}),
    ("GET", "/api/screens/shop/1.0.0/home.json", {"accept-encoding": "gzip"}),
    ("GET", "/api/assets/shop/1.0.0/dot.png", {}),
    ("GET", "/api/assets/shop/1.0.0/%C3%A9%20%25%2B.png", {}),
    ("GET", "/", {}),
    ("HEAD", "/health", {}),
    ("OPTIONS", "/api/manifests/shop/latest", {"origin": "https://h", "access-control-request-method": "GET"}),
    ("POST", "/api/feedback", {"content-type": "application/json"}),
    ("DELETE", "/api/manifests/shop/latest", {}),
]  # fmt: skip
AMBIGUOUS = {"/api/manifests/shop%2Flatest", "/api/manifests/shop/%zz"}
"""Paths that cannot be told from others once they are decoded."""
NEW_EVERY_TIME = {"x-backend-trace-id", "date", "server"}


@pytest.fixture
def answer(tmp_path: Path) -> Answer:
    source = RemoteSource(FolderObjects(write_shop(tmp_path)), Freshness(), max_bytes=MAX_BYTES)
    return DeliveryFunction(source, cloud_profile(), QUIET).answer


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def request(method: str, target: str, headers: dict[str, str]) -> Request:
    path, _, query = target.partition("?")
    return Request(method, path, query, headers, b"", "127.0.0.1")


def seen(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Seen:
    kept = {name.lower(): value for name, value in headers if name.lower() not in NEW_EVERY_TIME}
    without_trace = body if b'"traceId"' not in body else body.partition(b'"traceId"')[0]
    kept.pop("content-length", None)
    return status, kept, without_trace


def directly(
    answer: Answer, method: str, target: str, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    response = answer(request(method, target, headers))
    return seen(response.status, response.headers, b"" if method == "HEAD" else response.body)


def wsgi_call(app: Any, method: str, target: str, headers: dict[str, str], **more: Any) -> tuple[int, Any, bytes]:
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1",
        "PATH_INFO": httpx.URL(f"http://h{path}").path.encode().decode("latin-1"), "RAW_URI": target,
        "SERVER_NAME": "h", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}, **more,
    }  # fmt: skip
    started: list[Any] = []
    body = b"".join(app(environ, lambda status, pairs: started.append((status, pairs))))
    status, pairs = started[0]
    return int(status[:3]), pairs, body


@pytest.mark.parametrize(("method", "target", "headers"), REQUESTS)
def test_a_wsgi_server_sends_what_the_engine_answers(
    answer: Answer, method: str, target: str, headers: dict[str, str]
) -> None:
    status, pairs, body = wsgi_call(WsgiApp(answer), method, target, headers)

    assert seen(status, pairs, body) == directly(answer, method, target, headers)


@pytest.mark.parametrize(("method", "target", "headers"), REQUESTS)
def test_an_asgi_server_sends_what_the_engine_answers(
    answer: Answer, method: str, target: str, headers: dict[str, str]
) -> None:
    path, _, query = target.partition("?")
    scope = {
        "type": "http", "method": method, "path": httpx.URL(f"http://h{path}").path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    assert seen(*asgi_call(AsgiApp(answer), scope)) == directly(answer, method, target, headers)


def asgi_call(app: AsgiApp, scope: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing of a body is read")

    asyncio.run(app(scope, receive, send))
    start, body = sent
    return start["status"], [(name.decode(), value.decode()) for name, value in start["headers"]], body["body"]


@pytest.fixture
def served(answer: Answer) -> Iterator[str]:
    """The standard library's own server, which checks everything against PEP 3333."""
    server = make_server("127.0.0.1", 0, validator(WsgiApp(answer)), handler_class=_Quiet)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_application_keeps_to_the_rules_of_wsgi(answer: Answer, served: str) -> None:
    for method, target, headers in REQUESTS:
        if target in AMBIGUOUS or method == "OPTIONS":
            continue  # this server tells the decoded path only; its check wants no content type in a 204
        found = httpx.request(method, served + target, headers=headers)
        assert found.status_code == answer(request(method, target, headers)).status, target


@pytest.mark.parametrize("decoded", ["/api/manifests/a b/latest", "/é", "/100%", "/a?b#c", "/~.-_"])
def test_a_path_that_a_server_decoded_is_encoded_again(decoded: str) -> None:
    raw = wsgi.request_from({"REQUEST_METHOD": "GET", "PATH_INFO": decoded.encode().decode("latin-1")}).path
    also = asgi.raw_path({"path": decoded})

    assert raw == also
    assert httpx.URL(f"http://h{raw}").path == decoded
    assert raw.isascii()
    assert " " not in raw


@pytest.mark.parametrize(
    ("script", "raw", "inside"),
    [("", "/health?x=1", "/health"), ("/v1", "/v1/health", "/health"), ("/v1", "", "/health")],
)
def test_an_application_may_be_mounted_below_a_path(script: str, raw: str, inside: str) -> None:
    environ = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": script, "PATH_INFO": "/health", "REQUEST_URI": raw}
    scope = {"path": f"{script}/health", "root_path": script, "raw_path": raw.encode() or None}

    assert (wsgi.request_from(environ).path, asgi.raw_path(scope)) == (inside, inside)


@pytest.mark.parametrize(
    ("header", "sent", "client"),
    [
        ("", "9.9.9.9", "10.0.0.1"),
        ("x-forwarded-for", "9.9.9.9, 192.0.2.7", "192.0.2.7"),
        ("x-forwarded-for", "192.0.2.7", "192.0.2.7"),
        ("x-forwarded-for", None, ""),
    ],
    ids=["no front end", "a lie before the front end's word", "its word alone", "not through the front end"],
)
def test_only_the_last_word_of_a_front_end_says_who_asks(header: str, sent: str | None, client: str) -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "REMOTE_ADDR": "10.0.0.1"}
    headers = []
    if sent is not None:
        environ["HTTP_X_FORWARDED_FOR"] = sent
        headers = [(b"x-forwarded-for", sent.encode())]
    scope = {"method": "GET", "path": "/", "query_string": b"", "headers": headers, "client": ("10.0.0.1", 1)}

    assert wsgi.request_from(environ, header).client == client
    assert asgi.request_from(scope, header).client == client


def test_a_store_that_waits_stops_nobody_else_under_asgi() -> None:
    goes_on, asked = threading.Event(), threading.Event()

    def answer(request: Request) -> Response:
        if request.path == "/slow":
            asked.set()
            goes_on.wait(10)
        return Response(200, (), request.path.encode())

    async def both() -> list[str]:
        app, order = AsgiApp(answer), []

        async def ask(path: str) -> None:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://h") as client:
                order.append((await client.get(path)).text)

        slow = asyncio.create_task(ask("/slow"))
        await asyncio.to_thread(asked.wait, 10)
        await ask("/quick")
        goes_on.set()
        await slow
        return order

    assert asyncio.run(both()) == ["/quick", "/slow"]


def test_an_asgi_server_may_start_and_end_it_and_open_no_socket() -> None:
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def talk(kind: str, *messages: str) -> None:
        waiting = iter(messages)

        async def receive() -> Any:
            return {"type": next(waiting)}

        await AsgiApp(lambda _: Response(200, (), b""))({"type": kind}, receive, send)

    asyncio.run(talk("lifespan", "lifespan.startup", "lifespan.shutdown"))
    asyncio.run(talk("websocket"))

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]
