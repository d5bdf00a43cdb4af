"""`--create-bucket`: a bucket is made safe, and one that is safer already stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import StoreError
from miniprogram_s3.bucket import UPLOADS_KEPT_DAYS, VERSIONS_KEPT_DAYS, Bucket

OWN_KEY = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/own"}


def encryption(s3: Any, bucket: str) -> dict[str, Any]:
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    found: dict[str, Any] = rule
    return found


@pytest.fixture
def encrypted(account: Any) -> Any:
    """An account whose bucket is encrypted with a key of its own."""
    account.make_bucket()
    rule = {"ApplyServerSideEncryptionByDefault": OWN_KEY, "BucketKeyEnabled": True}
    account.clients().s3.put_bucket_encryption(
        Bucket=account.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )
    return account


def test_encryption_with_a_key_of_ones_own_stays(encrypted: Any) -> None:
    clients = encrypted.clients()
    before = encryption(clients.s3, encrypted.bucket)

    said = list(Bucket(encrypted.bucket, clients).create(kms_key_id=None))

    assert encryption(clients.s3, encrypted.bucket) == before
    assert before["ApplyServerSideEncryptionByDefault"] == OWN_KEY
    assert "encrypts what it stores, as it did" in said[-1]


def test_another_key_is_taken_when_it_is_named(encrypted: Any) -> None:
    clients = encrypted.clients()

    list(Bucket(encrypted.bucket, clients).create(kms_key_id="alias/other"))

    found = encryption(clients.s3, encrypted.bucket)["ApplyServerSideEncryptionByDefault"]
    assert found["KMSMasterKeyID"] == "alias/other"


def test_policy_and_lifecycle_of_a_bucket_that_was_there_stay(account: Any) -> None:
    account.make_bucket()
    s3 = account.clients().s3
    rule = {"ID": "own", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=account.bucket, LifecycleConfiguration={"Rules": [rule]})

    list(Bucket(account.bucket, account.clients()).create(kms_key_id=None))

    assert [each["ID"] for each in s3.get_bucket_lifecycle_configuration(Bucket=account.bucket)["Rules"]] == [
        "own"
    ]


def test_a_new_bucket_cleans_up_after_itself(account: Any) -> None:
    clients = account.clients()

    list(Bucket(account.bucket, clients).create(kms_key_id=None))

    [rule] = clients.s3.get_bucket_lifecycle_configuration(Bucket=account.bucket)["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": UPLOADS_KEPT_DAYS}
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == VERSIONS_KEPT_DAYS


UNKNOWN = (501, {}, b"<Error><Code>NotImplemented</Code><Message>no</Message></Error>")


TAKEN = (409, {}, b"<Error><Code>BucketAlreadyExists</Code><Message>it is there</Message></Error>")
OWNED = (409, {}, b"<Error><Code>BucketAlreadyOwnedByYou</Code><Message>it is yours</Message></Error>")
LISTING = (200, {}, b"<ListBucketResult><Name>shop</Name></ListBucketResult>")
PLAIN_SERVERS = {
    "refuses": (UNKNOWN, UNKNOWN),
    "takes it for making the bucket": (TAKEN, LISTING),
    "takes it for making one's own bucket": (OWNED, LISTING),
    "takes it for making the bucket, and is glad": ((200, {}, b""), LISTING),
    "forgets it": ((200, {}, b""), UNKNOWN),
}
"""What servers answer to changes of a bucket they do not know, and to looks at it."""


@pytest.fixture(params=PLAIN_SERVERS.values(), ids=PLAIN_SERVERS)
def plain_server(account: Any, scripted: Callable[..., str], request: pytest.FixtureRequest) -> Any:
    """Clients of a server that has buckets, and nothing to say about them."""
    put, get = request.param
    return account.clients(endpoint_url=scripted({"HEAD /": (200, {}, b""), "PUT /": put, "GET /": get}))


def test_what_a_server_has_not_is_said(plain_server: Any) -> None:
    said = list(Bucket("shop", plain_server).create(kms_key_id=None, versions=False))

    assert said[-1] == "It is as open as its server makes it, leaves encryption to its server."


@pytest.mark.parametrize("put", [(200, {}, b""), OWNED], ids=["glad", "owned"])
def test_versions_that_a_server_does_not_keep_are_not_claimed(
    account: Any, scripted: Callable[..., str], put: Any
) -> None:
    clients = account.clients(endpoint_url=scripted({"HEAD /": (200, {}, b""), "PUT /": put, "GET /": LISTING}))

    said = list(Bucket("shop", clients).create(kms_key_id=None))

    assert "keeps no versions, which its server does not know" in said[-1]


def test_a_key_that_a_server_cannot_use_is_refused(plain_server: Any) -> None:
    with pytest.raises(StoreError, match="no encryption with KMS keys"):
        list(Bucket("shop", plain_server).create(kms_key_id="alias/own", versions=False))
