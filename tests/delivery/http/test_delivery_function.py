"""A delivery function of any cloud: what its environment variables say, what it logs, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miniprogram.delivery.documents.profile import cloud_profile, cloud_profile_from
from miniprogram.delivery.documents.remote_source import Freshness, RemoteSource
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram.delivery.function.request_log import RequestLog
from testbed.folder_objects import MAX_BYTES, QUIET, FolderObjects, Function, get_request, write_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path)


@pytest.mark.parametrize(("policy", "listed"), [("", []), ("compatible", ["shop"]), (" Strict ", [])])
def test_a_function_may_list_protected_programs_to_hosts_that_send_no_key(
    shop: Path, policy: str, listed: list[str]
) -> None:
    keys = shop / "metadata/access_keys/shop.json"
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text(json.dumps({"keys": ["k"]}))
    source = RemoteSource(FolderObjects(shop), Freshness(), max_bytes=MAX_BYTES)
    function = DeliveryFunction(source, cloud_profile_from({"DELIVERY_POLICY": policy}), QUIET)

    body = function.answer(get_request("/api/discovery/mini-programs")).body

    assert [entry["id"] for entry in json.loads(body)["entries"]] == listed


def test_a_delivery_policy_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="DELIVERY_POLICY must be one of strict, compatible"):
        cloud_profile_from({"DELIVERY_POLICY": "open"})


def test_a_store_that_fails_is_a_503_that_leaks_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    function = Function(shop)
    function.objects.fails_with = SourceUnavailable("GetObject of metadata/catalog/shop.json: AccessDenied")
    status, _, body = function.get("/api/manifests/shop/latest")
    assert (status, json.loads(body)["errorCode"]) == (503, "backend_unreachable")
    out = capsys.readouterr().out
    assert "store_unavailable" in out
    assert "AccessDenied" in out
    assert "AccessDenied" not in body.decode()

    function.objects.fails_with = None
    assert function.get("/api/manifests/shop/latest")[0] == 200


def test_the_log_says_what_was_asked_and_no_secret(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = RemoteSource(FolderObjects(shop), Freshness(), max_bytes=MAX_BYTES)
    function = DeliveryFunction(source, cloud_profile(), RequestLog.of({}))
    headers = {"x-mini-program-access-key": "mpk_live_secret", "x-request-id": "req-9"}
    function.answer(get_request("/api/manifests/shop/latest", query="hostApp=h1", **headers))
    line = json.loads(capsys.readouterr().out)
    assert (line["traceId"], line["routeKind"], line["statusCode"]) == ("req-9", "manifest_latest", 200)
    assert "mpk_live" not in str(line)


@pytest.mark.parametrize(
    ("path", "level", "severity"),
    [("/api/manifests/shop/latest", "INFO", "INFO"), ("/api/manifests/nobody/latest", "WARN", "WARNING")],
    ids=["answered", "refused"],
)
def test_a_cloud_finds_the_level_where_it_looks_for_it(
    path: str, level: str, severity: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = RemoteSource(FolderObjects(shop), Freshness(), max_bytes=MAX_BYTES)
    log = RequestLog.of({"LOG_SEVERITY_MEMBER": "severity"})

    DeliveryFunction(source, cloud_profile(), log).answer(get_request(path))

    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["severity"]) == (level, severity)


@pytest.mark.parametrize("text", ["1", " TRUE ", "yes", "Y", "on"])
def test_programs_without_keys_are_closed_when_the_environment_says_so(text: str, shop: Path) -> None:
    source = RemoteSource(FolderObjects(shop), Freshness(), max_bytes=MAX_BYTES)
    profile = cloud_profile_from({"REQUIRE_MINI_PROGRAM_ACCESS_KEYS": text})
    assert DeliveryFunction(source, profile, QUIET).answer(get_request("/api/manifests/shop/latest")).status == 403
