"""One vocabulary of log records: what the reference page shows is what servers, functions and commands write."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.evaluation.errors import BrokenDocument, Degraded, SourceUnavailable
from miniprogram.delivery.function.request_log import RequestLog as FunctionLog
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.log_records import AnsweredRequest, Sampling, failure_record
from miniprogram.errors import StoreError
from miniprogram.logs import configure_logging, get_log, send_records_to
from miniprogram_server.request_log import RequestLog
from plugins.server.conftest import API

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "log-records.md"
ASKED = Request("GET", "/api/manifests/shop/latest", "userId=u-1", {}, b"", "")
ANSWERED = Response(200, (("x-backend-trace-id", "req-9"),), b"", "manifest_latest", "matched_rule")
SERVED = AnsweredRequest("req-9", "manifest_latest", "GET", ASKED.path, 200, 0.7, reason="matched_rule")


def shown() -> list[dict[str, Any]]:
    """The example records of the page."""
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [json.loads(block) for block in blocks]


def described() -> set[str]:
    """The members in the tables of the page."""
    rows = re.findall(r"^\| (`[^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def by_server(*served: AnsweredRequest, sample: float = 1.0) -> list[dict[str, Any]]:
    stream = io.StringIO()
    log = RequestLog(stream, sample=sample)
    for each in served:
        log(each)
    log.close()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def by_function(capsys: pytest.CaptureFixture[str], **environ: str) -> list[dict[str, Any]]:
    FunctionLog.of(environ).request(ASKED, ANSWERED, "req-9", 0.0007)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def same(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "time": "then"}


def test_server_and_function_write_the_record_that_the_page_shows(capsys) -> None:
    [server], [function] = by_server(SERVED), by_function(capsys)
    assert same(server) == same(function) == same(shown()[0])
    assert list(server) == list(function) == list(shown()[0]), "in the same order, too"


def test_a_command_writes_the_same_members(capsys) -> None:
    configure_logging({"MINIPROGRAM_LOG": "json"})
    get_log("miniprogram.publish.publishing").info("release_published", program_id="shop", file_count=12)
    assert same(json.loads(capsys.readouterr().err)) == same(shown()[1])
    configure_logging({})


def test_every_failure_has_its_record() -> None:
    try:
        raise KeyError("secret")
    except KeyError as error:
        unforeseen = failure_record(error, "then", trace_id="t", surface="delivery")
    assert (unforeseen["event"], unforeseen["reason"]) == ("request_failed", "KeyError")
    assert unforeseen["at"][-1].startswith("test_log_records.py:")
    assert "secret" not in json.dumps(unforeseen)
    events = {
        SourceUnavailable("gone"): ("store_unavailable", "ERROR", "gone"),
        BrokenDocument("a.json", "no JSON"): ("document_unreadable", "ERROR", "no JSON"),
        Degraded("a.json", "no JSON"): ("older_document_used", "WARN", "no JSON"),
    }
    for error, expected in events.items():
        record = failure_record(error, "then", trace_id="t")
        assert (record["event"], record["level"], record["reason"]) == expected


def test_only_deliverys_good_answers_are_thinned_out(capsys) -> None:
    refused = SERVED._replace(status=404, reason="artifact_not_found")
    failed = SERVED._replace(status=503)
    administered = SERVED._replace(surface="api", client="192.0.2.1")
    found = by_server(SERVED, refused, failed, administered, sample=0.0)
    assert [(line["statusCode"], line["level"]) for line in found] == [
        (404, "WARN"),
        (503, "ERROR"),
        (200, "INFO"),
    ]
    assert not any("sampled" in line for line in found)
    assert by_function(capsys, LOG_SAMPLE="0") == []
    draws = iter([0.2, 0.6])
    half = Sampling(0.5, lambda: next(draws))
    assert (half.takes(SERVED), half.takes(SERVED)) == (True, False)
    assert by_server(SERVED, sample=0.999999999)[0]["sampled"] == 0.999999999


@pytest.mark.parametrize("share", ["2", "-1", "nan", "half"])
def test_a_share_that_is_none_stops_a_function(share: str) -> None:
    with pytest.raises(ValueError, match=r"LOG_SAMPLE|convert"):
        FunctionLog.of({"LOG_SAMPLE": share})


def test_whatever_a_caller_sends_is_one_line_that_any_stream_takes() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    log = RequestLog(stream)
    log(SERVED._replace(path="/\u2028\n\udcff" + "x" * 9_999, method="M" * 999))
    log.event("after", reason="ü")
    log.close()
    first, second = stream.buffer.getvalue().splitlines()
    assert len(json.loads(first)["path"]) == 512
    assert len(json.loads(first)["method"]) == 16
    assert json.loads(second)["reason"] == "ü"


@pytest.mark.parametrize(
    ("error", "status", "event"),
    [(RuntimeError("secret"), 500, "request_failed"), (StoreError("the store is away"), 503, "store_unavailable")],
)
@pytest.mark.parametrize("surface", ["api", "console"])
def test_a_failure_of_administration_is_told_with_the_trace_of_its_answer(
    world, monkeypatch, error: Exception, status: int, event: str, surface: str
) -> None:
    records: list[dict[str, Any]] = []
    send_records_to(records.append)
    headers = {"authorization": f"Bearer {world.tokens['ann']}", "x-backend-trace-id": "from-a-proxy"}
    world.client.post(
        "/console/login", data={"token": world.tokens["ann"]}, headers={"origin": "http://console.test"}
    )

    def fail(*_asked: Any, **_more: Any) -> Any:
        raise error

    monkeypatch.setattr(type(world.storage.store), "list", fail)
    monkeypatch.setattr(type(world.storage.store), "get", fail)
    path = f"{API}/programs/shop/releases" if surface == "api" else "/console/login"
    answer = (
        world.client.get(path, headers=headers)
        if surface == "api"
        else world.client.get("/console/", headers=headers)
    )
    configure_logging({})
    assert answer.status_code == status, answer.text
    told = [record for record in records if record["level"] == "ERROR"]
    assert [(record["event"], record["surface"], record["traceId"]) for record in told] == [
        (event, surface, "from-a-proxy")
    ]
    assert "secret" not in json.dumps(records)
    assert answer.headers["x-backend-trace-id"] == "from-a-proxy"


def told(path: Path) -> Iterator[str]:
    """The events a module tells of, where it says them in so many words."""
    tellers = {"log.event", "self._tell", "event_record"}
    tellers |= {f"log.{level}" for level in ("debug", "info", "warning", "error", "exception")}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in tellers:
            event = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if isinstance(event, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", event):
                yield event


def test_the_page_names_every_event() -> None:
    root = PAGE.parents[2]
    modules = [*root.glob("core/src/miniprogram/**/*.py"), *root.glob("plugins/server/src/**/*.py")]
    events = {event for path in modules for event in told(path)}
    assert {"log_lines_dropped", "worker_ended", "release_published", "store_unavailable"} <= events
    assert events - set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8"))) == set()


def test_the_page_describes_every_member() -> None:
    written = {name for record in shown() for name in record}
    assert written <= described() | {"programId", "fileCount"}  # facts of one event
