"""A publisher backend on AWS by command line only: the real function answers behind a real HTTP API."""

from __future__ import annotations

import json
import secrets
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.backends import backend_keys

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def program_id() -> str:
    """Its own, since the stacks of this account are shared by the tests of a session."""
    return f"shop_{secrets.token_hex(4)}"


@pytest.fixture
def owner(ministack_url: str, account_at: Callable[..., Any], program_id: str) -> Any:
    """The account whose APIs MiniStack serves to anonymous callers, with an environment and a bucket."""
    account = account_at(ministack_url, key="AKIAEXAMPLEEXAMPLE02")
    account.make_bucket()
    (account.root / "manifest.json").write_text(json.dumps({"id": program_id, "title": "Shop"}))
    return account


@pytest.fixture
def call(owner: Any, command_line: Callable[[Any], Call]) -> Iterator[Call]:
    typed = command_line(owner)
    typed("env", "init")
    for name in ("prod", "test"):
        options = ["--provider", "aws", "--bucket", owner.bucket, "--region", "eu-west-1"]
        assert typed("env", "configure", name, *options)[0] == 0
    typed("env", "use", "prod")

    def backend(line: str, **environ: str) -> tuple[int, str, str]:
        return typed("publisher-backend", *line.split(), **environ)

    yield backend
    for name in ("prod", "test"):
        backend(f"aws destroy --yes --confirm-data-loss --env {name}")


def document(call: Call, line: str, *, code: int = 0) -> dict[str, Any]:
    result, out, err = call(f"{line} --json")
    assert result == code, f"{line}: {err}{out}"
    found: dict[str, Any] = json.loads(out)
    assert found["command"] == "publisher-backend " + line.partition(" --")[0]
    return found


def deploy(call: Call, storage: str) -> dict[str, Any]:
    assert call(f"scaffold --template aws-lambda --storage {storage}")[0] == 0
    return document(call, "aws deploy")


def test_a_backend_with_a_table_from_scaffold_to_destroy(call: Call, owner: Any, program_id: str) -> None:
    deployed = deploy(call, "dynamodb")
    stack = f"mini-program-publisher-backend-{program_id.replace('_', '-')}-prod"
    assert (deployed["healthy"], deployed["stackName"]) == (True, stack)
    outputs = document(call, "aws outputs")
    assert "stageName" not in outputs
    assert outputs["outputs"]["PublisherBackendStorageMode"] == "dynamodb"
    assert outputs["backendBaseUrl"].endswith("/prod/")

    assert document(call, "aws smoke", code=1)["routes"][1]["statusCode"] == 404
    assert document(call, "aws seed")["itemCount"] == 4
    smoke = document(call, "aws smoke --include-write --write-user-id ann#1")
    assert [route["responseStatus"] for route in smoke["routes"]] == [None] * 4 + ["redeemed"]
    again = document(call, "aws smoke --include-write --write-user-id ann#1")
    assert again["routes"][-1]["responseStatus"] == "already_redeemed"

    status = document(call, "aws data status")
    assert (status["tableStatus"], status["appRecordCount"], status["redemptionCount"]) == ("ACTIVE", 4, 1)
    [record] = document(call, "aws data redemptions --coupon-id coupon-10 --user-id ann#1")["records"]
    assert (record["sk"], record["userId"]) == ("USER#ann%231#COUPON#coupon-10", "ann#1")

    exported = document(call, "aws data export --include-redemptions")
    path = Path(exported["outputPath"])
    assert (exported["itemCount"], stat.S_IMODE(path.stat().st_mode)) == (5, 0o600)
    assert "START" in call("aws logs --since 1h")[1]

    blocked = document(call, "aws destroy --yes", code=1)
    assert (blocked["blockedByData"], blocked["recordCount"]) == (True, 5)
    assert document(call, "aws status")["healthy"] is True
    gone = document(call, "aws destroy --yes --confirm-data-loss")
    assert (gone["deleted"], gone["dataRemoved"]) == (True, True)
    assert owner.clients().client("dynamodb").list_tables()["TableNames"].count(status["tableName"]) == 0
    assert document(call, "aws destroy --yes", code=1)["deleted"] is False
    assert document(call, "aws status", code=1)["healthy"] is None


def test_an_export_moves_to_another_environment(call: Call) -> None:
    deploy(call, "dynamodb")
    document(call, "aws seed")
    document(call, "aws smoke --include-write")
    path = document(call, "aws data export --include-redemptions")["outputPath"]
    document(call, "aws deploy --env test")

    dry = document(call, f"aws data import --env test --input {path} --dry-run")
    assert (dry["imported"], dry["itemCount"], dry["skippedRedemptionCount"]) == (False, 4, 1)
    done = document(call, f"aws data import --env test --input {path} --include-redemptions")
    assert (done["imported"], done["itemCount"]) == (True, 5)
    routes = document(call, "aws smoke --env test --include-write")["routes"]
    assert routes[-1]["responseStatus"] == "already_redeemed"

    kept = document(call, "aws status")["lastDeploy"]
    assert kept["stackName"].endswith("-prod")
    document(call, "aws destroy --env test --yes --confirm-data-loss")
    assert document(call, "aws status")["lastDeploy"] == kept


def test_of_many_redemptions_at_once_one_is_first(call: Call) -> None:
    url = deploy(call, "dynamodb")["backendBaseUrl"] + "coupon/redeem"
    document(call, "aws seed")

    def redeem(number: int) -> dict[str, Any]:
        body = {"couponId": "coupon-20", "userId": "ann"}
        reply: dict[str, Any] = httpx.post(url, json=body, timeout=30, trust_env=False).json()
        return reply

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(redeem, range(12)))
    assert sorted(reply["status"] for reply in replies) == ["already_redeemed"] * 11 + ["redeemed"]
    assert len({reply["redeemedAtUtc"] for reply in replies}) == 1


def test_records_of_an_older_backend_still_count(call: Call, owner: Any, program_id: str) -> None:
    deployed = deploy(call, "dynamodb")
    table, base = deployed["outputs"]["PublisherBackendDataTableName"], deployed["backendBaseUrl"]
    dynamodb = owner.clients().client("dynamodb")

    def store(pk: str, sk: str, **members: Any) -> None:
        text = {name: {"S": value} for name, value in {"pk": pk, "sk": sk, **members}.items() if name != "payload"}
        payload = {"M": {name: {"S": value} for name, value in members.get("payload", {}).items()}}
        dynamodb.put_item(TableName=table, Item={**text, "payload": payload})

    app, redeemed = backend_keys.app_partition(program_id), backend_keys.redemption_partition(program_id)
    for coupon in ("a#b", "50%"):
        store(app, f"COUPON#{coupon}", couponId=coupon, payload={"id": coupon})
    odd = {"id": {"S": "odd"}, "icon": {"B": b"hi"}, "sizes": {"NS": ["2", "1.5"]}, "off": {"N": "0.1"}}
    key = {"pk": {"S": app}, "sk": {"S": "COUPON#odd"}, "sortIndex": {"N": "-1"}}
    dynamodb.put_item(TableName=table, Item={**key, "couponId": {"S": "odd"}, "payload": {"M": odd}})
    facts = {"status": "redeemed", "redeemedAtUtc": "2020-01-01T00:00:00.000Z"}
    store(redeemed, "USER#u#COUPON#a#b", userId="u", couponId="a#b", payload=facts)

    def redeem(user_id: str, coupon_id: str) -> tuple[str, str]:
        body = {"couponId": coupon_id, "userId": user_id}
        reply = httpx.post(f"{base}coupon/redeem", json=body, timeout=30, trust_env=False).json()
        return reply.get("status", reply.get("errorCode")), reply.get("redeemedAtUtc", "")[:4]

    assert redeem("u", "a#b") == ("already_redeemed", "2020")
    assert redeem("u#COUPON#a", "b")[0] == "coupon_not_found"
    assert redeem("v", "50%")[0] == "redeemed"
    assert redeem("v", "50%")[0] == "already_redeemed"
    listed = httpx.get(f"{base}coupons/list", timeout=30, trust_env=False).json()["coupons"]
    assert sorted(coupon["id"] for coupon in listed) == ["50%", "a#b", "odd"]
    assert listed[0] == {"id": "odd", "icon": "aGk=", "sizes": [1.5, 2], "off": 0.1}


def test_a_bundled_backend_keeps_no_data(call: Call) -> None:
    assert deploy(call, "bundled")["healthy"] is True
    assert document(call, "aws smoke --include-write")["passed"] is True
    for line in ("seed", "data status", "data export", "data redemptions", "data import --input nowhere.json"):
        found = document(call, f"aws {line}", code=1)
        assert "keeps no data" in found["error"], line
        assert (found["storageMode"], found["tableName"]) == ("bundled", None)
    assert document(call, "aws destroy --yes")["deleted"] is True


def test_what_a_deploy_was_told_is_remembered(call: Call, owner: Any) -> None:
    call("scaffold --template aws-lambda")
    name = f"own-{secrets.token_hex(4)}"
    document(call, f"aws deploy --stack-name {name} --stage-name live")
    status = document(call, "aws status")
    assert (status["stackName"], status["stageName"]) == (name, "live")
    assert status["backendBaseUrl"].endswith("/live/")
    kept = json.loads((owner.root / ".mini_program" / "publisher_backend.aws.json").read_text())
    assert (kept["stackName"], kept["samS3Bucket"], kept["region"]) == (name, owner.bucket, "eu-west-1")
    assert document(call, "aws destroy --yes")["deleted"] is True
    assert not (owner.root / ".mini_program" / "publisher_backend.aws.json").exists()


def test_a_stack_removed_by_hand_clears_what_was_remembered(call: Call, owner: Any) -> None:
    stack = deploy(call, "bundled")["stackName"]
    owner.clients().client("cloudformation").delete_stack(StackName=stack)
    assert call("aws outputs")[0] == 1
    report = document(call, "aws destroy --yes", code=1)
    assert (report["deleted"], report["stackExists"]) == (False, False)
    assert list((owner.root / ".mini_program").glob("publisher_backend.aws*.json")) == []


def test_a_function_that_cannot_start_is_found_before_it_is_sent(call: Call, owner: Any) -> None:
    call("scaffold --template aws-lambda")
    (owner.root / "backend" / "aws_lambda" / "src" / "handler.py").write_text("def handler(:\n")
    code, out, err = call("aws deploy")
    assert (code, out) == (1, "")
    assert "handler.py is no Python" in err
    assert "line 1" in err
