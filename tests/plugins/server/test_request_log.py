"""The batched request log."""

from __future__ import annotations

import io
import json

from miniprogram.delivery.log_records import AnsweredRequest
from miniprogram_server.request_log import RequestLog

LINE = AnsweredRequest("trace", "health", "GET", "/health", 200, 0.1234)


def test_every_request_is_one_json_line() -> None:
    stream = io.StringIO()
    log = RequestLog(stream)
    log(LINE)
    log(LINE._replace(status=404, path="/ä\n"))
    log.close()
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["event"] == "request"
    assert (first["level"], first["traceId"], first["statusCode"], first["durationMs"]) == (
        "INFO",
        "trace",
        200,
        0.123,
    )
    assert (second["level"], second["path"]) == ("WARN", "/ä\n")


def test_a_reader_that_left_does_not_stop_the_server() -> None:
    stream = io.StringIO()
    log = RequestLog(stream)
    stream.close()
    log(LINE)
    log.close()
    log(LINE)
