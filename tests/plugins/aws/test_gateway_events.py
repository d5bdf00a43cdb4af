"""Gateway events as requests."""

from __future__ import annotations

import pytest

from miniprogram_aws.function.gateway_events import read_event, without_stage
from testbed.gateway_event import http_api_event


@pytest.mark.parametrize(
    ("path", "stage", "expected"),
    [
        ("/prod/api/x", "prod", "/api/x"),
        ("/prod", "prod", "/"),
        ("/production/x", "prod", "/production/x"),
        ("/api/x", "prod", "/api/x"),
        ("/prod/prod/x", "prod", "/prod/x"),
        ("/prod/x", "$default", "/prod/x"),
    ],
)
def test_only_the_stage_is_stripped(path: str, stage: str, expected: str) -> None:
    assert without_stage(path, stage) == expected


def test_a_body_that_is_not_base64_is_empty() -> None:
    event = {**http_api_event("POST", "/x"), "body": "%%%", "isBase64Encoded": True}
    assert read_event(event).body == b""


def test_a_caller_is_whoever_connects() -> None:
    event = http_api_event("GET", "/x")
    assert read_event(event).client == "192.0.2.1"
    assert read_event({**event, "headers": {"x-amz-cf-id": "abc"}}).client == "192.0.2.1"
