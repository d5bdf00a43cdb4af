"""The bucket as the delivery function reads it: its calls of the SDK, and what it makes of their errors."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.documents.remote_source import FETCHED_AT_ONCE, Fetched
from miniprogram.delivery.evaluation.errors import SourceUnavailable, TooLarge

MAX_OBJECT_BYTES = 4_600_000
"""What fits into an answer of a function: six megabytes, as base64."""

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
_UNCHANGED = frozenset({"304", "NotModified"})


class S3Objects:
    """Implements RemoteObjects over the bucket `bucket`. `client` is an S3 client of the SDK.

    With `owner`, an account, S3 refuses when the bucket is another account's by now.
    """

    def __init__(self, client: Any, bucket: str, owner: str = "") -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        self._client = client
        self._where = {"Bucket": bucket, **({"ExpectedBucketOwner": owner} if owner else {})}
        self._sdk_error, self._client_error = BotoCoreError, ClientError

    def fetch(self, key: str, *, known: str | None, max_bytes: int) -> Fetched | None:
        condition = {} if known is None else {"IfNoneMatch": known}
        try:
            found = self._client.get_object(**self._where, Key=key, **condition)
            if found["ContentLength"] > max_bytes:
                found["Body"].close()
                raise TooLarge(key, max_bytes)
            return Fetched(str(found["ETag"]), found["Body"].read())
        except self._client_error as error:
            code = _code(error)
            if known is not None and code in _UNCHANGED:
                return Fetched(known, None)
            if code in _MISSING:
                return None
            raise SourceUnavailable(f"GetObject of {key}: {code}") from None
        except self._sdk_error as error:
            raise SourceUnavailable(f"GetObject of {key}: {type(error).__name__}") from None

    def names(self, folder: str) -> list[str]:
        names: list[str] = []
        try:
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(**self._where, Prefix=folder, Delimiter="/"):
                names += [entry["Key"] for entry in page.get("Contents", ())]
                names += [entry["Prefix"] for entry in page.get("CommonPrefixes", ())]
        except self._client_error as error:
            raise SourceUnavailable(f"ListObjectsV2 of {folder}: {_code(error)}") from None
        except self._sdk_error as error:
            raise SourceUnavailable(f"ListObjectsV2 of {folder}: {type(error).__name__}") from None
        return names


def open_s3() -> Any:
    """An S3 client for a function: short waits, since its own time is short. The region is the function's."""
    from botocore.config import Config  # boto3 would cost as much again, and adds nothing here
    from botocore.session import get_session

    config = Config(
        connect_timeout=1,
        read_timeout=3,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=FETCHED_AT_ONCE,
        s3={"addressing_style": "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        user_agent_extra="miniprogram-delivery",
    )
    return get_session().create_client("s3", config=config)


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))
