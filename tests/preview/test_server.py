"""The server over HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.serving.routes import CORS
from miniprogram.preview.serving.server import HEADERS, PreviewServer
from miniprogram.preview.session import PreviewSession


@pytest.fixture
def server(session: PreviewSession) -> Iterator[PreviewServer]:
    with closing(PreviewServer(session, open_to_network=False)) as server:
        yield server


@pytest.fixture
def client(server: PreviewServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base_url_for("127.0.0.1"), trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "status.json", 200),
        ("GET", "manifest.json", 200),
        ("GET", "screens/shop_home.json", 200),
        ("GET", "assets/icons/a%20b.png", 200),
        ("GET", "nothing", 404),
        ("OPTIONS", "status.json", 204),
        ("POST", "status.json", 405),
        ("DELETE", "status.json", 405),
        ("HEAD", "status.json", 405),
        ("BREW", "status.json", 405),
    ],
)
def test_every_reply_may_be_read_by_any_origin_and_is_not_kept(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    reply = client.request(method, path, content=b"x" * 1000 if method == "POST" else None)

    assert reply.status_code == status
    wanted = {**HEADERS, **CORS}
    assert {name: reply.headers[name] for name in wanted} == wanted


def test_files_of_unknown_kinds_have_no_type(client: httpx.Client, bundle: PreviewBundle) -> None:
    (bundle.assets_root / "x.bin").write_bytes(b"abc")

    reply = client.get("assets/x.bin")

    assert reply.content == b"abc"
    assert "content-type" not in reply.headers


def test_a_rewritten_image_can_be_fetched(client: httpx.Client) -> None:
    screen = client.get("screens/shop_home.json").json()

    assert client.get(screen["children"][0]["src"]).content == b"png"


def test_what_is_no_http_is_refused(server: PreviewServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/9.9\r\n\r\n")
        assert b" 505 " in connection.recv(4096)


def test_readers_see_one_build_or_the_other(
    client: httpx.Client, session: PreviewSession, bundle: PreviewBundle
) -> None:
    with ThreadPoolExecutor(4) as pool:
        replies = [pool.submit(client.get, "status.json") for _ in range(40)]
        for _ in range(20):
            session.begin()
            session.apply(bundle)

    seen = [reply.result().json() for reply in replies]
    assert {status["state"] for status in seen} <= {"ready", "building"}
    assert all(1 <= status["buildVersion"] <= 21 for status in seen)


def test_on_the_network_only_who_was_told_the_address_gets_in(session: PreviewSession) -> None:
    with closing(PreviewServer(session, open_to_network=True)) as server:
        url = server.base_url_for("127.0.0.1")

        assert len(url.split("/")[3]) >= 20
        assert url.endswith("/preview/")
        assert httpx.get(f"{url}status.json", trust_env=False).status_code == 200
        for guess in ("/preview/status.json", "//preview/status.json", "/x/preview/status.json"):
            assert httpx.get(f"http://127.0.0.1:{server.port}{guess}", trust_env=False).status_code == 404


def test_every_server_has_its_own_token(session: PreviewSession) -> None:
    with (
        closing(PreviewServer(session, open_to_network=True)) as one,
        closing(PreviewServer(session, open_to_network=True)) as other,
    ):
        assert one.token != other.token


def test_closing_frees_the_port(session: PreviewSession) -> None:
    server = PreviewServer(session, open_to_network=False)
    server.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)
