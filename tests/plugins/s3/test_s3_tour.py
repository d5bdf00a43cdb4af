"""The whole way of a mini-program through an S3 server of one's own, by command line only."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from miniprogram.testing import write_program
from testbed import servers

pytestmark = [pytest.mark.process, pytest.mark.slow]

NOTICED_WITHIN_S = 20.0

Calling = Callable[..., str]


@pytest.fixture(params=["account", "moto_account"], ids=["ministack", "moto"])
def served(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def call(served: Any, command_line: Callable[..., Any]) -> Iterator[Calling]:
    """Run a command line that must succeed; gives what it printed. The server is stopped at the end."""
    typed = command_line(served)

    def calling(*argv: str, code: int = 0) -> str:
        found, out, err = typed(*argv)
        assert found == code, f"{argv}: {err}{out}"
        return str(out)

    yield calling
    calling("cloud", "destroy", "--yes")


def get(url: str, key: str | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={"X-Mini-Program-Access-Key": key} if key else {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def soon(look: Callable[[], object], expected: object) -> None:
    deadline = time.monotonic() + NOTICED_WITHIN_S
    while (found := look()) != expected:
        assert time.monotonic() < deadline, f"{found!r} is still not {expected!r}"
        time.sleep(0.1)


def test_the_whole_tour(call: Calling, served: Any) -> None:
    write_program(served.root)
    call("env", "init")
    where = ["--provider", "s3", "--endpoint-url", served.endpoint_url, "--bucket", served.bucket]
    made = call("env", "configure", "own", *where, "--port", str(servers.free_port()), "--create-bucket")
    assert "is closed to the public, keeps versions, encrypts what it stores" in made
    call("env", "use", "own")

    doctor = json.loads(call("cloud", "doctor", "--json"))
    found = {check["label"]: check["status"] for check in doctor["checks"]}
    assert (found["Bucket"], found["Conditional writes"], found["Delivery server"]) == ("ok", "ok", "warning")

    assert "Published shop 1.0.0" in call("publish")
    assert "Health: healthy" in call("cloud", "deploy")
    values = json.loads(call("env", "status", "--json"))["activeCloudEnvironment"]["values"]
    latest = f"{values['apiBaseUrl']}/manifests/shop/latest"
    assert get(latest)[1]["version"] == "1.0.0"

    shown = re.match(r"Access key: (mpk_live_\S+)\n", call("access-key", "create", "shop", "--key-id", "partner"))
    assert shown is not None
    soon(lambda: get(latest)[0], 401)
    soon(lambda: get(latest, shown[1])[0], 200)

    write_program(served.root, version="1.1.0", text="New")
    call("publish")
    soon(lambda: get(latest, shown[1])[1].get("version"), "1.1.0")
    assert "1.1.0" in call("cloud", "app", "info", "shop")
    call("cloud", "rollback", "1.0.0")
    soon(lambda: get(latest, shown[1])[1].get("version"), "1.0.0")

    call("app", "add", "wallet")
    call("release", "create", "shop", "1.1.0", "--app", "wallet")
    assert "wallet" in call("release", "list")

    assert "manifest_latest" in call("cloud", "logs", "--since", "10m")
    assert json.loads(call("cloud", "doctor", "--json"))["hasErrors"] is False
    call("cloud", "destroy", "--yes")
    kept = served.clients().s3.list_objects_v2(Bucket=served.bucket, Prefix="metadata/")
    assert "metadata/catalog/shop.json" in {entry["Key"] for entry in kept["Contents"]}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--delivery", "cloud"),
            "--delivery does not fit: must be self: this provider has no delivery",
        ),
        (("--bucket", "s3://shop"), "--bucket"),
        (("--endpoint-url", "localhost:9000"), "--endpoint-url"),
        (("--stack-name", "x"), "--stack-name"),
    ],
    ids=["delivery", "bucket", "endpoint", "of AWS"],
)
def test_what_does_not_fit_is_named(
    account: Any, command_line: Callable[..., Any], options: tuple[str, ...], said: str
) -> None:
    call = command_line(account)
    call("env", "init")
    given = {"--provider": "s3", "--bucket": "shop", **dict([options])}

    code, out, err = call("env", "configure", "own", *(word for pair in given.items() for word in pair))

    assert (code, out) == (64, "")
    assert said in err.splitlines()[0]


def test_every_setting_is_stored_by_its_name(account: Any, command_line: Callable[..., Any]) -> None:
    call = command_line(account)
    call("env", "init")
    options = """--provider s3 --bucket shop --region garage --endpoint-url https://s3.test/ --delivery self
        --cdn-base-url https://cdn.test/ --api-base-url https://api.test/ --aws-profile team --no-path-style
        --single-writer --no-require-versions --host 0.0.0.0 --port 9090 --stale-if-error-seconds 60
        --require-access-keys"""

    code, _, err = call("env", "configure", "own", *options.split(), "--ca-bundle", "ca.pem")

    assert (code, err) == (0, "")
    document = json.loads((account.root / ".mini_program" / "env.json").read_text())
    assert document["cloudEnvironments"][0]["values"] == {
        "artifactsPrefix": "artifacts",
        "metadataPrefix": "metadata",
        "bucket": "shop",
        "region": "garage",
        "endpointUrl": "https://s3.test",
        "cdnBaseUrl": "https://cdn.test",
        "apiBaseUrl": "https://api.test",
        "awsProfile": "team",
        "caBundle": "ca.pem",
        "pathStyle": False,
        "singleWriter": True,
        "requireVersions": False,
        "host": "0.0.0.0",
        "port": 9090,
        "staleIfErrorSeconds": 60,
        "requireAccessKeys": True,
    }
