"""`--delivery self`: releases lie on AWS, a delivery server of one's own answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest

from miniprogram.seams.cloud_provider import CloudProvider
from miniprogram.testing import CloudProviderContract, write_program
from miniprogram_aws.provider import open_provider
from testbed import servers

pytestmark = pytest.mark.process

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(account: Any, command_line: Callable[..., Call]) -> Call:
    run = command_line(account)
    run("env", "init")
    return run


def configure(call: Call, account: Any, *options: str) -> tuple[int, str, str]:
    where = ["--provider", "aws", "--bucket", account.bucket, "--region", "eu-west-1"]
    return call("env", "configure", "prod", *where, *options)


class TestSelfServedAws(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _account(self, account: Any, call: Call) -> Iterator[None]:
        account.make_bucket()
        self.account, self.port = account, servers.free_port()
        assert configure(call, account, "--delivery", "self", "--port", str(self.port))[0] == 0
        yield
        self._destroy()

    def make_provider(self) -> CloudProvider:
        return open_provider(self.account.settings(delivery="self", port=self.port), self.account.context())


def test_what_was_published_to_aws_is_served_here_and_no_stack_is_made(account: Any, call: Call) -> None:
    account.make_bucket()
    write_program(account.root)
    code, _, err = configure(call, account, "--delivery", "self", "--port", str(servers.free_port()))
    assert (code, err) == (0, "")
    assert call("publish", "--env", "prod", "--target", "cloud")[0] == 0
    try:
        code, out, err = call("cloud", "deploy", "--env", "prod")
        assert (code, err) == (0, ""), out
        status = json.loads(call("cloud", "status", "--env", "prod", "--json")[1])
        api = status["outputs"]["BackendApiBaseUrl"]
        with build_opener(ProxyHandler({})).open(f"{api}manifests/shop/latest", timeout=20) as answer:
            assert json.loads(answer.read())["version"] == "1.0.0"
        doctor = json.loads(call("cloud", "doctor", "--env", "prod", "--json")[1])
        found = {check["label"]: check["status"] for check in doctor["checks"]}
        assert (found["AWS sign-in"], found["Conditional writes"], found["Delivery server"]) == ("ok", "ok", "ok")
    finally:
        call("cloud", "destroy", "--env", "prod", "--yes")
    assert account.clients().client("cloudformation").describe_stacks()["Stacks"] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--port", "9000"), "--port is for a delivery server of yours: it needs --delivery self"),
        (("--delivery", "self", "--cdn"), "--cdn is for delivery by a function"),
        (("--delivery", "self", "--lambda-url"), "--lambda-url is for delivery by a function"),
        (("--delivery", "self", "--admission-table"), "--admission-table is for delivery by a function"),
    ],
    ids=["port", "cdn", "function URL", "table"],
)
def test_what_would_do_nothing_is_refused(account: Any, call: Call, options: tuple[str, ...], said: str) -> None:
    code, out, err = configure(call, account, *options)

    assert (code, out) == (64, "")
    assert said in err
