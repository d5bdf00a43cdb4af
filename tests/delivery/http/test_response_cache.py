"""Answers that are put together from one given a moment ago."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.http.answers import latest
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService

LATEST = "/api/manifests/shop/latest.json"
WINDOW_S = 0.2


class CountingSource(FolderSource):
    looks = 0

    def marker(self, key: str) -> Any:
        self.looks += 1
        return super().marker(key)


@pytest.fixture
def source(tmp_path: Path) -> CountingSource:
    for version in ("1.0.0", "1.1.0"):
        manifest = {"id": "shop", "version": version, "entry": "home", "contractVersion": "1.0.0"}
        manifest |= {"sdkVersionRange": "any", "requiredCapabilities": []}
        path = tmp_path / "manifests" / "shop" / "versions" / f"{version}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(manifest))
    write_rollout(tmp_path, "1.0.0")
    return CountingSource(str(tmp_path))


def write_rollout(folder: Path, version: str) -> None:
    path = folder / "rollout-rules" / "shop.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"miniProgramId": "shop", "defaultVersion": version, "rules": []}))


def ask(service: DeliveryService, query: str = "hostApp=a", **headers: str) -> tuple[int, dict[str, str], Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    status, pairs, body, *_ = service.handle(Request("GET", LATEST, query, named))
    return status, dict(pairs), json.loads(body) if body else None


def test_a_repeated_answer_is_the_same_but_for_its_trace_id(source: CountingSource) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=WINDOW_S)
    _, first_headers, first = ask(service)
    looks = source.looks
    _, second_headers, second = ask(service)
    assert source.looks == looks
    traces = {first_headers.pop("x-backend-trace-id"), second_headers.pop("x-backend-trace-id")}
    assert len(traces) == 2
    assert {first["deliveryMetadata"].pop("traceId"), second["deliveryMetadata"].pop("traceId")} == traces
    assert (first_headers, first) == (second_headers, second)


def test_a_change_shows_within_the_window(source: CountingSource, tmp_path: Path) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=WINDOW_S)
    assert ask(service)[2]["version"] == "1.0.0"
    write_rollout(tmp_path, "1.1.0")
    time.sleep(WINDOW_S + 0.05)
    assert ask(service)[2]["version"] == "1.1.0"


def test_without_a_window_every_request_looks(source: CountingSource, tmp_path: Path) -> None:
    service = DeliveryService(source, local_profile())
    ask(service)
    write_rollout(tmp_path, "1.1.0")
    assert ask(service)[2]["version"] == "1.1.0"


@pytest.mark.parametrize(
    ("headers", "header", "value"),
    [
        ({"x_request_id": "mine"}, "x-backend-trace-id", "mine"),
        ({"origin": "https://a.example"}, "access-control-allow-origin", "https://a.example"),
    ],
)
def test_particular_requests_get_their_own_answer(
    source: CountingSource, headers: dict[str, str], header: str, value: str
) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=WINDOW_S)
    ask(service)
    assert ask(service, **headers)[1][header] == value
    assert ask(service)[1][header] != value


def test_a_conditional_request_is_answered_304(source: CountingSource) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=WINDOW_S)
    etag = ask(service)[1]["etag"]
    assert ask(service, if_none_match=etag)[0] == 304
    assert ask(service)[0] == 200


def test_that_nothing_changed_is_known_too(source: CountingSource, monkeypatch: pytest.MonkeyPatch) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=60)
    etag = ask(service)[1]["etag"]
    first = service.handle(Request("GET", LATEST, "hostApp=a", {"if-none-match": etag}))
    monkeypatch.delattr(latest, "decide")

    again = service.handle(Request("GET", LATEST, "hostApp=a", {"if-none-match": etag}))

    assert (again.status, again.body, again.route_kind, again.reason) == (
        304,
        b"",
        "manifest_latest",
        first.reason,
    )
    traces = {dict(each.headers)["x-backend-trace-id"] for each in (first, again)}
    assert len(traces) == 2
    assert [name for name, _ in again.headers] == [name for name, _ in first.headers]
    assert set(first.headers) ^ set(again.headers) == {("x-backend-trace-id", each) for each in traces}


def test_whoever_has_another_form_gets_the_whole(source: CountingSource) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=60)
    etag = ask(service)[1]["etag"]
    asked = [etag, '"other"', "*", f'"other", {etag}', ""]

    for _ in range(3):
        assert [ask(service, if_none_match=each)[0] for each in asked] == [304, 200, 304, 304, 200]
        assert ask(service)[0] == 200


def test_a_change_shows_to_who_has_what_was_before(source: CountingSource, tmp_path: Path) -> None:
    now = [0.0]
    service = DeliveryService(source, local_profile(), max_staleness_s=4, monotonic=lambda: now[0])
    old = ask(service)[1]["etag"]
    assert [ask(service, if_none_match=old)[0] for _ in range(3)] == [304] * 3

    write_rollout(tmp_path, "1.1.0")
    now[0] = 4.0

    status, headers, body = ask(service, if_none_match=old)
    assert (status, body["version"]) == (200, "1.1.0")
    assert [ask(service, if_none_match=each)[0] for each in (headers["etag"], old)] == [304, 200]


def test_other_questions_are_other_answers(source: CountingSource) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=WINDOW_S)
    assert ask(service, "hostApp=a")[2]["deliveryMetadata"]["deliveryContext"]["hostApp"] == "a"
    assert ask(service, "hostApp=b")[2]["deliveryMetadata"]["deliveryContext"]["hostApp"] == "b"
    assert ask(service, "hostApp=a&pinnedVersion=9.9.9")[0] == 404


def test_programs_with_keys_are_never_repeated(source: CountingSource, tmp_path: Path) -> None:
    service = DeliveryService(source, local_profile(), max_staleness_s=WINDOW_S)
    policy = tmp_path / "access_keys" / "shop.json"
    policy.parent.mkdir()
    policy.write_text(json.dumps({"keys": [{"id": "a", "key": "k" * 24}]}))
    assert ask(service, x_mini_program_access_key="k" * 24)[0] == 200
    assert ask(service)[0] == 401
