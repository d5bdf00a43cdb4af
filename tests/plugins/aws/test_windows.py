"""A time window on AWS: its table, the function that asks it, and a machine of ours that counts with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.delivery.evaluation.conditions.id_list import write_id_list
from miniprogram.delivery.evaluation.ledger import ledger_key
from miniprogram.seams.abilities import WINDOWS, AdmissionCounting, unsupported
from miniprogram.testing.admission_ledger import NOW_MS
from miniprogram_aws.deployment.checks import deployment_checks
from miniprogram_aws.deployment.delivery_stack import delivery_plan, delivery_template
from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.deployment.permissions import needed_actions
from miniprogram_aws.function.admission_ledger import EXPIRY, KEY
from miniprogram_aws.function.lambda_handler import answer, open_function
from miniprogram_aws.function.s3_objects import MAX_OBJECT_BYTES
from miniprogram_aws.provider import open_provider
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.stacks import StackError

LATEST = "/api/manifests/demo/latest"
WINDOW = {"id": "w", "start": "2026-01-01T00:00:00Z", "end": "2126-01-01T00:00:00Z", "maxUsers": 2}
VIP = "segments/demo/vip/1.ids"
LISTED = 1_000_000


def policy(**release: Any) -> dict[str, Any]:
    releases = {"new": {"version": "2.0.0", **release}, "old": {"version": "1.0.0"}}
    entries = [{"step": "window", "release": "new", "window": WINDOW}, {"step": "full", "release": "old"}]
    target = {"hostApp": "h", "environment": "production", "releases": releases, "entries": entries}
    segments = {"vip": {"version": 1, "kind": "ids", "key": VIP}}
    return {"formatVersion": 1, "revision": 1, "segments": segments, "targets": [target]}


@pytest.fixture
def publish(account: Any) -> Callable[..., None]:
    """Puts the two versions and a policy into the account's bucket."""
    s3 = account.clients().client("s3")

    def publish(**release: Any) -> None:
        account.make_bucket()
        documents: dict[str, Any] = {
            "metadata/catalog/demo.json": {"releaseKey": "metadata/r.json", "latestVersion": "1.0.0"},
            "metadata/releases/demo.json": {"policy": policy(**release)},
        }
        for version in ("1.0.0", "2.0.0"):
            key = f"artifacts/demo/{version}/manifest.json"
            documents[key] = {"id": "demo", "version": version, "entry": "home"}
        for key, document in documents.items():
            s3.put_object(Bucket=account.bucket, Key=key, Body=json.dumps(document).encode())

    return publish


def deployment(account: Any, **settings: Any) -> AwsDeployment:
    return AwsDeployment(account.settings(**settings), account.context(), account.clients())


def visit(user: str, **query: str) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in {"hostApp": "h", "userId": user, **query}.items())
    http = {"method": "GET", "path": f"/prod{LATEST}", "sourceIp": "192.0.2.1"}
    return {
        "rawPath": f"/prod{LATEST}",
        "rawQueryString": asked,
        "headers": {},
        "requestContext": {"http": http, "stage": "prod"},
    }


def version(result: dict[str, Any]) -> str:
    assert result["statusCode"] == 200, result
    found: str = json.loads(result["body"])["version"]
    return found


@pytest.mark.timeout(120)
def test_a_deployed_function_admits_as_many_as_there_is_room_for(account: Any, publish: Any) -> None:
    publish()
    status = deployment(account, admission_table=True).deploy(lambda _line: None)
    lambda_ = account.clients().client("lambda")

    def gets(user: str, **query: str) -> str:
        payload = json.dumps(visit(user, **query)).encode()
        answer = lambda_.invoke(FunctionName=status.outputs["FunctionName"], Payload=payload)
        return version(json.loads(answer["Payload"].read()))

    assert [gets(user) for user in ("ada", "bob", "cyd", "ada")] == ["2.0.0", "2.0.0", "1.0.0", "2.0.0"]

    provider: Any = open_provider(account.settings(admission_table=True), account.context())
    ledger = provider.ledger()
    assert (ledger.count("w"), status.outputs["AdmissionTableName"]) == (2, f"{status.name}-admissions")
    assert [ledger.has_admitted("w", ledger_key("w", user)) for user in ("ada", "cyd")] == [True, False]


def test_two_functions_share_one_window_and_know_the_caller(
    account: Any, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(audience={"attribute": "ip", "operator": "cidr", "values": ["192.0.2.0/24"]})
    deployment(account, admission_table=True).deploy(lambda _line: None)
    for name, value in {**account.environ, "AWS_DEFAULT_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    table = f"{deployment(account).stack_name}-admissions"
    environ = {"ARTIFACT_BUCKET_NAME": account.bucket, "ADMISSION_TABLE_NAME": table, "LOG_LEVEL": "ERROR"}
    one, other = open_function(environ), open_function(environ)

    told = [version(answer(function, visit(user))) for user in ("ada", "bob", "cyd") for function in (one, other)]

    assert told == ["2.0.0"] * 4 + ["1.0.0"] * 2
    without = open_function({**environ, "ADMISSION_TABLE_NAME": " "})
    assert version(answer(without, visit("ada"))) == "1.0.0"


def test_with_the_table_gone_nobody_gets_in_and_who_has_it_keeps_it(
    account: Any, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    for name, value in {**account.environ, "AWS_DEFAULT_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    environ = {"ARTIFACT_BUCKET_NAME": account.bucket, "ADMISSION_TABLE_NAME": "gone", "LOG_LEVEL": "ERROR"}
    function = open_function(environ)

    assert version(answer(function, visit("ada"))) == "1.0.0"
    assert version(answer(function, visit("ada", currentVersion="2.0.0"))) == "2.0.0"


def test_the_table_is_retained_found_again_and_given_back(account: Any) -> None:
    account.make_bucket()
    ours = deployment(account, admission_table=True)
    dynamodb = account.clients().client("dynamodb")
    ours.deploy(lambda _line: None)
    name = f"{ours.stack_name}-admissions"
    provider: Any = open_provider(account.settings(admission_table=True), account.context())
    provider.ledger().admit("w", ledger_key("w", "ada"), 1, NOW_MS)
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"

    lines: list[str] = []
    ours.deploy(lines.append)
    assert lines[-1] == f"{ours.stack_name} is up to date; nothing to change."

    ours.destroy(lambda _line: None)
    assert provider.ledger().count("w") == 1
    again = ours.deploy(lambda _line: None)
    assert (again.outputs["AdmissionTableName"], provider.ledger().count("w")) == (name, 1)

    assert "AdmissionTableName" not in deployment(account).deploy(lambda _line: None).outputs
    assert ours.deploy(lambda _line: None).outputs["AdmissionTableName"] == name
    assert provider.ledger().count("w") == 1


def delete_table(account: Any, name: str) -> None:
    """As somebody would by hand, who has to take its protection away first."""
    tables = account.clients().client("dynamodb")
    tables.update_table(TableName=name, DeletionProtectionEnabled=False)
    tables.delete_table(TableName=name)


def test_a_table_removed_by_hand_is_noticed_and_the_way_out_works(account: Any) -> None:
    account.make_bucket()
    ours = deployment(account, admission_table=True)
    ours.deploy(lambda _line: None)
    delete_table(account, f"{ours.stack_name}-admissions")

    with pytest.raises(StackError, match="-admissions was removed by hand") as told:
        ours.deploy(lambda _line: None)
    assert "--no-admission-table" in str(told.value.hint)

    deployment(account).deploy(lambda _line: None)
    assert ours.deploy(lambda _line: None).outputs["AdmissionTableName"]


def test_doctor_tells_whether_admissions_are_counted(account: Any) -> None:
    account.make_bucket()
    settings, ours = account.settings(admission_table=True), deployment(account, admission_table=True)

    def look() -> tuple[str, str]:
        found = {check.label: check for check in deployment_checks(settings, account.clients(), ours)}
        return found["Admission table"].status, found["Admission table"].summary

    deployment(account).deploy(lambda _line: None)
    assert look() == ("warning", "not deployed, so that windows admit nobody")
    ours.deploy(lambda _line: None)
    assert look() == ("ok", f"{ours.stack_name}-admissions")
    delete_table(account, f"{ours.stack_name}-admissions")
    assert look()[0] == "error"
    unasked = deployment_checks(account.settings(), account.clients(), deployment(account))
    assert "Admission table" not in {check.label for check in unasked}


def test_a_table_of_something_else_is_left_alone(account: Any) -> None:
    account.make_bucket()
    ours = deployment(account, admission_table=True)
    account.clients().client("dynamodb").create_table(
        TableName=f"{ours.stack_name}-admissions",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )
    with pytest.raises(StackError, match="is no table of admissions"):
        ours.deploy(lambda _line: None)


def test_without_a_table_windows_are_refused_by_name() -> None:
    told = AwsSettings(bucket="shop", region="eu-west-1")
    without = open_provider(told, None)  # type: ignore[arg-type] - nothing connects
    with_table = open_provider(told.model_copy(update={"admission_table": True}), None)  # type: ignore[arg-type]

    assert "--admission-table" in unsupported(without)[WINDOWS]
    assert unsupported(with_table) == {}
    assert [isinstance(each, AdmissionCounting) for each in (without, with_table)] == [False, True]


def test_the_template_and_the_permissions_know_the_table_only_when_it_is_asked_for() -> None:
    for wanted in (True, False):
        told = AwsSettings(bucket="shop", region="eu-west-1", admission_table=wanted)
        arns = needed_actions(told, partition="aws", region="eu-west-1", stack_name="s")
        assert ("arn:aws:dynamodb:eu-west-1:*:table/s-admissions" in arns) is wanted
    plan = delivery_plan(told, "s", "prod", code={"CodeBucket": "shop", "CodeKey": "k"})
    assert plan.parameters["AdmissionTable"] == "none"


def test_the_table_can_be_brought_back_and_forgets() -> None:
    """The emulator of AWS makes tables without backups and expiry, so it is the template that is looked at."""
    table = delivery_template().split("  MiniProgramAdmissionTable:\n")[1].split("\n\n")[0]
    assert "DeletionPolicy: Retain" in table
    assert "UpdateReplacePolicy: Retain" in table
    assert "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}" in table
    assert f"TimeToLiveSpecification: {{AttributeName: {EXPIRY}, Enabled: true}}" in table
    assert f"KeySchema:\n        - {{AttributeName: {KEY}, KeyType: HASH}}" in table


def test_a_list_of_a_million_ids_decides(
    account: Any, publish: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(audience={"attribute": "userId", "operator": "segment", "values": ["vip"]})
    deployment(account, admission_table=True).deploy(lambda _line: None)
    write_id_list(str(tmp_path / "vip.ids"), (f"user-{number}" for number in range(LISTED)))
    body = (tmp_path / "vip.ids").read_bytes()
    assert len(body) > MAX_OBJECT_BYTES
    account.clients().client("s3").put_object(Bucket=account.bucket, Key=f"metadata/{VIP}", Body=body)
    for name, value in {**account.environ, "AWS_DEFAULT_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    table = f"{deployment(account).stack_name}-admissions"
    function = open_function({"ARTIFACT_BUCKET_NAME": account.bucket, "ADMISSION_TABLE_NAME": table})

    assert version(answer(function, visit("user-999999"))) == "2.0.0"
    assert version(answer(function, visit("stranger"))) == "1.0.0"
