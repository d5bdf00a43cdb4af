"""How much of a body is taken, from whom, and where it is stored meanwhile."""

from __future__ import annotations

import asyncio
import tempfile
import tracemalloc
from typing import Any

import pytest

from miniprogram_server.console.forms.form import MAX_FORM_BYTES, SIGN_IN_BYTES

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
BOUNDARY = "form"
FORMS = {
    "multipart": f"multipart/form-data; boundary={BOUNDARY}",
    "urlencoded": "application/x-www-form-urlencoded",
    "json": "application/json",
    "text": "text/plain",
    "nothing": "",
}


class Body:
    """A request body that is made while it is read, and knows how much of it was."""

    def __init__(self, start: bytes, size: int) -> None:
        self._start, self._left = start, size
        self.taken = 0

    async def receive(self) -> dict[str, Any]:
        part = self._start or b"a" * min(65_536, self._left)
        if not self._start:
            self._left -= len(part)
        self._start = b""
        self.taken += len(part)
        return {"type": "http.request", "body": part, "more_body": self._left > 0}


class Pieces:
    """A request body that comes in these parts."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = iter(parts)
        self._left = len(parts)

    async def receive(self) -> dict[str, Any]:
        self._left -= 1
        return {"type": "http.request", "body": next(self._parts), "more_body": self._left > 0}


def post(app: Any, path: str, body: Body | Pieces, **headers: str) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items() if value]
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"host", b"console.test"), *raw], "client": ("192.0.2.1", 1), "scheme": "http",
        "server": ("console.test", 80), "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(app(scope, body.receive, send))
    status: int = sent[0]["status"]
    return status


FILE = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="l.txt"\r\n\r\n'.encode()


def file_start(kind: str) -> bytes:
    return FILE if kind == "multipart" else b"token="


POSTS = [
    "/console/login", "/console/logout", "/console/apps", "/console/programs/shop/segments",
    "/console/programs/shop/segments?csrf=guess", "/console/programs/shop/switches", "/console/nowhere",
    "/api/admin/v1/programs/shop/segments/vip/ids", "/api/admin/v1/members/ann/remove",
    "/api/manifests/shop/latest",
]  # fmt: skip


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("path", POSTS)
def test_a_stranger_cannot_have_a_large_body_taken(world, path: str, kind: str) -> None:
    body = Body(file_start(kind), 62 * MIB)
    status = post(world.app, path, body, content_type=FORMS[kind])
    assert 300 <= status < 500
    assert body.taken <= 2 * 65_536 + SIGN_IN_BYTES, "more was taken than was needed to refuse it"


def test_signing_in_takes_no_more_than_a_token_needs(world) -> None:
    token = world.tokens["ann"]
    form = {"token": token, "next": "/console/" + "a" * SIGN_IN_BYTES}
    assert world.client.post("/console/login", data=form).status_code == 413
    assert world.client.post("/console/login", data={"token": token}).status_code == 303


@pytest.fixture
def cookie(world, browser) -> str:
    browser.sign_in("ann").get("/programs/shop/segments")
    return "; ".join(f"{name}={value}" for name, value in world.client.cookies.items())


def test_a_form_of_a_session_has_the_limit_of_forms(world, cookie: str) -> None:
    for path in ("/console/programs/shop/switches", "/console/programs/shop/segments?csrf=guess"):
        body = Body(file_start("multipart"), 62 * MIB)
        assert post(world.app, path, body, content_type=FORMS["multipart"], cookie=cookie) == 413
        assert body.taken <= MAX_FORM_BYTES + 2 * 65_536


def test_a_large_list_goes_to_the_disk(world, browser, cookie: str, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def upload(parts: list[bytes]) -> int:
        csrf, revision = browser.hidden("csrf"), browser.hidden("revision")
        fields = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"csrf": csrf, "revision": revision, "name": "vip"}.items()
        )
        start = fields.encode() + file_start("multipart") + b"one\ntwo\n"
        body = Pieces([start, *parts, f"\r\n--{BOUNDARY}--\r\n".encode()])
        path = f"/console/programs/shop/segments?csrf={csrf}"
        return post(world.app, path, body, content_type=FORMS["multipart"], cookie=cookie)

    def peak_of(mebibytes: int) -> int:
        """Long remarks: many bytes, few lines, so that it takes no time to read them."""
        browser.get("/programs/shop/segments")
        remarks = [b"#" + b"a" * 65_534 + b"\n"] * (16 * mebibytes)
        tracemalloc.start()
        try:
            assert upload(remarks) == 303
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak_of(1)  # imports what it takes
    small, large = peak_of(2), peak_of(24)

    assert large - small < 2 * MIB, (
        f"{small / MIB:.0f} MiB of memory for a list of 2, {large / MIB:.0f} for one of 24"
    )
    assert "vip has 2 ids now." in browser.get("/programs/shop/segments")
    assert list(tmp_path.iterdir()) == [], "nothing stays on the disk"


def test_a_form_that_ends_early_leaves_nothing_open(world, cookie: str, browser) -> None:
    path = f"/console/programs/shop/segments?csrf={browser.hidden('csrf')}"
    for _ in range(3):
        body = Body(file_start("multipart"), 2 * MIB)
        assert post(world.app, path, body, content_type=FORMS["multipart"], cookie=cookie) in (303, 400, 403)
