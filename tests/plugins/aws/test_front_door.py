"""No header decides who a caller is, and nobody goes round the CDN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.http.messages import Request, Response
from miniprogram_aws.function.front_door import ADDRESS_HEADER, KEY_HEADER, FrontDoor
from miniprogram_aws.function.lambda_handler import answer
from testbed.gateway_event import http_api_event

PEER = "192.0.2.1"
HEADERS = (
    "cloudfront-viewer-address",
    "forwarded",
    "true-client-ip",
    "via",
    "x-amz-cf-id",
    "x-client-ip",
    "x-forwarded-for",
    "x-origin-key",
    "x-real-ip",
    "x-viewer-address",
)
"""What callers add to be somebody else."""


class Seeing:
    """A delivery function that keeps whom it was asked by."""

    def __init__(self) -> None:
        self.clients: list[str] = []

    def answer(self, request: Request, remaining_s: float = 0) -> Response:
        self.clients.append(request.client)
        return Response(200, (), b"{}")


def ask(door: FrontDoor, headers: dict[str, str]) -> tuple[int, list[str]]:
    seeing: Any = Seeing()
    result = answer(seeing, http_api_event("GET", "/api/manifests/shop/latest", headers=headers), door=door)
    return result["statusCode"], seeing.clients


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("value", ["", "198.51.100.7", "198.51.100.7:443", "for=198.51.100.7"])
def test_without_a_cdn_a_caller_is_whoever_connects(header: str, value: str) -> None:
    assert ask(FrontDoor(), {header: value}) == (200, [PEER])


@pytest.mark.parametrize("key", [None, "", "wrong", "ключ", "the-key "])
def test_who_goes_round_the_cdn_gets_nothing(key: str | None) -> None:
    headers = {ADDRESS_HEADER: "198.51.100.7", **({} if key is None else {KEY_HEADER: key})}

    assert ask(FrontDoor("the-key"), headers) == (403, [])


def test_the_cdn_says_whom_it_answers() -> None:
    headers = {KEY_HEADER: "the-key", ADDRESS_HEADER: "198.51.100.7", "x-forwarded-for": "203.0.113.9"}

    assert ask(FrontDoor("the-key"), headers) == (200, ["198.51.100.7"])


def test_a_refusal_is_not_remembered_by_anybody() -> None:
    refusal = FrontDoor("the-key").refusal({})

    assert refusal is not None
    assert dict(refusal.headers)["cache-control"] == "no-store"
    assert json.loads(refusal.body)["errorCode"] == "origin_locked"


@pytest.mark.parametrize(("environ", "key"), [({}, None), ({"ORIGIN_KEY": "k"}, "k")])
def test_the_key_comes_from_the_environment(environ: dict[str, str], key: str | None) -> None:
    assert FrontDoor.of(environ).key == key


@pytest.mark.parametrize("blank", ["", " "])
def test_a_key_that_got_lost_opens_nothing(blank: str) -> None:
    with pytest.raises(ValueError, match="ORIGIN_KEY is blank"):
        FrontDoor.of({"ORIGIN_KEY": blank})


def test_a_stack_with_a_cdn_has_one_key_that_stays(account: Any) -> None:
    from miniprogram_aws.deployment.deployment import AwsDeployment

    account.make_bucket()
    ours = AwsDeployment(account.settings(cdn=True), account.context(), account.clients())

    def key() -> str:
        name = ours.deploy(lambda _line: None).outputs["FunctionName"]
        found = account.clients().client("lambda").get_function_configuration(FunctionName=name)
        return str(found["Environment"]["Variables"]["ORIGIN_KEY"])

    first = key()
    assert len(first) >= 40
    assert key() == first
    told = account.clients().client("cloudformation").describe_stacks(StackName=ours.stack_name)
    assert first not in json.dumps(told, default=str).replace("Outputs", "") or _emulator_shows_no_echo(told)


def _emulator_shows_no_echo(told: Any) -> bool:
    """Not every server that stands for AWS hides such a parameter; that ours is one is in the template."""
    template = Path(__file__).parents[3] / "plugins/aws/src/miniprogram_aws/deployment/templates/delivery.yaml"
    text = template.read_text()
    return "NoEcho: true" in text.split("  OriginKey:")[1].split("\n  RequestsPerSecond:")[0]


def test_without_a_cdn_there_is_no_key(account: Any) -> None:
    from miniprogram_aws.deployment.deployment import AwsDeployment

    account.make_bucket()
    name = AwsDeployment(account.settings(), account.context(), account.clients()).deploy(lambda _line: None)
    found = (
        account.clients().client("lambda").get_function_configuration(FunctionName=name.outputs["FunctionName"])
    )
    assert "ORIGIN_KEY" not in found["Environment"]["Variables"]
