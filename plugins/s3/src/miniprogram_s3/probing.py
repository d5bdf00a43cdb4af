"""Find out whether an S3 server honours preconditions, before anything relies on them.

Some servers take a conditional write for a plain one and say nothing. Two people who publish to such a server at
once would lose one's work, so each condition is tried on a scratch object that nobody else uses.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from miniprogram_s3.conditional_writes import ConditionalWrites
from miniprogram_s3.sdk_failures import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

REFUSALS = frozenset({"PreconditionFailed", "NoSuchKey", "NotFound", "ConditionalRequestConflict"})
NOT_KNOWN = frozenset({"NotImplemented", "InvalidArgument"})
WRONG_ETAG = "0" * 32


def probe(s3: S3Client, bucket: str, prefix: str) -> ConditionalWrites:
    """How the server of `s3` takes conditions, tried on an object below `prefix` that is gone afterwards.

    About ten small requests. Raises what the SDK raises when one fails for another reason than its condition.
    """
    key = f"{prefix}/.probe-{secrets.token_hex(12)}"
    try:
        etag = _create_once(s3, bucket, key)
        if etag is None:
            return ConditionalWrites(conditional_put=False, conditional_delete=False, conditional_multipart=False)
        quoted = _swaps(s3, bucket, key, etag, quoted=True)
        swaps = quoted or _swaps(s3, bucket, key, etag, quoted=False)
        return ConditionalWrites(
            conditional_put=swaps,
            quoted_etags=quoted,
            conditional_delete=_guards_delete(s3, bucket, key),
            conditional_multipart=False,
        )
    finally:
        remove(s3, bucket, key)


def _create_once(s3: S3Client, bucket: str, key: str) -> str | None:
    """The etag of the object, or None when it can be created a second time, or not at all."""

    def create() -> str:
        return s3.put_object(Bucket=bucket, Key=key, Body=b"1", IfNoneMatch="*")["ETag"].strip('"')

    etag = _unless_refused(create, also=NOT_KNOWN)
    return etag if etag is not None and _unless_refused(create) is None else None


def _swaps(s3: S3Client, bucket: str, key: str, etag: str, *, quoted: bool) -> bool:
    """Whether PUT goes through with the right etag and fails with a wrong and an old one."""
    conditions = ConditionalWrites(quoted_etags=quoted)

    def swap(expected: str) -> bool:
        body, condition = secrets.token_bytes(8), conditions.if_match(expected)
        done = _unless_refused(lambda: s3.put_object(Bucket=bucket, Key=key, Body=body, IfMatch=condition))
        return done is not None

    return not swap(WRONG_ETAG) and swap(etag) and not swap(etag)


def _guards_delete(s3: S3Client, bucket: str, key: str) -> bool:
    def delete() -> object:
        return s3.delete_object(Bucket=bucket, Key=key, IfMatch=f'"{WRONG_ETAG}"')

    try:
        return _unless_refused(delete) is None
    except Exception as error:
        if code_of(error) in NOT_KNOWN:
            return False
        raise


def _unless_refused(call: Callable[[], T], *, also: frozenset[str] = frozenset()) -> T | None:
    """What `call` returns; None when its condition failed. Raises what the SDK raises for anything else."""
    try:
        return call()
    except Exception as error:
        if code_of(error) in REFUSALS | also:
            return None
        raise


def remove(s3: S3Client, bucket: str, key: str) -> None:
    """The object with all its versions; what cannot be removed stays, it is a few bytes."""
    with suppress(Exception):
        found = s3.list_object_versions(Bucket=bucket, Prefix=key)
        for version in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])
    with suppress(Exception):
        s3.head_object(Bucket=bucket, Key=key)
        s3.delete_object(Bucket=bucket, Key=key)
