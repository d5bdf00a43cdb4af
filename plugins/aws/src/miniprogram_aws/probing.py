"""Find out whether an S3 server honours preconditions, before anything relies on them.

Some servers take a conditional write for a plain one and say nothing. Two people who publish to such a server at
once would lose one's work, so each condition is tried on a scratch object that nobody else uses.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from miniprogram_aws.dialect import Dialect
from miniprogram_aws.failure import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

REFUSALS = {"PreconditionFailed", "NoSuchKey", "NotFound", "ConditionalRequestConflict"}
WRONG_ETAG = "0" * 32


def probe(s3: S3Client, bucket: str, prefix: str) -> Dialect:
    """How the server of `s3` takes conditions, tried on an object below `prefix` that is gone afterwards.

    A dozen small requests. Raises what the SDK raises when one fails for another reason than its condition.
    """
    key = f"{prefix}/.probe-{secrets.token_hex(12)}"
    try:
        if not _creates_once(s3, bucket, key):
            return Dialect(conditional_put=False, conditional_delete=False, conditional_multipart=False)
        quoted = _swaps(s3, bucket, key, quoted=True)
        swaps = quoted or _swaps(s3, bucket, key, quoted=False)
        return Dialect(
            conditional_put=swaps,
            quoted_etags=quoted,
            conditional_delete=_guards_delete(s3, bucket, key),
            conditional_multipart=False,
        )
    finally:
        _remove(s3, bucket, key)


def _creates_once(s3: S3Client, bucket: str, key: str) -> bool:
    def create() -> object:
        return s3.put_object(Bucket=bucket, Key=key, Body=b"1", IfNoneMatch="*")

    return _holds(create) and not _holds(create)


def _swaps(s3: S3Client, bucket: str, key: str, *, quoted: bool) -> bool:
    """Whether PUT goes through with the right etag and fails with a wrong and an old one."""
    dialect = Dialect(quoted_etags=quoted)
    old = s3.put_object(Bucket=bucket, Key=key, Body=secrets.token_bytes(8))["ETag"].strip('"')

    def swap(etag: str) -> Callable[[], object]:
        body, condition = secrets.token_bytes(8), dialect.if_match(etag)
        return lambda: s3.put_object(Bucket=bucket, Key=key, Body=body, IfMatch=condition)

    return not _holds(swap(WRONG_ETAG)) and _holds(swap(old)) and not _holds(swap(old))


def _guards_delete(s3: S3Client, bucket: str, key: str) -> bool:
    def delete() -> object:
        return s3.delete_object(Bucket=bucket, Key=key, IfMatch=f'"{WRONG_ETAG}"')

    return not _holds(delete, also={"NotImplemented", "InvalidArgument"})


def _holds(call: Callable[[], object], *, also: set[str] | None = None) -> bool:
    """Whether the server did it. Raises what the SDK raises for anything but a condition that failed."""
    try:
        call()
    except Exception as error:
        if code_of(error) in REFUSALS | (also or set()):
            return False
        raise
    return True


def _remove(s3: S3Client, bucket: str, key: str) -> None:
    """The object with all its versions; what cannot be removed stays, it is a few bytes."""
    with suppress(Exception):
        found = s3.list_object_versions(Bucket=bucket, Prefix=key)
        for version in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])
    with suppress(Exception):
        s3.head_object(Bucket=bucket, Key=key)
        s3.delete_object(Bucket=bucket, Key=key)
