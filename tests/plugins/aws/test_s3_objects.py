"""The delivery function's calls of S3: the contract, and what every error of the SDK becomes."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from miniprogram.delivery.documents.remote_source import RemoteObjects
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.testing.remote_objects import PLENTY, RemoteObjectsContract
from miniprogram_aws.function.s3_objects import S3Objects


class Failing:
    """An S3 client whose every call fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_object(self, **asked: str) -> Any:
        raise self._error

    def get_paginator(self, name: str) -> Any:
        raise self._error


def refused(code: str, status: int) -> ClientError:
    meta: Any = {"HTTPStatusCode": status}
    message = f"arn {RemoteObjectsContract.SECRET}"
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": meta}, "GetObject")


class TestS3Objects(RemoteObjectsContract):
    @pytest.fixture(autouse=True)
    def _bucket(self, account: Any) -> None:
        self.bucket, self.s3 = account.make_bucket(), account.clients().client("s3")

    def make_objects(self) -> RemoteObjects:
        return S3Objects(self.s3, self.bucket)

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def make_unreachable(self) -> RemoteObjects:
        return S3Objects(Failing(refused("AccessDenied", 403)), self.bucket)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (refused("AccessDenied", 403), "AccessDenied"),
        (refused("SlowDown", 503), "SlowDown"),
        (refused("304", 304), "304"),
        (EndpointConnectionError(endpoint_url="https://s3.x"), "EndpointConnectionError"),
    ],
    ids=["denied", "slow down", "unchanged though nothing was known", "unreachable"],
)
def test_whatever_fails_is_named_by_its_code(error: Exception, said: str) -> None:
    objects = S3Objects(Failing(error), "shop")

    with pytest.raises(SourceUnavailable, match=f"GetObject of a.json: {said}"):
        objects.fetch("a.json", known=None, max_bytes=PLENTY)
    with pytest.raises(SourceUnavailable, match=f"ListObjectsV2 of a/: {said}"):
        objects.names("a/")
