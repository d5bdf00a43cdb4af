"""The errors of S3 against what every table of errors must do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError, SSLError

from miniprogram.errors import StoreError
from miniprogram.provider_kit.sdk_errors import SdkErrors
from miniprogram.testing import SdkErrorsContract
from miniprogram_s3.client import S3Clients
from miniprogram_s3.errors import errors_of


class TestS3Errors(SdkErrorsContract):
    def make_errors(self) -> SdkErrors:
        return S3Clients.errors

    def make_refusal(self, code: str, status: int, message: str) -> Exception:
        meta: Any = {"HTTPStatusCode": status, "HTTPHeaders": {}}
        return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": meta}, "GetObject")

    def secrets(self) -> Sequence[str]:
        return ("arn:aws:iam::123456789012:user/eva", "AKIAIOSFODNN7EXAMPLE", "123456789012")


class TestAnySlashServiceErrors(TestS3Errors):
    def make_errors(self) -> SdkErrors:
        return errors_of("The shop's store", default=StoreError)


def test_a_certificate_nobody_vouches_for_says_where_to_name_who_does() -> None:
    with (
        pytest.raises(StoreError, match="its certificate is not trusted") as told,
        S3Clients.errors.mapped("read s3://shop/a", resource="the bucket shop"),
    ):
        raise SSLError(endpoint_url="https://s3.test", error="self-signed certificate in certificate chain")

    assert "--ca-bundle" in str(told.value.hint)
