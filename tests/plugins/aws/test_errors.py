"""What people read when AWS refuses: the reason, what helps, and nothing that identifies an account."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.session import get_session

import miniprogram_aws
from miniprogram.errors import StoreError
from miniprogram.provider_kit.sdk_errors import Failure
from miniprogram_aws.sdk.errors import AwsError, mapped
from miniprogram_aws.sdk.required_action import action_of
from miniprogram_s3.errors import redact
from miniprogram_s3.s3_store import S3ObjectStore
from miniprogram_s3.sdk_failures import code_of

PLUGIN = Path(miniprogram_aws.__file__).parent
ACCOUNT = "123456789012"
REQUEST = "5f8d3a2e-1111-4222-8333-944455556666"


def _raised(code: str, status: int = 400, *, message: str = "", operation: str = "PutObject", **more: Any) -> str:
    """Message and hint of what a service's error becomes."""
    response: Any = {
        "Error": {"Code": code, "Message": message, **more},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": REQUEST, "HTTPHeaders": {}},
    }
    with (
        pytest.raises(AwsError) as failed,
        mapped("write s3://shop/a", resource="the bucket shop", region="eu-west-1"),
    ):
        raise ClientError(response, operation)
    return f"{failed.value} | {failed.value.hint}"


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("ExpiredToken", 400, "the AWS sign-in has expired | Sign in again"),
        ("ExpiredTokenException", 403, "the AWS sign-in has expired"),
        ("InvalidAccessKeyId", 403, "AWS does not know the access key"),
        ("UnrecognizedClientException", 400, "AWS does not know the access key"),
        ("SignatureDoesNotMatch", 403, "AWS refuses the signature"),
        ("RequestTimeTooSkewed", 403, "the clock of this machine is wrong"),
        ("AccessDenied", 403, "s3:PutObject on the bucket shop is not allowed"),
        ("403", 403, "s3:PutObject on the bucket shop is not allowed"),
        ("NoSuchBucket", 404, "the bucket shop does not exist | Make it with"),
        ("PermanentRedirect", 301, "the bucket shop is not in eu-west-1"),
        ("SlowDown", 503, "AWS asks to slow down"),
        ("ThrottlingException", 400, "AWS asks to slow down"),
        ("InternalError", 500, "AWS failed, even after several tries"),
        ("KMS.DisabledException", 400, "KMS.DisabledException: off"),
    ],
)
def test_a_refusal_says_why_and_what_helps(code: str, status: int, said: str) -> None:
    shown = _raised(code, status, message="off")

    assert shown.startswith("cannot write s3://shop/a: ")
    assert said in shown


@pytest.mark.parametrize(
    ("more", "message"),
    [({"Region": "eu-central-1"}, ""), ({}, "the region 'eu-west-1' is wrong; expecting 'eu-central-1'")],
)
def test_the_right_region_is_named(more: dict[str, str], message: str) -> None:
    shown = _raised("AuthorizationHeaderMalformed", message=message, **more)

    assert "the bucket shop is in eu-central-1, not in eu-west-1 | Say --region eu-central-1." in shown


def test_nothing_that_identifies_an_account_is_shown() -> None:
    message = (
        f"User: arn:aws:iam::{ACCOUNT}:user/eva with AKIAIOSFODNN7EXAMPLE of account {ACCOUNT} failed "
        f"(Request ID: {REQUEST}) wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    )

    shown = _raised("Strange", message=message)

    assert "Strange: User: <identity> with <key id> of account <account> failed" in shown
    for secret in (ACCOUNT, REQUEST, "eva", "AKIA", "wJalr"):
        assert secret not in shown
    assert redact("two\nlines") == "two lines"


@pytest.mark.parametrize(
    ("operation", "message", "action"),
    [
        ("PutObject", "", "s3:PutObject"),
        ("UploadPart", "", "s3:PutObject"),
        ("ListObjectsV2", "", "s3:ListBucket"),
        ("HeadObject", "", "s3:GetObject"),
        ("GetBucketVersioning", "", "s3:GetBucketVersioning"),
        ("CreateChangeSet", "", "cloudformation:CreateChangeSet"),
        ("Invoke", "", "lambda:InvokeFunction"),
        ("UpdateItem", "", "dynamodb:UpdateItem"),
        ("CreateStack", "is not authorized to perform: iam:PassRole on resource: x", "iam:PassRole"),
    ],
)
def test_the_missing_action_is_named(operation: str, message: str, action: str) -> None:
    assert action_of(Failure("AccessDenied", 403, operation, message)) == action


def operations_called(service: str) -> set[str]:
    """Operations of `service` that the plugin names in its code, as a method or for a paginator."""
    model = get_session().get_service_model(service)
    by_method = {xform_name(operation): operation for operation in model.operation_names}
    words = {
        node.attr if isinstance(node, ast.Attribute) else str(node.value)
        for path in PLUGIN.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute | ast.Constant)
    }
    return {operation for method, operation in by_method.items() if method in words}


ELSEWHERE = {
    "cloudfront": {"DeleteFunction", "GetPublicKey"},  # of Lambda and KMS are called so, too, and meant
    "lambda": {"Invoke"},  # its action has another name
}
SERVICES = ("cloudformation", "cloudfront", "cloudwatch", "dynamodb", "iam", "lambda", "logs", "sts")


@pytest.mark.parametrize("service", SERVICES)
def test_every_call_names_the_action_of_its_service(service: str) -> None:
    called = operations_called(service) - ELSEWHERE.get(service, set())

    assert called
    assert {action_of(Failure("AccessDenied", 403, name)) for name in called} == {f"{service}:{n}" for n in called}


def test_errors_of_our_own_and_of_others_pass_unchanged() -> None:
    for error in (StoreError("ours"), KeyError("theirs")):
        with pytest.raises(type(error)) as failed, mapped("x", resource="y", region="z"):
            raise error
        assert failed.value is error
    assert code_of(KeyError()) == ""


def test_no_credentials_is_said_so(account: Any) -> None:
    account.environ.pop("AWS_ACCESS_KEY_ID")  # type: ignore[attr-defined]

    with pytest.raises(StoreError, match="there are no AWS credentials") as failed:
        _store(account).get("a")
    assert "aws configure" in str(failed.value.hint)


def test_a_profile_that_does_not_exist_is_said_so(account: Any) -> None:
    with pytest.raises(AwsError, match="profile of this environment does not exist"):
        S3ObjectStore.of(account.settings(), account.clients(aws_profile="nobody")).get("a")


def test_a_server_that_does_not_answer_is_named(account: Any) -> None:
    clients = account.clients(endpoint_url="http://127.0.0.1:9")

    with pytest.raises(StoreError, match=r"AWS cannot be reached at http://127\.0\.0\.1:9"):
        S3ObjectStore.of(account.settings(), clients).get("a")


@pytest.mark.parametrize("act", ["get", "put", "list", "delete"])
def test_a_bucket_that_does_not_exist_is_named(account: Any, act: str) -> None:
    store = _store(account)
    calls: dict[str, Callable[[], object]] = {
        "get": lambda: store.get("a"),
        "put": lambda: store.put("a", b""),
        "list": lambda: list(store.list("a")),
        "delete": lambda: store.delete("a"),
    }

    with pytest.raises(StoreError) as failed:
        calls[act]()

    assert f"the bucket {account.bucket} does not exist" in str(failed.value)
    assert "--create-bucket" in str(failed.value.hint)


def test_a_bucket_of_another_region_is_refused_before_anything_is_written(account: Any) -> None:
    account.make_bucket()

    with pytest.raises(StoreError, match=r"is in eu-west-1, not in us-west-2") as failed:
        S3ObjectStore.of(account.settings(), account.clients(region="us-west-2")).put("a", b"")
    assert "--region eu-west-1" in str(failed.value.hint)


def test_a_bucket_that_keeps_no_versions_is_refused_before_anything_is_written(account: Any) -> None:
    account.make_bucket(versioned=False)

    with pytest.raises(StoreError, match="does not keep versions"):
        _store(account).put("a", b"")
    assert list(_store(account).list("")) == []


def _store(account: Any) -> S3ObjectStore:
    return S3ObjectStore.of(account.settings(), account.clients())
