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


@pytest.mark.parametrize(
    ("path", "stage", "proxy", "expected"),
    [
        ("/prod/api/x", "prod", "api/x", "/api/x"),
        ("/api/x", "api", "api/x", "/api/x"),
        ("/shop/api/x", "prod", "api/x", "/api/x"),
        ("/shop/v1/health", "$default", "health", "/health"),
        ("/shop/api/x/", "prod", "api/x/", "/api/x/"),
        ("/shop/api/x/", "prod", "api/x", "/api/x/"),
        ("/shop/api/a%20b", "prod", "api/a b", "/api/a%20b"),
        ("/shop/api/a%2Fb", "prod", "api/a/b", "/shop/api/a%2Fb"),
        ("/prod/api/x", "prod", "something/else", "/api/x"),
        ("/prod/api/x", "prod", None, "/api/x"),
    ],
    ids=[
        "stage", "domain, stage called api", "domain and path", "domain and longer path", "slash at the end",
        "slash that is not said", "escaped", "escaped slash", "says something else", "function URL",
    ],
)  # fmt: skip
def test_a_path_is_what_the_route_matched(path: str, stage: str, proxy: str | None, expected: str) -> None:
    """A domain may be mapped to any stage, and to a path of its own."""
    event = {**http_api_event("GET", "/x", stage=stage), "rawPath": path, "pathParameters": {"proxy": proxy}}

    assert read_event(event).path == expected


def test_a_rest_api_below_a_path_of_a_domain() -> None:
    event = {"httpMethod": "GET", "path": "/shop/api/x", "pathParameters": {"proxy": "api/x"}}

    assert read_event(event).path == "/api/x"
    assert read_event({**event, "pathParameters": None}).path == "/shop/api/x"


def test_a_body_that_is_not_base64_is_empty() -> None:
    event = {**http_api_event("POST", "/x"), "body": "%%%", "isBase64Encoded": True}
    assert read_event(event).body == b""


def test_a_caller_is_whoever_connects() -> None:
    event = http_api_event("GET", "/x")
    assert read_event(event).client == "192.0.2.1"
    assert read_event({**event, "headers": {"x-amz-cf-id": "abc"}}).client == "192.0.2.1"
