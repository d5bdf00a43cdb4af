"""Spans for OpenTelemetry: sent where the environment says, and not even imported elsewhere."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from miniprogram_server.tracing import open_tracing, tell_complaints

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class Collector:
    """Takes spans, as an OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        spans = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = ExportTraceServiceRequest()
                request.ParseFromString(self.rfile.read(int(self.headers["content-length"])))
                assert self.path == "/v1/traces"
                for resource in request.resource_spans:
                    spans.extend(span for scope in resource.scope_spans for span in scope.spans)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_said: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.process
def test_requests_become_spans_of_the_trace_they_belong_to(tmp_path: Path, collector: Collector) -> None:
    environ = {**os.environ, "HOME": str(tmp_path), ENDPOINT: collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    subprocess.run(
        [sys.executable, "-m", "miniprogram", "backend", "init", "--root", str(tmp_path / "backend")],
        cwd=tmp_path,
        env=environ,
        check=True,
        capture_output=True,
    )
    argv = [sys.executable, "-m", "miniprogram", "serve", "--root", str(tmp_path / "backend"), "--port", "0"]
    process = subprocess.Popen(argv, cwd=tmp_path, env=environ, text=True, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        found = re.search(r"http://\S+?(?=/api/)", lines[1])
        assert found, lines
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
        with httpx.Client(base_url=found[0], trust_env=False, headers=headers) as client:
            answer = client.get("/api/manifests/shop/latest", params={"userId": "u-4711"})
            client.get("/api/manifests/nothing/latest", headers={"traceparent": "nonsense"})
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert f'"parentTraceId": "{TRACE}"' in rest
    first, second = collector.spans
    assert (first.trace_id.hex(), first.parent_span_id.hex()) == (TRACE, PARENT)
    assert first.name == "GET manifest_latest"
    told = {each.key: each.value.string_value or each.value.int_value for each in first.attributes}
    assert told["http.response.status_code"] == answer.status_code
    assert told["miniprogram.trace_id"] == answer.headers["x-backend-trace-id"]
    assert "u-4711" not in str(first)
    assert first.end_time_unix_nano >= first.start_time_unix_nano
    assert (second.parent_span_id, second.trace_id.hex() == TRACE) == (b"", False)


ASKED = """
import sys
{before}
import miniprogram_server.running, miniprogram_server.console.mounting
from miniprogram_server.tracing import open_tracing, tell_complaints
told = []
found = open_tracing({environ!r}, lambda event, **facts: told.append((event, facts["reason"])))
loaded = [name for name, module in sys.modules.items() if name.startswith("opentelemetry") and module]
print(found is None, bool(loaded), told)
"""


@pytest.mark.parametrize(
    ("environ", "before", "printed"),
    [
        ({}, "", "True False []"),
        ({ENDPOINT: ""}, "", "True False []"),
        ({ENDPOINT: "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"}, "", "True False []"),
        (
            {ENDPOINT: "http://127.0.0.1:9"},
            "sys.modules['opentelemetry'] = None",
            "True False [('tracing_unavailable', "
            "'opentelemetry.exporter is not installed: "
            "install opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http')]",
        ),
    ],
    ids=["nobody asked", "blank", "disabled", "not installed"],
)
def test_where_nobody_gets_spans_nothing_is_imported(environ: dict[str, str], before: str, printed: str) -> None:
    code = ASKED.format(environ=environ, before=before)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, printed), done.stderr


def test_a_collector_that_takes_nothing_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    monkeypatch.setattr("miniprogram_server.tracing.LAST_WORDS_S", 0.3)
    passed: list[Any] = []
    tracing = open_tracing({ENDPOINT: "http://127.0.0.1:9"}, lambda *_told, **_facts: None, passed.append)
    assert tracing is not None
    from miniprogram.delivery.log_records import AnsweredRequest

    served = AnsweredRequest("t", "health", "GET", "/health", 503, 1.0, parent="nonsense")
    tracing(served)
    assert passed == [served]
    tracing.close()


def test_what_opentelemetry_complains_about_is_a_record_and_not_one_for_each_try(
    capfd: pytest.CaptureFixture[str],
) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    tell_complaints(lambda event, **facts: told.append((event, facts)))
    exporter = logging.getLogger("opentelemetry.exporter.otlp.proto.http.trace_exporter")

    for attempt in range(3):
        exporter.error("Failed to export span batch code: %s", attempt)
    exporter.warning("Retrying")
    exporter.info("never mind")

    assert told == [
        ("tracing_trouble", {"level": "ERROR", "reason": "Failed to export span batch code: 0"}),
        ("tracing_trouble", {"level": "WARN", "reason": "Retrying"}),
    ]
    assert capfd.readouterr().err == ""
