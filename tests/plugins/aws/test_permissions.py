"""An AWS that checks who asks: every permission that is missing is named, and so is a key that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from miniprogram.errors import StoreError
from miniprogram_s3.s3_store import S3ObjectStore
from testbed import servers

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketVersioning")
OTHER_NAMES = ("s3:HeadBucket", "s3:ListBucketVersions", "s3:DeleteObjectVersion")
"""What probing this server takes, and what it calls that AWS asks s3:ListBucket for."""
BUCKET = "shop-guarded"


@dataclass(frozen=True)
class Guarded:
    """The second AWS with permissions on. `allow` makes a user who may do these actions; gives its key pair."""

    url: str
    iam: Any

    def allow(self, name: str, actions: tuple[str, ...]) -> tuple[str, str]:
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": [*actions, *OTHER_NAMES], "Resource": "*"}],
        }
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        made = self.iam.create_access_key(UserName=name)["AccessKey"]
        return made["AccessKeyId"], made["SecretAccessKey"]


@pytest.fixture(scope="module")
def guarded(server_logs: Path) -> Iterator[Guarded]:
    with servers.moto(server_logs / "moto-guarded.log", free_calls=3) as url:
        place: dict[str, Any] = {"region_name": "eu-west-1", "endpoint_url": url}
        first = Guarded(url, boto3.client("iam", aws_access_key_id="x", aws_secret_access_key="y", **place))
        key, secret = first.allow("admin", ("*",))  # the three calls that are free
        signed = {"aws_access_key_id": key, "aws_secret_access_key": secret, **place}
        s3 = boto3.client("s3", **signed)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield Guarded(url, boto3.client("iam", **signed))


@pytest.fixture
def store_of(guarded: Guarded, account_at: Callable[..., Any]) -> Callable[..., S3ObjectStore]:
    def of(key: str, secret: str) -> S3ObjectStore:
        account = account_at(guarded.url, key=key, secret=secret)
        return S3ObjectStore.of(account.settings(bucket=BUCKET), account.clients())

    return of


@pytest.mark.parametrize("missing", [*ACTIONS, None], ids=[*ACTIONS, "none"])
def test_the_permission_that_is_missing_is_named(
    guarded: Guarded, store_of: Callable[..., S3ObjectStore], missing: str | None
) -> None:
    name = (missing or "nothing").replace(":", "-")
    allowed = tuple(action for action in ACTIONS if action != missing)
    store = store_of(*guarded.allow(name, allowed))

    said = _first_refusal(store)

    if missing is None:
        assert said == ""
    else:
        assert f"access denied: {missing} on the bucket {BUCKET} is not allowed" in said
        assert f"Let the signed-in user or role do {missing}" in said
        assert "123456789012" not in said
        assert name not in said


def _first_refusal(store: S3ObjectStore) -> str:
    """What is said when the store is used in every way; empty when all is allowed."""
    try:
        store.put("a/b", b"1")
        store.get("a/b")
        list(store.list("a/"))
        store.delete("a/b")
    except StoreError as error:
        return f"{error} {error.hint}"
    return ""


def test_a_wrong_secret_and_an_unknown_key_are_told_apart(
    guarded: Guarded, store_of: Callable[..., S3ObjectStore]
) -> None:
    key, _ = guarded.allow("wrong-secret", ACTIONS)

    with pytest.raises(StoreError, match="AWS refuses the signature"):
        store_of(key, "w" * 40).get("a")
    with pytest.raises(StoreError, match="AWS does not know the access key") as failed:
        store_of("AKIANOBODYNOBODY0000", "w" * 40).get("a")
    assert "AKIA" not in str(failed.value)
