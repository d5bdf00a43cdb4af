"""The delivery function: gateway events in, gateway results out, over stored objects."""

from __future__ import annotations

import base64
import gzip
import io
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from delivery.vectors.runner import Case, differences, load_cases, write_workspace
from miniprogram.delivery.documents.profile import cloud_profile, cloud_profile_from
from miniprogram.delivery.documents.program_index import IndexedPointer, ProgramIndex, ProgramRow, format_index
from miniprogram.delivery.evaluation.strictness import COMPATIBLE, STRICT
from miniprogram_aws.function.gateway_events import read_event, without_stage
from miniprogram_aws.function.lambda_handler import DeliveryFunction
from miniprogram_aws.function.request_log import RequestLog
from miniprogram_aws.function.s3_source import (
    MAX_OBJECT_BYTES,
    MOST_PENDING,
    MOST_REMEMBERED,
    Freshness,
    S3Source,
)

QUIET = RequestLog("ERROR")
CASES = [case for case in load_cases() if case.profile == "cloud"]


class FolderClient:
    """As much of an S3 client as the function uses, over a folder. Counts and fails as told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[str] = []
        self.fails_with: Exception | None = None

    def get_object(self, **asked: str) -> dict[str, Any]:
        self.calls.append(asked["Key"])
        if self.fails_with is not None:
            raise self.fails_with
        path = self.folder / asked["Key"]
        if not path.is_file():
            raise refused("NoSuchKey", 404)
        body = path.read_bytes()
        etag = f'"{hash(body):x}"'
        if etag == asked.get("IfNoneMatch"):
            raise refused("304", 304)
        return {"Body": io.BytesIO(body), "ContentLength": len(body), "ETag": etag}

    def get_paginator(self, name: str) -> FolderClient:
        return self

    def paginate(self, **asked: str) -> Iterator[dict[str, Any]]:
        prefix = asked["Prefix"]
        self.calls.append(prefix)
        if self.fails_with is not None:
            raise self.fails_with
        folder = self.folder / prefix
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_dir():
                yield {"CommonPrefixes": [{"Prefix": f"{prefix}{path.name}/"}]}
            else:
                yield {"Contents": [{"Key": f"{prefix}{path.name}"}]}


def refused(code: str, status: int) -> ClientError:
    meta: Any = {"HTTPStatusCode": status}
    return ClientError(
        {"Error": {"Code": code, "Message": "arn 123456789012"}, "ResponseMetadata": meta}, "GetObject"
    )


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Function:
    """A running function over a folder, with a clock that a test moves."""

    def __init__(self, folder: Path, freshness: Freshness | None = None, **profile: Any) -> None:
        self.client, self.clock = FolderClient(folder), Clock()
        source = S3Source(self.client, "shop", freshness or Freshness(), clock=self.clock)
        self.function = DeliveryFunction(source, cloud_profile(**profile), QUIET)

    def ask(self, event: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        result = json.loads(json.dumps(self.function.answer(event)))  # as it travels
        body = result["body"]
        return (
            result["statusCode"],
            result["headers"],
            base64.b64decode(body) if result["isBase64Encoded"] else body.encode(),
        )

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask(http_api_event("GET", path, headers=headers))

    def reads(self) -> int:
        done, self.client.calls = len(self.client.calls), []
        return done


def http_api_event(
    method: str,
    path: str,
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    stage: str = "prod",
) -> dict[str, Any]:
    """As an HTTP API of payload format 2.0 sends it."""
    raw = f"/{stage}{path}" if stage != "$default" else path
    http = {"method": method, "path": raw, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    event = {
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": raw,
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {"http": http, "stage": stage, "domainName": "a1.execute-api.eu-west-1.amazonaws.com"},
        "isBase64Encoded": bool(body),
    }
    return {**event, "body": base64.b64encode(body).decode()} if body else event


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cloud")
    write_workspace(folder, "cloud")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with one published program."""
    documents: dict[str, Any] = {
        "metadata/catalog/shop.json": {
            "releaseKey": "metadata/releases/shop/1.0.0.json",
            "latestVersion": "1.0.0",
        },
        "metadata/releases/shop/1.0.0.json": {
            "version": "1.0.0",
            "artifacts": {"manifestKey": "artifacts/shop/1.0.0/manifest.json"},
        },
        "artifacts/shop/1.0.0/manifest.json": {
            "id": "shop",
            "version": "1.0.0",
            "entry": "home",
            "requiredCapabilities": [],
        },
        "artifacts/shop/1.0.0/screens/home.json": {"type": "text", "data": "é" * 600},
    }
    for key, document in documents.items():
        path = tmp_path / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))
    (tmp_path / "artifacts/shop/1.0.0/assets").mkdir()
    (tmp_path / "artifacts/shop/1.0.0/assets/dot.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    return tmp_path


@pytest.mark.parametrize("stage", ["prod", "$default"])
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_the_wire_contract_holds(case: Case, stage: str, vectors: Path) -> None:
    function = Function(
        vectors,
        strictness=COMPATIBLE if case.settings.get("strictness") == "compatible" else STRICT,
        requires_access_keys=case.settings.get("requiresAccessKeys", False),
        protects_assets=case.settings.get("protectsAssets", False),
    )
    event = http_api_event(
        case.method, case.path, query=case.query, headers=case.headers, body=case.body, stage=stage
    )

    assert differences(case, *function.ask(event)) == []


def test_a_rest_api_event_is_understood(shop: Path) -> None:
    event = {
        "httpMethod": "get",
        "path": "/api/manifests/shop/latest",
        "headers": {"X-Request-Id": "req-1"},
        "multiValueQueryStringParameters": {"hostApp": ["super app+"]},
        "requestContext": {"stage": "prod"},
        "body": None,
    }
    status, headers, body = Function(shop).ask(event)
    assert (status, headers["x-backend-trace-id"]) == (400, "req-1")
    assert b"hostApp" in body

    event["multiValueQueryStringParameters"] = {"hostApp": ["super_app"]}
    assert Function(shop).ask(event)[0] == 200


@pytest.mark.parametrize(
    "event",
    [{}, {"requestContext": None}, {"requestContext": {"http": {}}}, {"version": "2.0", "headers": []}],
    ids=["empty", "no context", "no method", "odd headers"],
)
def test_an_odd_event_gets_an_answer(event: dict[str, Any], shop: Path) -> None:
    assert Function(shop).ask(event)[0] in {404, 405}


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


def test_binary_and_compressed_bodies_travel_as_base64(shop: Path) -> None:
    function = Function(shop)
    png = function.get("/api/assets/shop/1.0.0/dot.png")
    assert (png[0], png[2]) == (200, b"\x89PNG\r\n\x1a\n\x00\xff")

    plain = function.get("/api/screens/shop/1.0.0/home")
    zipped = function.get("/api/screens/shop/1.0.0/home", **{"Accept-Encoding": "gzip"})
    assert zipped[1]["content-encoding"] == "gzip"
    assert gzip.decompress(zipped[2]) == plain[2] == (shop / "artifacts/shop/1.0.0/screens/home.json").read_bytes()


def test_an_object_too_large_for_an_answer_is_refused_unread(shop: Path) -> None:
    with (shop / "artifacts/shop/1.0.0/assets/big.bin").open("wb") as file:
        file.truncate(MAX_OBJECT_BYTES + 1)
    status, _, body = Function(shop).get("/api/assets/shop/1.0.0/big.bin")
    assert status == 500
    assert len(body) < 1000


def test_a_large_text_fits_into_an_answer(shop: Path) -> None:
    (shop / "artifacts/shop/1.0.0/screens/big.json").write_text(json.dumps('"' * 2_200_000))
    function = Function(shop)
    result = function.function.answer(http_api_event("GET", "/api/screens/shop/1.0.0/big"))
    assert result["statusCode"] == 200
    assert len(json.dumps(result)) < 6 * 1024 * 1024


def test_warm_requests_read_nothing_and_never_more_than_once(shop: Path) -> None:
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest")[0] == 200
    assert function.reads() == 7  # five that decide, fetched at once; the release; the manifest

    counts = []
    for _ in range(400):
        function.clock.now += 0.25
        assert function.get("/api/manifests/shop/latest")[0] == 200
        counts.append(function.reads())
    assert max(counts) == 1
    assert sum(counts) / len(counts) < 0.3


def test_screens_share_what_is_known_and_are_read_once(shop: Path) -> None:
    function = Function(shop)
    function.get("/api/screens/shop/1.0.0/home")
    function.reads()
    counts = []
    for _ in range(100):
        function.clock.now += 0.25
        function.get("/api/screens/shop/1.0.0/home")
        counts.append(function.client.calls)
        function.client.calls = []
    assert max(map(len, counts)) == 1
    assert not any(key.startswith("artifacts/") for keys in counts for key in keys)


@pytest.mark.parametrize("gap_s", [0.5, 4.0, 20.0, 600.0])
def test_a_moved_pointer_and_a_new_key_are_noticed_in_time(gap_s: float, shop: Path) -> None:
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest")[0] == 200
    (shop / "metadata/access_keys").mkdir()
    (shop / "metadata/access_keys/shop.json").write_text('{"keys": []}')
    changed_at = function.clock.now
    while True:
        function.clock.now += gap_s
        status = function.get("/api/manifests/shop/latest")[0]
        if function.clock.now - changed_at >= 15:
            break
    assert status == 401


def test_with_no_age_allowed_every_request_looks(shop: Path) -> None:
    function = Function(shop, Freshness(0, 0))
    function.get("/api/manifests/shop/latest")
    (shop / "metadata/catalog/shop.json").unlink()
    assert function.get("/api/manifests/shop/latest")[0] == 404


class Hanging:
    """An S3 that takes a request and never answers it, until it is let go."""

    def __init__(self, client: FolderClient) -> None:
        self._client = client
        self.calls: list[str] = []
        self.go = threading.Event()

    def get_object(self, *, Key: str, **asked: Any) -> Any:  # noqa: N803 - as the SDK names it
        self.calls.append(Key)
        self.go.wait(60)
        return self._client.get_object(Key=Key, **asked)


@pytest.mark.parametrize("remaining_s", [1.3, 3.0])
def test_a_hanging_store_is_a_503_within_the_functions_own_time_after_one_round(
    shop: Path, remaining_s: float
) -> None:
    hanging = Hanging(FolderClient(shop))
    source = S3Source(hanging, "shop", Freshness())
    function = DeliveryFunction(source, cloud_profile(), QUIET)
    event = http_api_event("GET", "/api/manifests/shop/latest")
    try:
        for _ in range(2):
            started = time.monotonic()
            result = function.answer(event, remaining_s)
            assert result["statusCode"] == 503
            assert time.monotonic() - started < remaining_s
        assert len(hanging.calls) == len(set(hanging.calls)), "nothing is asked twice while it hangs"
    finally:
        hanging.go.set()


@pytest.mark.parametrize(("age", "status"), [(5.1, 200), (14.9, 200), (15.1, 200), (3600.0, 200)])
@pytest.mark.parametrize("error", [refused("SlowDown", 503), EndpointConnectionError(endpoint_url="https://s3.x")])
def test_a_store_that_stops_answering_leaves_what_is_known(
    shop: Path, age: float, status: int, error: Exception
) -> None:
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest")[0] == 200
    function.client.fails_with = error
    function.clock.now += age

    assert function.get("/api/manifests/shop/latest")[0] == status
    function.reads()
    assert [function.get("/api/manifests/shop/latest")[0] for _ in range(20)] == [status] * 20
    assert function.reads() <= 5, "a store that fails is not asked by every request"


@pytest.mark.parametrize(("age", "status"), [(14.9, 200), (15.1, 503)])
def test_keys_are_not_used_beyond_their_age_while_the_store_fails(shop: Path, age: float, status: int) -> None:
    keys = shop / "metadata/access_keys/shop.json"
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text(json.dumps({"keys": ["k"]}))
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest", **{"x-mini-program-access-key": "k"})[0] == 200
    function.client.fails_with = refused("SlowDown", 503)
    function.clock.now += age

    assert function.get("/api/manifests/shop/latest", **{"x-mini-program-access-key": "k"})[0] == status


@pytest.mark.parametrize(("policy", "listed"), [("", []), ("compatible", ["shop"]), (" Strict ", [])])
def test_a_function_may_list_protected_programs_to_hosts_that_send_no_key(
    shop: Path, policy: str, listed: list[str]
) -> None:
    keys = shop / "metadata/access_keys/shop.json"
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text(json.dumps({"keys": ["k"]}))
    source = S3Source(FolderClient(shop), "shop", Freshness())
    function = DeliveryFunction(source, cloud_profile_from({"DELIVERY_POLICY": policy}), QUIET)
    event = http_api_event("GET", "/api/discovery/mini-programs")

    assert [entry["id"] for entry in json.loads(function.answer(event)["body"])["entries"]] == listed


def test_a_cold_function_lists_many_programs_from_two_requests_and_a_warm_one_from_none(shop: Path) -> None:
    rows = [
        ProgramRow(f"p{number:04}", IndexedPointer("1.0.0", "m", "r"), manifests={"1.0.0": {"entry": "home"}})
        for number in range(500)
    ]
    (shop / "metadata/index").mkdir()
    (shop / "metadata/index/programs.json").write_bytes(format_index(ProgramIndex(tuple(rows))))
    function = Function(shop)

    status, _, body = function.get("/api/discovery/mini-programs")
    assert (status, json.loads(body)["entryCount"]) == (200, 500)
    assert function.reads() <= 3
    assert function.get("/api/discovery/mini-programs")[0] == 200
    assert function.reads() == 0


def test_a_delivery_policy_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="DELIVERY_POLICY must be one of strict, compatible"):
        cloud_profile_from({"DELIVERY_POLICY": "open"})


@pytest.mark.parametrize(
    "error",
    [refused("AccessDenied", 403), refused("SlowDown", 503), EndpointConnectionError(endpoint_url="https://s3.x")],
    ids=["denied", "slow down", "unreachable"],
)
def test_a_store_that_fails_is_a_503_that_leaks_nothing(
    error: Exception, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    function = Function(shop)
    function.client.fails_with = error
    status, _, body = function.get("/api/manifests/shop/latest")
    assert (status, json.loads(body)["errorCode"]) == (503, "backend_unreachable")
    out = capsys.readouterr().out
    assert "store_unavailable" in out
    assert "123456789012" not in out + body.decode()

    function.client.fails_with = None
    assert function.get("/api/manifests/shop/latest")[0] == 200


def test_the_log_says_what_was_asked_and_no_secret(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = S3Source(FolderClient(shop), "shop", Freshness())
    function = DeliveryFunction(source, cloud_profile(), RequestLog.of({}))
    headers = {"x-mini-program-access-key": "mpk_live_secret", "x-request-id": "req-9"}
    function.answer(http_api_event("GET", "/api/manifests/shop/latest", query="hostApp=h1", headers=headers))
    line = json.loads(capsys.readouterr().out)
    assert (line["traceId"], line["routeKind"], line["statusCode"]) == ("req-9", "manifest_latest", 200)
    assert "mpk_live" not in str(line)


@pytest.mark.parametrize(
    ("text", "soft"), [("2", 2.0), ("0", 0.0), ("-1", 5.0), ("301", 5.0), ("soon", 5.0), ("nan", 5.0)]
)
def test_the_age_of_pointers_comes_from_the_environment(text: str, soft: float) -> None:
    assert Freshness.of({"POINTER_MAX_AGE_SECONDS": text}).soft_s == soft


@pytest.mark.parametrize("text", ["1", " TRUE ", "yes", "Y", "on"])
def test_programs_without_keys_are_closed_when_the_environment_says_so(text: str, shop: Path) -> None:
    source = S3Source(FolderClient(shop), "shop", Freshness())
    profile = cloud_profile_from({"REQUIRE_MINI_PROGRAM_ACCESS_KEYS": text})
    result = DeliveryFunction(source, profile, QUIET).answer(http_api_event("GET", "/api/manifests/shop/latest"))
    assert result["statusCode"] == 403


def test_memory_stays_bounded_whatever_is_asked_for(shop: Path) -> None:
    source = S3Source(FolderClient(shop), "shop", Freshness())
    for number in range(MOST_REMEMBERED + 100):
        source.marker(f"metadata/catalog/nobody{number}.json")
        source.marker("artifacts/shop/1.0.0/manifest.json")
    assert len(source._seen) <= MOST_REMEMBERED
    assert len(source._pending) <= MOST_PENDING


def test_responses_without_a_body_stay_empty(shop: Path) -> None:
    status, _, body = Function(shop).ask(http_api_event("OPTIONS", "/api/x"))
    assert (status, body) == (204, b"")


def test_the_callers_address_counts_unless_a_cdn_hides_it() -> None:
    event = http_api_event("GET", "/x")
    assert read_event(event).client == "192.0.2.1"
    assert read_event({**event, "headers": {"x-amz-cf-id": "abc"}}).client == ""
