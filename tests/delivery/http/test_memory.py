"""Answers that wait for nothing: the same as any other, without a look at the source or the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from delivery.conftest import CountingSource, Server, profile_for
from delivery.vectors.runner import Case, differences, load_cases
from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram_server.sample_feedback import FEEDBACK_ROUTE

pytestmark = pytest.mark.slow

LONG_S = 3_600.0
WINDOW = {
    "policy": {
        "formatVersion": 1,
        "revision": 1,
        "targets": [
            {
                "hostApp": "wallet",
                "environment": "production",
                "releases": {"r-1": {"version": "1.0.0"}},
                "entries": [
                    {
                        "step": "window",
                        "release": "r-1",
                        "window": {
                            "id": "w",
                            "start": "2020-01-01T00:00:00Z",
                            "end": "2120-01-01T00:00:00Z",
                            "maxUsers": 1,
                            "onEnd": "stop",
                        },
                    }
                ],
            }
        ],
    }
}


class Silent(CountingSource):
    """A folder that falls silent when told to."""

    is_silent = False

    def read(self, key: str) -> bytes | None:
        self._answer(key)
        return super().read(key)

    def marker(self, key: str) -> object | None:
        self._answer(key)
        return super().marker(key)

    def list(self, prefix: str) -> list[str]:
        self._answer(prefix)
        return super().list(prefix)

    def _answer(self, key: str) -> None:
        if self.is_silent:
            raise AssertionError(f"the source was asked for {key}")


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.profile}: {case.name}") for case in load_cases()])
def test_what_was_answered_once_is_answered_from_memory(case: Case, workspaces: dict[str, Path]) -> None:
    source = Silent(workspaces[case.profile])
    profile = profile_for(case.profile, case.settings)
    service = DeliveryService(source, profile, max_staleness_s=LONG_S, post_routes=(FEEDBACK_ROUTE,))
    request = Request(case.method, case.path, case.query, case.headers, case.body)
    kind = service.handle(request).route_kind

    source.is_silent = True
    response = service.try_from_memory(request)

    if kind in ("mini_program_catalog", "asset", "secure_feedback_submit"):
        assert response is None
    elif case.expect["status"] >= 500 and kind not in ("not_implemented",):
        assert response is None or differences(case, response.status, dict(response.headers), response.body) == []
    else:
        assert response is not None
        assert differences(case, response.status, dict(response.headers), response.body) == []


def test_what_nobody_asked_for_yet_takes_waiting(local: Server, tmp_path: Path) -> None:
    local.write("manifests/shop/latest.json", {"id": "shop", "version": "1.0.0"})
    source = Silent(tmp_path)
    service = DeliveryService(source, local_profile(), max_staleness_s=LONG_S)
    source.is_silent = True
    assert service.try_from_memory(Request("GET", "/api/manifests/shop/latest")) is None
    assert service.try_from_memory(Request("GET", "/health")) is not None


def test_a_place_in_a_window_is_never_taken_from_memory(local: Server) -> None:
    local.write("manifests/shop/versions/1.0.0.json", {"id": "shop", "version": "1.0.0"})
    local.write("manifests/shop/latest.json", {"id": "shop", "version": "1.0.0"})
    local.write("releases/shop.json", WINDOW)

    class Ledger:
        asked = 0

        def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
            self.asked += 1
            return True

        def has_admitted(self, window_id: str, key: str) -> bool:
            self.asked += 1
            return False

        def count(self, window_id: str) -> int:
            return 0

    ledger = Ledger()
    service = DeliveryService(local.source, local_profile(), max_staleness_s=LONG_S, ledger=ledger)
    request = Request("GET", "/api/manifests/shop/latest", "hostApp=wallet&userId=ann")
    assert service.handle(request).status == 200
    asked = ledger.asked
    assert asked, "the policy of this test no longer asks the ledger"
    assert service.try_from_memory(request) is None
    assert ledger.asked == asked


def test_a_policy_is_compiled_where_reading_its_lists_may_wait(local: Server, tmp_path: Path) -> None:
    local.write("manifests/shop/versions/1.0.0.json", {"id": "shop", "version": "1.0.0"})
    local.write("manifests/shop/latest.json", {"id": "shop", "version": "1.0.0"})
    local.write("releases/shop.json", WINDOW)
    source = Silent(tmp_path)
    service = DeliveryService(source, local_profile(), max_staleness_s=LONG_S)
    service._documents.document("releases/shop.json")  # known, and not compiled yet
    service._documents.document("manifests/shop/latest.json")
    source.is_silent = True
    assert service.try_from_memory(Request("GET", "/api/manifests/shop/latest", "hostApp=wallet")) is None


def test_a_document_that_is_due_for_a_look_is_not_answered_from_memory(local: Server) -> None:
    local.write("manifests/shop/versions/1.0.0.json", {"id": "shop", "version": "1.0.0"})
    local.write("manifests/shop/latest.json", {"id": "shop", "version": "1.0.0"})
    service = DeliveryService(local.source, local_profile(), max_staleness_s=0)
    request = Request("GET", "/api/manifests/shop/latest")
    assert service.handle(request).status == 200
    assert service.try_from_memory(request) is None


def test_a_request_that_could_not_wait_is_told_to_fall_back() -> None:
    class Gone:
        def marker(self, key: str) -> object:
            raise SourceUnavailable("gone")

        read = list = marker

    service = DeliveryService(Gone(), local_profile())  # type: ignore[arg-type]
    response = service.unavailable(
        Request("GET", "/api/manifests/shop/latest", headers={"origin": "https://a.example"})
    )
    headers = dict(response.headers)
    assert (response.status, headers["retry-after"], headers["cache-control"]) == (503, "1", "no-store")
    assert headers["access-control-allow-origin"]
    assert json.loads(response.body)["errorCode"] == "backend_unreachable"
    assert response.route_kind == "manifest_latest"


def test_what_is_due_for_a_look_is_still_answered_while_somebody_looks(local: Server) -> None:
    local.write("manifests/shop/versions/1.0.0.json", {"id": "shop", "version": "1.0.0"})
    local.write("manifests/shop/versions/1.1.0.json", {"id": "shop", "version": "1.1.0"})
    local.write("manifests/shop/latest.json", {"id": "shop", "version": "1.0.0"})
    now = [100.0]
    service = DeliveryService(local.source, local_profile(), max_staleness_s=4, monotonic=lambda: now[0])
    request = Request("GET", "/api/manifests/shop/latest", headers={"x-request-id": "t"})  # never a kept answer

    def version() -> str | None:
        response = service.try_from_memory(request)
        return None if response is None else json.loads(response.body)["version"]

    service.handle(request)
    now[0] += 1.9
    assert (version(), service.take_due()) == ("1.0.0", False)
    local.write("manifests/shop/latest.json", {"id": "shop", "version": "1.1.0"})
    now[0] += 0.2
    assert (version(), service.take_due(), service.take_due()) == ("1.0.0", True, False)
    service.refresh(request)
    now[0] += 0.8
    assert (version(), service.take_due()) == ("1.1.0", False)


def test_nothing_is_answered_from_memory_when_it_may_be_too_old(local: Server) -> None:
    local.write("manifests/shop/versions/1.0.0.json", {"id": "shop", "version": "1.0.0"})
    local.write("manifests/shop/latest.json", {"id": "shop", "version": "1.0.0"})
    now = [100.0]
    service = DeliveryService(local.source, local_profile(), max_staleness_s=4, monotonic=lambda: now[0])
    request = Request("GET", "/api/manifests/shop/latest")
    service.handle(request)
    ages = []
    for _ in range(60):
        now[0] += 0.1
        if service.try_from_memory(request) is not None:
            ages.append(now[0] - 100.0)
    assert 3 <= max(ages) <= 4
