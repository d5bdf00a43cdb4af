"""The whole way of a mini-program through a bucket of Cloud Storage, by command line only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.testing import write_program
from testbed import servers
from testbed.looks import get, soon

pytestmark = [pytest.mark.process, pytest.mark.slow]

Calling = Callable[..., str]


def test_the_whole_tour(call: Calling, free_place: Any) -> None:
    write_program(free_place.root)
    call("env", "init")
    where = ["--provider", "gcp", "--endpoint-url", free_place.url, "--bucket", free_place.bucket]
    where += ["--region", "europe-west1", "--project-id", "acme-prod-1234", "--delivery", "self"]
    made = call("env", "configure", "own", *where, "--port", str(servers.free_port()), "--create-bucket")
    assert f"Made the bucket {free_place.bucket} in europe-west1" in made
    again = call("env", "configure", "own", *where, "--create-bucket")
    assert "is there already; it was left as it is" in again
    call("env", "use", "own")

    doctor = json.loads(call("cloud", "doctor", "--json"))
    found = {check["label"]: check["status"] for check in doctor["checks"]}
    assert (found["Bucket"], found["Delivery server"]) == ("ok", "warning")

    assert "Published shop 1.0.0" in call("publish")
    assert "nothing changed" in call("publish")
    try:
        assert "Health: healthy" in call("cloud", "deploy")
        values = json.loads(call("env", "status", "--json"))["activeCloudEnvironment"]["values"]
        latest = f"{values['apiBaseUrl']}/manifests/shop/latest"
        assert get(latest)[1]["version"] == "1.0.0"

        write_program(free_place.root, version="1.1.0", text="New")
        call("publish")
        soon(lambda: get(latest)[1].get("version"), "1.1.0")
        call("cloud", "rollback", "1.0.0")
        soon(lambda: get(latest)[1].get("version"), "1.0.0")

        call("app", "add", "wallet")
        call("release", "create", "shop", "1.1.0", "--app", "wallet")
        assert "1.1.0" in call("release", "list")
    finally:
        call("cloud", "destroy", "--yes")


def test_what_is_not_there_is_said(call: Calling, free_place: Any) -> None:
    write_program(free_place.root)
    call("env", "init")
    where = [
        "--provider",
        "gcp",
        "--endpoint-url",
        free_place.url,
        "--bucket",
        free_place.bucket,
        "--region",
        "eu",
    ]

    assert "--create-bucket needs --project-id" in call(
        "env", "configure", "x", *where, "--create-bucket", code=64
    )
    call("env", "configure", "x", *where)
    call("env", "use", "x")
    told = call("publish", code=1)
    assert f"the bucket {free_place.bucket} does not exist" in told
    assert "--create-bucket" in told
