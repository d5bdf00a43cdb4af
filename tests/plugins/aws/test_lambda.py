"""The delivery function on Lambda: gateway events in, gateway results out."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from delivery.vectors.runner import Case, differences, load_cases, write_workspace
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.documents.remote_source import Freshness, RemoteSource
from miniprogram.delivery.evaluation.rules.strictness import COMPATIBLE, STRICT
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram_aws.function.lambda_handler import answer
from miniprogram_aws.function.s3_objects import MAX_OBJECT_BYTES
from testbed.folder_objects import QUIET, FolderObjects, write_shop
from testbed.gateway_event import http_api_event

CASES = [case for case in load_cases() if case.profile == "cloud"]


class Function:
    """A running function over a folder, asked as Lambda asks it."""

    def __init__(self, folder: Path, **profile: Any) -> None:
        source = RemoteSource(FolderObjects(folder), Freshness(), max_bytes=MAX_OBJECT_BYTES)
        self.function = DeliveryFunction(source, cloud_profile(**profile), QUIET)

    def ask(self, event: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        result = json.loads(json.dumps(answer(self.function, event)))  # as it travels
        body = result["body"]
        return (
            result["statusCode"],
            result["headers"],
            base64.b64decode(body) if result["isBase64Encoded"] else body.encode(),
        )

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask(http_api_event("GET", path, headers=headers))


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cloud")
    write_workspace(folder, "cloud")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path)


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


def test_binary_and_compressed_bodies_travel_as_base64(shop: Path) -> None:
    function = Function(shop)
    png = function.get("/api/assets/shop/1.0.0/dot.png")
    assert (png[0], png[2]) == (200, b"\x89PNG\r\n\x1a\n\x00\xff")

    plain = function.get("/api/screens/shop/1.0.0/home")
    zipped = function.get("/api/screens/shop/1.0.0/home", **{"Accept-Encoding": "gzip"})
    assert zipped[1]["content-encoding"] == "gzip"
    assert gzip.decompress(zipped[2]) == plain[2] == (shop / "artifacts/shop/1.0.0/screens/home.json").read_bytes()


def test_a_large_text_fits_into_an_answer(shop: Path) -> None:
    (shop / "artifacts/shop/1.0.0/screens/big.json").write_text(json.dumps('"' * 2_200_000))
    function = Function(shop)
    result = answer(function.function, http_api_event("GET", "/api/screens/shop/1.0.0/big"))
    assert result["statusCode"] == 200
    assert len(json.dumps(result)) < 6 * 1024 * 1024


def test_responses_without_a_body_stay_empty(shop: Path) -> None:
    status, _, body = Function(shop).ask(http_api_event("OPTIONS", "/api/x"))
    assert (status, body) == (204, b"")
