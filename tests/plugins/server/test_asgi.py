"""What the adapter owes the ASGI protocol."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.log_records import AnsweredRequest as Answered
from miniprogram_server.app import Served, delivery_app
from miniprogram_server.asgi import DeliveryApp
from miniprogram_server.sample_feedback import MAX_BODY_BYTES


@pytest.fixture
def seen() -> list[Answered]:
    return []


@pytest.fixture
def app(tmp_path: Path, seen: list[Answered]) -> DeliveryApp:
    return delivery_app(Served(FolderSource(str(tmp_path)), local_profile(), "here"), seen.append)


def call(
    app: DeliveryApp, messages: list[dict[str, Any]] | None = None, **scope: Any
) -> list[MutableMapping[str, Any]]:
    incoming = list(messages or [])
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    http = {
        "type": "http",
        "method": "GET",
        "path": "/health",
        "raw_path": b"/health",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(app({**http, **scope}, receive, send))
    return sent


def test_a_response_has_its_length_and_no_log_names_the_query(app: DeliveryApp, seen: list[Answered]) -> None:
    start, body = call(app, query_string=b"userId=secret")
    assert (start["status"], dict(start["headers"])[b"content-length"]) == (200, b"%d" % len(body["body"]))
    assert (seen[0].route_kind, seen[0].path, seen[0].status) == ("health", "/health", 200)
    assert "secret" not in repr(seen)


def test_head_has_the_headers_and_no_body(app: DeliveryApp) -> None:
    start, body = call(app, method="HEAD")
    assert (start["status"], body["body"]) == (405, b"")


@pytest.mark.parametrize(
    "lines", [[b'"a"', b"TAG"], [b"TAG", b'"b"'], [b'"a", "c"', b"TAG", b'"d"']], ids=["last", "first", "between"]
)
def test_several_lines_of_a_list_are_one_list(app: DeliveryApp, lines: list[bytes]) -> None:
    asset = {"path": "/api/discovery/mini-programs", "raw_path": b"/api/discovery/mini-programs"}
    tag = dict(call(app, **asset)[0]["headers"])[b"etag"]
    headers = [(b"if-none-match", line.replace(b"TAG", tag)) for line in lines]

    assert call(app, **asset, headers=headers)[0]["status"] == 304


def test_preflight_has_neither_body_nor_length(app: DeliveryApp) -> None:
    start, body = call(app, method="OPTIONS")
    assert start["status"] == 204
    assert b"content-length" not in dict(start["headers"])
    assert body["body"] == b""


def test_a_body_is_read_no_further_than_the_limit(app: DeliveryApp) -> None:
    part = {"type": "http.request", "body": b"x" * 40_000, "more_body": True}
    messages = [part, part, part, part]
    start, _ = call(
        app, messages, method="POST", path="/api/secure/feedback/submit", raw_path=b"/api/secure/feedback/submit"
    )
    assert 400 <= start["status"] < 600
    assert MAX_BODY_BYTES < 80_000


def test_a_client_that_leaves_while_sending_is_no_failure(app: DeliveryApp) -> None:
    messages = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    start, _ = call(app, messages, method="POST", raw_path=b"/api/secure/feedback/submit")
    assert 400 <= start["status"] < 600


def test_a_server_without_raw_paths_is_served_too(app: DeliveryApp) -> None:
    start, _ = call(app, path="/api/manifests/a b/latest", raw_path=None)
    assert start["status"] == 400


def test_lifespan_is_answered_and_websockets_are_refused(app: DeliveryApp) -> None:
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    assert [m["type"] for m in call(app, messages, type="lifespan")] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert call(app, type="websocket") == [{"type": "websocket.close", "code": 1008}]
