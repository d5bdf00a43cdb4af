"""The whole way of a mini-program through AWS, by command line only: a real function answers real requests."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from delivery.vectors.runner import Case, differences, load_cases
from miniprogram.testing import write_program

NOTICED_WITHIN_S = 20.0

Get = Callable[..., tuple[int, Any]]


@pytest.fixture
def shared_account(ministack_url: str, account_at):
    """The account whose APIs MiniStack serves to anonymous callers. Stacks and buckets need names of their own."""
    return account_at(ministack_url, key="AKIAEXAMPLEEXAMPLE01")


@pytest.fixture
def call(shared_account, command_line):
    """Run a command line that must succeed; gives what it printed. The stack is removed at the end."""
    typed = command_line(shared_account)

    def calling(*argv: str, code: int = 0) -> str:
        found, out, err = typed(*argv)
        assert found == code, f"{argv}: {err}{out}"
        return out

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
        time.sleep(0.2)


def by_host_header(endpoint_url: str, api_id: str, case: Case) -> tuple[int, dict[str, str], bytes]:
    """As a host asks AWS: the API is part of the host name, the stage of the path."""
    connection = HTTPConnection(urlsplit(endpoint_url).netloc, timeout=20)
    target = f"/prod{case.path}" + (f"?{case.query}" if case.query else "")
    headers = {**case.headers, "Host": f"{api_id}.execute-api.localhost"}
    try:
        connection.request(case.method, target, case.body or None, headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_the_whole_tour(call, shared_account) -> None:
    place = ["--bucket", shared_account.bucket, "--region", "eu-west-1", "--pointer-max-age-seconds", "0"]
    stack = f"tour-{shared_account.bucket}"
    write_program(shared_account.root)
    call("env", "init")
    where = ["--provider", "aws", "--endpoint-url", shared_account.endpoint_url, "--stack-name", stack]
    assert "Made the bucket" in call("env", "configure", "prod", *where, *place, "--create-bucket")
    call("env", "use", "prod")

    doctor = json.loads(call("cloud", "doctor", "--json"))
    assert doctor["hasErrors"] is False
    found = {check["label"]: check["status"] for check in doctor["checks"]}
    assert (found["AWS sign-in"], found["AWS permissions"], found["AWS cloud stack"]) == ("ok", "ok", "warning")
    assert json.loads(call("cloud", "status", "--json", code=1))["stackExists"] is False

    assert "Published shop 1.0.0" in call("publish")
    deployed = call("cloud", "deploy")
    assert f"CREATE_COMPLETE  {stack}" in deployed
    assert "Health: healthy" in deployed
    assert f"{stack} is up to date; nothing to change." in call("cloud", "deploy")

    status = json.loads(call("cloud", "status", "--json"))
    assert (status["stackStatus"], status["stageName"], status["healthy"]) == ("CREATE_COMPLETE", "prod", True)
    outputs = status["outputs"]
    assert outputs.keys() >= {
        "HttpApiId",
        "HttpApiStageUrl",
        "BackendApiBaseUrl",
        "HealthUrl",
        "ArtifactBucketName",
    }
    assert outputs["ArtifactBucketName"] == shared_account.bucket
    define = call("cloud", "outputs", "--format", "dart-define")
    match = re.fullmatch(r"--dart-define=MINI_PROGRAM_BACKEND_BASE_URL=(http://\S+/api)\n", define)
    assert match is not None
    api = match[1]
    values = json.loads(call("env", "status", "--json"))["activeCloudEnvironment"]["values"]
    assert (values["apiBaseUrl"], values["stackName"], values["stageName"]) == (api, stack, "prod")

    latest = f"{api}/manifests/shop/latest"
    assert get(latest)[1]["version"] == "1.0.0"
    assert get(f"{api}/screens/shop/1.0.0/shop_home")[0] == 200

    shown = re.match(r"Access key: (mpk_live_\S+)\n", call("access-key", "create", "shop", "--key-id", "partner"))
    assert shown is not None
    key = shown[1]
    soon(lambda: get(latest)[0], 401)
    soon(lambda: get(latest, key)[0], 200)

    write_program(shared_account.root, version="1.1.0", text="New")
    call("publish")
    soon(lambda: get(latest, key)[1].get("version"), "1.1.0")
    call("cloud", "rollback", "1.0.0")
    soon(lambda: get(latest, key)[1].get("version"), "1.0.0")
    call("cloud", "app", "disable", "shop", "--yes")
    soon(lambda: get(latest, key)[0], 404)
    call("cloud", "app", "enable", "shop")
    soon(lambda: get(latest, key)[0], 200)
    call("access-key", "revoke", "shop", "--key-id", "partner")
    soon(lambda: get(latest, key)[0], 403)

    logs = call("cloud", "logs", "--since", "10m")
    assert '"routeKind": "manifest_latest"' in logs
    assert key not in logs

    assert f"the stack {stack}" in call("cloud", "destroy")
    assert get(f"{api.removesuffix('/api')}/health")[0] == 200
    assert f"DELETE_COMPLETE  {stack}" in call("cloud", "destroy", "--yes")
    assert json.loads(call("cloud", "status", "--json", code=1))["stackExists"] is False
    assert "no outputs" in command_error(call, "cloud", "outputs")
    assert f"{stack} is not there." in call("cloud", "destroy", "--yes")
    kept = shared_account.clients().client("s3").list_objects_v2(Bucket=shared_account.bucket, Prefix="metadata/")
    assert "metadata/catalog/shop.json" in {entry["Key"] for entry in kept["Contents"]}


def command_error(call, *argv: str) -> str:
    with pytest.raises(AssertionError) as told:
        call(*argv)
    return str(told.value)


SAMPLE = [
    case
    for case in load_cases()
    if case.profile == "cloud" and not case.settings and case.method == "GET" and "%" not in case.path
][::6]


def test_a_function_url_and_a_host_header_answer_alike(call, shared_account, tmp_path) -> None:
    from delivery.vectors.runner import write_workspace

    shared_account.make_bucket()
    write_workspace(tmp_path / "vectors", "cloud")
    s3 = shared_account.clients().client("s3")
    for path in sorted((tmp_path / "vectors").rglob("*")):
        if path.is_file():
            key = path.relative_to(tmp_path / "vectors").as_posix()
            s3.put_object(Bucket=shared_account.bucket, Key=key, Body=path.read_bytes())
    stack = f"vectors-{shared_account.bucket}"
    call("env", "init")
    place = ["--bucket", shared_account.bucket, "--region", "eu-west-1", "--stack-name", stack]
    call("env", "configure", "prod", "--provider", "aws", *place)
    call("env", "use", "prod")
    call("cloud", "deploy")
    outputs = json.loads(call("cloud", "status", "--json"))["outputs"]

    for case in SAMPLE:
        answer = by_host_header(shared_account.endpoint_url, outputs["HttpApiId"], case)
        assert differences(case, *answer) == [], case.name

    call("env", "configure", "prod", "--lambda-url", "--log-retention-days", "7")
    assert f"UPDATE_COMPLETE  {stack}" in call("cloud", "deploy")
    outputs = json.loads(call("cloud", "status", "--json"))["outputs"]
    assert "/_aws/lambda-url/" in outputs["BackendApiBaseUrl"]
    assert "HttpApiId" not in outputs
    assert get(outputs["HealthUrl"])[1]["service"] == "mini_program_cloud_api"
