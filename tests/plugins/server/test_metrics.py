"""Figures for a monitoring system."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from miniprogram.addresses import Address
from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.delivery.log_records import AnsweredRequest as Answered
from miniprogram.errors import ProcessError, UsageError
from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.app import Served, delivery_app
from miniprogram_server.metrics import (
    CountedLedger,
    Gauge,
    Metrics,
    Sample,
    counted,
    parse_endpoint,
    serve_metrics,
)
from plugins.server.conftest import Administered, administered

ANSWER = Answered("t", "manifest_latest", "GET", "/api/manifests/shop/latest", 200, 0.7, reason="matched_rule")
LINE = re.compile(
    r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? '
    r"(\d+(\.\d+)?(e[+-]?\d+)?)"
)


def values(text: str) -> dict[str, float]:
    assert text.endswith("\n")
    lines = text.splitlines()
    assert [line for line in lines if LINE.fullmatch(line) is None] == []
    found = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert len(found) == len([line for line in lines if not line.startswith("#")]), "a series is given twice"
    return {name: float(value) for name, value in found.items()}


def test_requests_decisions_and_times_are_counted() -> None:
    passed: list[Answered] = []
    metrics = Metrics(passed.append)
    for _ in range(3):
        metrics(ANSWER)
    metrics(ANSWER._replace(status=503, reason="backend_unreachable", duration_ms=9_000))
    metrics(Answered("t", "/console/", "GET", "/console/", 200, 12, "console", "192.0.2.1"))
    found = values(metrics.text())
    requests = "miniprogram_requests_total"
    assert found[f'{requests}{{surface="delivery",route="manifest_latest",status="200"}}'] == 3
    assert found[f'{requests}{{surface="console",route="/console/",status="200"}}'] == 1
    assert found['miniprogram_decisions_total{reason="matched_rule"}'] == 3
    assert found['miniprogram_decisions_total{reason="backend_unreachable"}'] == 1
    duration = "miniprogram_request_duration_seconds"
    assert found[f'{duration}_bucket{{surface="delivery",le="0.0005"}}'] == 0
    assert found[f'{duration}_bucket{{surface="delivery",le="0.001"}}'] == 3
    assert found[f'{duration}_bucket{{surface="delivery",le="2.5"}}'] == 3
    assert found[f'{duration}_bucket{{surface="delivery",le="+Inf"}}'] == 4
    assert found[f'{duration}_count{{surface="delivery"}}'] == 4
    assert found[f'{duration}_sum{{surface="delivery"}}'] == pytest.approx(9.0021)
    assert len(passed) == 5


def test_whole_numbers_stay_whole_and_labels_are_escaped() -> None:
    metrics = Metrics()
    metrics.add(Gauge("some_total", "counter", "Some.", lambda: [Sample(123_456_789, (("name", 'a"b\\c\nd'),))]))
    metrics.add(Gauge("age", "gauge", "Age.", lambda: [Sample(0.25)]))
    metrics.add(Gauge("none", "gauge", "None yet.", list))
    text = metrics.text()
    assert 'some_total{name="a\\"b\\\\c\\nd"} 123456789\n' in text
    assert values(text)["age"] == 0.25


def test_who_asked_to_be_let_in_is_counted() -> None:
    ledger = CountedLedger(MemoryLedger())
    assert [ledger.admit("w", key, 2, 0) for key in ("a", "b", "c", "a")] == [True, True, False, True]
    assert (ledger.has_admitted("w", "a"), ledger.count("w")) == (True, 2)
    metrics = Metrics()
    metrics.add(Gauge("admissions_total", "counter", "In.", counted(lambda: ledger.asked, "result")))
    found = values(metrics.text())
    assert (found['admissions_total{result="admitted"}'], found['admissions_total{result="full"}']) == (3, 1)


def test_the_engine_tells_why(tmp_path: Path) -> None:
    seen: list[Answered] = []
    app = delivery_app(Served(FolderSource(tmp_path), local_profile(), "here"), seen.append)
    (tmp_path / "manifests/shop/versions").mkdir(parents=True)
    (tmp_path / "manifests/shop/latest.json").write_text('{"id": "shop", "version": "1.0.0"}')
    (tmp_path / "manifests/shop/versions/1.0.0.json").write_text('{"id": "shop", "version": "1.0.0"}')

    async def ask(path: str) -> None:
        async def nothing(*_message: object) -> None:
            return None

        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [],
        }  # fmt: skip
        await app(scope, nothing, nothing)  # type: ignore[arg-type]

    for path in ("/api/manifests/shop/latest", "/api/manifests/none/latest"):
        asyncio.run(ask(path))
    assert [served.reason for served in seen][1] == "artifact_not_found"
    assert seen[0].reason
    assert seen[0].reason != seen[1].reason


def test_nothing_that_anybody_types_becomes_a_label(world_with) -> None:
    metrics = Metrics()
    world = world_with(metrics)
    world.full("1.0.0")
    typed = "Typed-By-Somebody"
    for who, path in (
        ("ann", f"/api/manifests/{typed}/latest"), ("ann", f"/api/manifests/shop/versions/{typed}.json"),
        ("ann", f"/api/screens/{typed}/{typed}/{typed}.json"), ("ann", f"/{typed}"), ("ann", f"/api/{typed}"),
        ("ann", f"/api/admin/v1/{typed}"), ("ann", f"/api/admin/v1/programs/{typed}/releases"),
        ("ann", f"/api/admin/v1/programs/shop/segments/{typed}"), ("ann", f"/api/admin/v1/members/{typed}"),
        ("ann", f"/console/{typed}"), ("ann", f"/console/programs/{typed}"), ("ann", f"/debug/{typed}"),
        ("ann", f"/api/manifests/shop/latest?userId={typed}&hostApp={typed}&environment={typed}&platform={typed}"),
        ("ann", "/api/admin/v1/programs/programs/releases"), ("ann", "/api/admin/v1/programs/%7Btyped%7D/lint"),
    ):  # fmt: skip
        for method in ("GET", "POST", "PROPFIND"):
            world.call(who, method, path)
    families = {each.name: each for each in text_string_to_metric_families(metrics.text())}
    labels = {
        (name, value)
        for each in families.values()
        for sample in each.samples
        for name, value in sample.labels.items()
    }
    assert not {value for _name, value in labels if typed.lower() in value.lower()}
    routes = {value for name, value in labels if name == "route"}
    assert "/api/admin/v1/programs/{programId}/releases" in routes
    assert sum(sample.value for sample in families["miniprogram_requests"].samples) >= 45
    assert families["miniprogram_decisions"].type == "counter"
    assert families["miniprogram_request_duration_seconds"].type == "histogram"


@pytest.fixture
def world_with() -> Iterator[Callable[[Metrics], Administered]]:
    """Makes the whole application with an observer."""
    made: list[Administered] = []

    def make(metrics: Metrics) -> Administered:
        made.append(administered(Rate(per_second=1000, burst=100_000), observe=metrics))
        return made[0]

    yield make
    for each in made:
        each.client.close()


def test_figures_have_an_address_of_their_own() -> None:
    metrics = Metrics()
    metrics(ANSWER)
    server = serve_metrics(metrics, Address("127.0.0.1", 0))
    try:
        port = server.server_address[1]
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert values(answer.text)
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 404
        with pytest.raises(ProcessError, match="--metrics"):
            serve_metrics(metrics, Address("127.0.0.1", int(port)))
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "text", ["9464", ":9464", "127.0.0.1", "example.org:9464", "127.0.0.1:99999", "::1", "a:b"]
)
def test_what_is_no_address_and_port_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--metrics"):
        parse_endpoint(text)


def test_addresses_are_taken_as_people_write_them() -> None:
    assert parse_endpoint("[::1]:9464") == Address("::1", 9464)
    assert parse_endpoint("localhost:9464") == Address("127.0.0.1", 9464)
