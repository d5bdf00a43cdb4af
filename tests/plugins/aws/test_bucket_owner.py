"""Requests about a bucket name whose it has to be: nothing of ours reaches a bucket of somebody else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from pydantic import ValidationError

from miniprogram.errors import StoreError
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram_aws.deployment.delivery_stack import delivery_plan
from miniprogram_aws.function.lambda_handler import open_objects
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.code_store import code_store
from miniprogram_s3.s3_store import S3ObjectStore

OWNER = "123456789012"
HEADER = "x-amz-expected-bucket-owner"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


class Raw(io.BytesIO):
    def stream(self, **_: Any) -> Any:
        yield self.read()


class Recorded:
    """Clients whose requests reach nobody. `sent`: operation and headers; `answers`: bodies by operation."""

    def __init__(self, home: Path, **more: Any) -> None:
        self.settings = AwsSettings(bucket="programs", region="eu-west-1", **more)
        self.clients = AwsClients(self.settings, ProviderContext("prod", home, home, KEYS))
        self.sent: list[tuple[str, Any]] = []
        self.answers: dict[str, bytes] = {}
        self.clients.s3.meta.events.register("before-send.s3", self._answer)

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        self.sent.append((operation, {name.lower(): value for name, value in request.headers.items()}))
        body = self.answers.get(operation, b"")
        return AWSResponse(request.url, 200, {"ETag": '"e"', "content-length": str(len(body))}, Raw(body))


@pytest.fixture
def versioned() -> dict[str, bytes]:
    return {"GetBucketVersioning": b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"}


def test_reading_writing_listing_and_looking_at_it_name_the_owner(
    tmp_path: Path, versioned: dict[str, bytes]
) -> None:
    recorded = Recorded(tmp_path, bucket_owner=OWNER)
    recorded.answers = versioned
    store = S3ObjectStore.of(recorded.settings, recorded.clients)

    store.get("a")
    store.put("a", b"1", if_absent=True)
    list(store.list("a"))
    store.delete("a")
    code_store("code", recorded.settings, recorded.clients).put("functions/a.zip", b"1", if_absent=True)

    operations = {operation for operation, _ in recorded.sent}
    assert {"GetObject", "PutObject", "ListObjectsV2", "DeleteObject", "GetBucketVersioning"} <= operations
    unnamed = {
        operation for operation, headers in recorded.sent if headers.get(HEADER) not in (OWNER, OWNER.encode())
    }
    assert unnamed == set()


def test_whoever_says_none_asks_for_none(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path)

    S3ObjectStore.of(recorded.settings, recorded.clients).get("a")

    assert [HEADER in headers for _, headers in recorded.sent] == [False]
    assert not recorded.clients.needs_sdk


@pytest.mark.parametrize(("said", "named"), [({"ARTIFACT_BUCKET_OWNER": OWNER}, True), ({}, False)])
def test_the_functions_own_reads_name_the_owner(
    said: dict[str, str], named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket that was deleted by mistake may be somebody else's while the function still reads it."""
    recorded = Recorded(tmp_path)
    monkeypatch.setattr("miniprogram_aws.function.lambda_handler.open_s3", lambda: recorded.clients.s3)
    names = {"ARTIFACT_BUCKET_NAME": "shop", "ARTIFACTS_PREFIX": "a", "METADATA_PREFIX": "m"}
    objects = open_objects({**names, **said})

    objects.fetch("a.json", known=None, max_bytes=100)
    objects.names("a/")

    told = {operation: headers.get(HEADER) in (OWNER, OWNER.encode()) for operation, headers in recorded.sent}
    assert told == {"GetObject": named, "ListObjectsV2": named}


def test_a_stack_is_told_the_owner_that_is_configured(tmp_path: Path) -> None:
    """And a stack that was told one is told none again."""
    parameters = [
        delivery_plan(Recorded(tmp_path, **owner).settings, "s", "prod", code={}).parameters
        for owner in ({"bucket_owner": OWNER}, {})
    ]

    assert [each.get("ArtifactBucketOwner") for each in parameters] == [OWNER, None]


def test_an_owner_is_an_account(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="twelve digits"):
        Recorded(tmp_path, bucket_owner="acme")


def test_a_bucket_of_somebody_else_is_refused_in_a_sentence(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path, bucket_owner=OWNER)

    def refuse(request: Any, **_: Any) -> AWSResponse:
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        return AWSResponse(request.url, 403, {"content-length": str(len(body))}, Raw(body))

    recorded.clients.s3.meta.events.register_first("before-send.s3", refuse)

    with pytest.raises(StoreError, match="programs"):
        S3ObjectStore.of(recorded.settings, recorded.clients).get("a")
