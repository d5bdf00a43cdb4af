"""The whole way of a mini-program to Cloud Run, by command line only: the deployed code really runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.testing import write_program
from testbed.looks import get, soon

pytestmark = [pytest.mark.process, pytest.mark.slow]

Calling = Callable[..., str]


@pytest.fixture
def configured(call: Calling, place: Any, cloud: Any) -> Any:
    """The environment `prod`, in use."""
    write_program(place.root)
    call("env", "init")
    where = ["--bucket", place.bucket, "--region", "europe-west1", "--endpoint-url", place.url]
    call("env", "configure", "prod", "--provider", "gcp", *where, "--project-id", "acme-prod-1234")
    call("env", "configure", "prod", "--pointer-max-age-seconds", "0")
    call("env", "use", "prod")
    return cloud


def values(call: Calling) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("env", "status", "--json"))["activeCloudEnvironment"]["values"]
    return found


def test_publish_deliver_go_back_and_remove(call: Calling, configured: Any, place: Any) -> None:
    assert "Published shop 1.0.0" in call("publish")

    told = call("cloud", "deploy")

    assert "Health: healthy" in told
    assert "ConfigurationsReady: Deploying revision." in told
    latest = f"{values(call)['apiBaseUrl']}/manifests/shop/latest"
    assert get(latest)[1]["version"] == "1.0.0"
    assert "nothing to change" in call("cloud", "deploy")

    write_program(place.root, version="1.1.0", text="New")
    call("publish")
    soon(lambda: get(latest)[1].get("version"), "1.1.0")
    call("cloud", "rollback", "1.0.0")
    soon(lambda: get(latest)[1].get("version"), "1.0.0")
    assert '"routeKind": "manifest_latest"' in call("cloud", "logs", "--since", "10m")

    status = json.loads(call("cloud", "status", "--json"))
    assert (status["stackStatus"], status["healthy"]) == ("READY", True)
    call("env", "configure", "prod", "--log-level", "ERROR")
    assert "answers; moving the traffic to it" in call("cloud", "deploy")
    newer = json.loads(call("cloud", "status", "--json"))["outputs"]["ServiceRevision"]
    assert newer != status["outputs"]["ServiceRevision"]
    back = call("cloud", "deploy", "--rollback")
    assert f"ServiceRevision: {status['outputs']['ServiceRevision']}" in back
    assert f"Reason: hosts get {status['outputs']['ServiceRevision']}, and {newer} is newer" in back
    assert f"ServiceRevision: {newer}" in call("cloud", "deploy", "--rollback")
    assert get(latest)[0] == 200

    assert "the service mini-program-cloud-prod in europe-west1" in call("cloud", "destroy")
    call("cloud", "destroy", "--yes")
    assert configured.run.services == {}
