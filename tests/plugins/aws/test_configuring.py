"""`env configure --provider aws`, as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram_aws.sdk.client import AwsClients
from miniprogram_s3.bucket import Bucket

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(command_line: Callable[..., Call], account: Any) -> Call:
    run = command_line(account)
    run("env", "init")
    return run


def _stored(root: Path) -> dict[str, Any]:
    document = json.loads((root / ".mini_program" / "env.json").read_text())
    values: dict[str, Any] = document["cloudEnvironments"][0]["values"]
    return values


def test_every_setting_is_stored_by_its_name(call: Call, account: Any) -> None:
    options = """--provider aws --bucket shop --region eu-west-1 --artifacts-prefix a/b/ --metadata-prefix m
        --cloudfront-base-url https://cdn.test/ --api-base-url https://api.test/prod/ --aws-profile team
        --stack-name shop-prod --stage-name live --sam-s3-bucket builds --function-timeout-seconds 20
        --function-memory-size 512 --log-level warn --require-access-keys --kms-key-id alias/shop
        --endpoint-url http://127.0.0.1:4566/ --single-writer"""

    code, _, err = call("env", "configure", "prod", *options.split())

    assert (code, err) == (0, "")
    assert _stored(account.root) == {
        "bucket": "shop",
        "region": "eu-west-1",
        "artifactsPrefix": "a/b",
        "metadataPrefix": "m",
        "cloudFrontBaseUrl": "https://cdn.test",
        "apiBaseUrl": "https://api.test/prod",
        "awsProfile": "team",
        "stackName": "shop-prod",
        "stageName": "live",
        "samS3Bucket": "builds",
        "functionTimeoutSeconds": 20,
        "functionMemorySize": 512,
        "logLevel": "WARN",
        "requireAccessKeys": True,
        "kmsKeyId": "alias/shop",
        "endpointUrl": "http://127.0.0.1:4566",
        "singleWriter": True,
    }


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--bucket", "s3://shop"),
        ("--bucket", "ab"),
        ("--region", "Ireland (eu)"),
        ("--artifacts-prefix", "a//b"),
        ("--stack-name", "shop prod"),
        ("--function-timeout-seconds", "2"),
        ("--function-timeout-seconds", "31"),
        ("--function-memory-size", "300"),
        ("--log-level", "loud"),
        ("--endpoint-url", "localhost:4566"),
    ],
)
def test_a_value_that_does_not_fit_is_named(call: Call, account: Any, option: str, value: str) -> None:
    given = {"--bucket": "shop", "--region": "eu-west-1", option: value}

    code, out, err = call(
        "env", "configure", "prod", "--provider", "aws", *(word for pair in given.items() for word in pair)
    )

    assert (code, out) == (64, "")
    assert option in err.splitlines()[0]


@pytest.mark.parametrize("missing", ["--bucket", "--region"])
def test_bucket_and_region_are_required(call: Call, missing: str) -> None:
    given = {"--bucket": "shop", "--region": "eu-west-1"}
    del given[missing]

    code, _, err = call(
        "env", "configure", "prod", "--provider", "aws", *(word for pair in given.items() for word in pair)
    )

    assert code == 64
    assert f"{missing} is required" in err


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"])
def test_a_bucket_is_made_in_any_region_closed_versioned_and_encrypted(
    call: Call, account: Any, region: str
) -> None:
    argv = ["env", "configure", "prod", "--provider", "aws", "--bucket", account.bucket, "--region", region]

    code, out, err = call(*argv, "--create-bucket")

    assert (code, err) == (0, "")
    assert f"Made the bucket {account.bucket} in {region}" in out
    assert "createBucket" not in _stored(account.root)
    clients = account.clients(region=region)
    s3 = clients.client("s3")
    assert s3.get_bucket_versioning(Bucket=account.bucket)["Status"] == "Enabled"
    closed = s3.get_public_access_block(Bucket=account.bucket)["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}
    (rule,) = s3.get_bucket_encryption(Bucket=account.bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert (s3.get_bucket_location(Bucket=account.bucket)["LocationConstraint"] or "us-east-1") == region


def test_making_a_bucket_again_makes_it_right(call: Call, account: Any) -> None:
    account.make_bucket(versioned=False)
    account.clients().client("s3").put_object(Bucket=account.bucket, Key="kept", Body=b"1")
    argv = ["env", "configure", "prod", "--provider", "aws", "--bucket", account.bucket, "--region", "eu-west-1"]

    for _ in range(2):
        code, out, _ = call(*argv, "--create-bucket", "--kms-key-id", "alias/shop")
        assert code == 0
        assert f"Found the bucket {account.bucket}" in out

    clients = account.clients()
    assert Bucket(account.bucket, clients).keeps_versions()
    found = clients.client("s3").get_bucket_encryption(Bucket=account.bucket)
    (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == "alias/shop"


def test_a_name_taken_by_somebody_else_is_refused_and_nothing_stored(
    call: Call, account: Any, scripted: Callable[..., str]
) -> None:
    url = scripted({"HEAD /": (403, {}, b"")})
    argv = ["env", "configure", "prod", "--provider", "aws", "--bucket", "shop", "--region", "eu-west-1"]

    code, out, err = call(*argv, "--create-bucket", "--endpoint-url", url)

    assert (code, out) == (1, "")
    assert "the bucket name shop is taken by somebody else" in err
    assert json.loads((account.root / ".mini_program" / "env.json").read_text())["cloudEnvironments"] == []


def test_an_explicit_profile_goes_before_keys_in_the_environment(account: Any) -> None:
    folder = account.home / ".aws"
    folder.mkdir(parents=True)
    (folder / "credentials").write_text("[team]\naws_access_key_id = 111\naws_secret_access_key = 222\n")

    assert account.clients(aws_profile="team").credentials().access_key == "111"
    assert account.clients().credentials().access_key == account.environ["AWS_ACCESS_KEY_ID"]


@pytest.mark.parametrize(
    ("setting", "environ", "expected"),
    [
        ("http://set.test", {"AWS_ENDPOINT_URL": "http://all.test"}, "http://set.test"),
        (
            None,
            {"AWS_ENDPOINT_URL": "http://all.test", "AWS_ENDPOINT_URL_S3": "http://s3.test/"},
            "http://s3.test",
        ),
        (None, {"AWS_ENDPOINT_URL": "http://all.test/"}, "http://all.test"),
        (None, {"AWS_ENDPOINT_URL_DYNAMODB": "http://db.test"}, None),
    ],
    ids=["setting", "service", "all", "other service"],
)
def test_where_a_service_is(
    account: Any, setting: str | None, environ: dict[str, str], expected: str | None
) -> None:
    context = (
        account.context(AWS_ENDPOINT_URL="", **environ)
        if "AWS_ENDPOINT_URL" not in environ
        else account.context(**environ)
    )

    assert AwsClients(account.settings(endpoint_url=setting), context).endpoint_url("s3") == expected


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_every_partition_is_known(account: Any, region: str, partition: str) -> None:
    assert account.clients(region=region).partition == partition
