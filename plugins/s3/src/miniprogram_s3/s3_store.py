"""An object store in an S3 bucket."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.seams.object_store import UNCHANGED, ObjectInfo, StoredObject
from miniprogram.stores.backoff import Backoff
from miniprogram_s3.bucket import Bucket
from miniprogram_s3.client import S3Clients
from miniprogram_s3.conditional_writes import AWS, ConditionalWrites
from miniprogram_s3.endpoints import is_aws
from miniprogram_s3.obstore_client import open_obstore_client
from miniprogram_s3.probing import probe
from miniprogram_s3.sdk_failures import code_of
from miniprogram_s3.settings import S3StoreSettings
from miniprogram_s3.uploads import WRITE_ID, FastUploader, SlowUploader, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MULTIPART_BYTES = 64 * 1024 * 1024
"""From this size on an object is sent in parts."""
READ_ATTEMPTS = 3
"""Tries of a download that is cut; the SDK tries again only before the first byte."""
CONFLICT_ATTEMPTS = 8

CUT = {"ResponseStreamingError", "IncompleteReadError", "ReadTimeoutError", "ConnectionClosedError"}
MISSING = {"NoSuchKey", "NotFound"}
UNDER_WAY = "ConditionalRequestConflict"
"""Another change of the same key is not through yet, and may fail: whose it will be is not known."""

T = TypeVar("T")


class S3ObjectStore:
    """Objects of one bucket. Etags are what S3 calls so, without quotes.

    Before its first write it makes sure that the bucket keeps versions and that the server honours preconditions.
    With `single_writer` a server that does not is used all the same: conditions are looked at just before the
    write, which protects from one's own mistakes and not from somebody else.
    """

    parallel_writes = 64

    def __init__(
        self,
        bucket: Bucket,
        clients: S3Clients,
        *,
        scratch_prefix: str = "metadata",
        kms_key_id: str | None = None,
        single_writer: bool = False,
        require_versions: bool = True,
        multipart_bytes: int = MULTIPART_BYTES,
    ) -> None:
        self._bucket, self._clients, self._scratch_prefix = bucket, clients, scratch_prefix
        self._single_writer, self._require_versions = single_writer, require_versions
        self._kms_key_id, self._multipart_bytes = kms_key_id, multipart_bytes
        self._guard = RLock()

    @classmethod
    def of(cls, settings: S3StoreSettings, clients: S3Clients) -> Self:
        return cls(
            Bucket.of(settings, clients),
            clients,
            scratch_prefix=settings.metadata_prefix,
            kms_key_id=settings.kms_key_id,
            single_writer=settings.single_writer,
            require_versions=settings.require_versions,
        )

    @property
    def location(self) -> str:
        return f"s3://{self._bucket.name}"

    def get(self, key: str) -> StoredObject | None:
        found = self._read(check_key(key), {})
        return None if isinstance(found, str) else found

    def get_if_changed(self, key: str, etag: str) -> StoredObject | Literal["unchanged"] | None:
        return self._read(check_key(key), {"IfNoneMatch": f'"{etag}"'})

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,
        cache_control: str | None = None,
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        check_key(key)
        conditions = self._conditions
        upload = Upload(key, body, content_type, cache_control, if_match, if_absent, secrets.token_hex(12))
        if upload.is_conditional and not conditions.conditional_put:
            self._compare(key, if_match=if_match, if_absent=if_absent)
            upload = Upload(key, body, content_type, cache_control, None, False, upload.write_id)
        return self._send(upload)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        check_prefix(prefix)
        with self._mapped("list", prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket.name, Prefix=prefix)
            for page in pages:
                for found in page.get("Contents", []):
                    yield ObjectInfo(found["Key"], found["Size"])

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        start: Any = {"StartAfter": folder + after} if after else {}
        with self._mapped("list", check_folder(folder)):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket.name, Prefix=folder, Delimiter="/", **start
            )
            for page in pages:
                found = [entry["Key"] for entry in page.get("Contents", [])]
                found += [entry["Prefix"] for entry in page.get("CommonPrefixes", [])]
                names = sorted(key.removeprefix(folder) for key in found)
                # what is below the folder `after` comes after it, and stands for it once more
                yield from (name for name in names if name > after)

    def require_conditions(self) -> None:
        """Raises StoreError when the bucket is not as publishing needs it, or its server ignores preconditions."""
        _ = self._conditions

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        check_key(key)
        conditions = self._conditions
        condition: Any = {} if if_match is None else {"IfMatch": conditions.if_match(if_match)}
        if if_match is not None and not conditions.conditional_delete:
            self._compare(key, if_match=if_match, if_absent=False)
            condition = {}
        with self._mapped("delete", key):
            try:
                self._settled(key, lambda: self._s3.delete_object(Bucket=self._bucket.name, Key=key, **condition))
            except Exception as error:
                if condition and code_of(error) in MISSING | {"PreconditionFailed"}:
                    raise self._lost(key) from None
                raise

    def _read(self, key: str, condition: Any) -> StoredObject | Literal["unchanged"] | None:
        with self._mapped("read", key):
            for attempt in range(READ_ATTEMPTS):
                try:
                    found = self._s3.get_object(Bucket=self._bucket.name, Key=key, **condition)
                    return StoredObject(key, found["Body"].read(), found["ETag"].strip('"'))
                except Exception as error:
                    code = code_of(error)
                    if code in MISSING:
                        return None
                    if code == "HTTP 304":
                        return UNCHANGED
                    if code not in CUT or attempt + 1 == READ_ATTEMPTS:
                        raise
        return None

    def _send(self, upload: Upload) -> str:
        with self._mapped("write", upload.key):
            try:
                return self._settled(upload.key, lambda: self._uploader(upload).send(upload))
            except Exception as error:
                if not upload.is_conditional or code_of(error) not in MISSING | {"PreconditionFailed"}:
                    raise
                return self._ours_after_all(upload)

    def _settled(self, key: str, change: Callable[[], T]) -> T:
        """What `change` returns or raises once no other change of `key` is under way.

        Raises PreconditionFailed when there always is one.
        """
        backoff = Backoff(f"{self.location}/{key}")
        for _ in range(CONFLICT_ATTEMPTS):
            try:
                return change()
            except Exception as error:
                if code_of(error) != UNDER_WAY:
                    raise
            backoff.pause()
        raise self._lost(key)

    def _uploader(self, upload: Upload) -> FastUploader | SlowUploader:
        small = len(upload.body) < self._multipart_bytes
        is_fast = small and not self._clients.needs_sdk and FastUploader.takes(upload)
        return self._fast if is_fast else self._slow

    def _ours_after_all(self, upload: Upload) -> str:
        """The etag, when the condition failed only because our own first try had gone through unheard."""
        try:
            found = self._s3.head_object(Bucket=self._bucket.name, Key=upload.key)
        except Exception as error:
            if code_of(error) in MISSING:
                raise self._lost(upload.key) from None
            raise
        if found["Metadata"].get(WRITE_ID) != upload.write_id:
            raise self._lost(upload.key) from None
        return found["ETag"].strip('"')

    def _compare(self, key: str, *, if_match: str | None, if_absent: bool) -> None:
        found = self.get(key)
        if (if_absent and found is not None) or (if_match and (found is None or found.etag != if_match)):
            raise self._lost(key)

    @cached_property
    def _fast(self) -> FastUploader:
        store = open_obstore_client(self._bucket.name, self._clients, kms_key_id=self._kms_key_id)
        return FastUploader(store, self._conditions)

    @cached_property
    def _slow(self) -> SlowUploader:
        return SlowUploader(
            self._s3,
            self._bucket.name,
            self._conditions,
            kms_key_id=self._kms_key_id,
            multipart_bytes=self._multipart_bytes,
        )

    @property
    def _conditions(self) -> ConditionalWrites:
        with self._guard:  # of the first writers only one finds out
            return self._known_conditions

    @cached_property
    def _known_conditions(self) -> ConditionalWrites:
        if self._require_versions:
            self._bucket.require_versions()
        self._bucket.require_here()
        if is_aws(self._clients.endpoint_url("s3")):
            return AWS
        with self._mapped("try conditional writes below", f"{self._scratch_prefix}/"):
            conditions = probe(self._s3, self._bucket.name, self._scratch_prefix)
        if not conditions.conditional_put and not self._single_writer:
            raise StoreError(
                f"{self._clients.endpoint_url('s3')} ignores preconditions (If-Match, If-None-Match) in "
                f"the bucket {self._bucket.name}: of two people who publish at once it would lose one's work",
                hint="Use another server, or say --single-writer if only one person ever publishes. Some honour "
                "preconditions only in buckets that keep no versions: see --no-require-versions.",
            )
        return conditions

    @cached_property
    def _s3(self) -> S3Client:
        return self._clients.s3

    def _mapped(self, verb: str, key: str) -> AbstractContextManager[None]:
        return self._clients.errors.mapped(
            f"{verb} {self.location}/{key}",
            resource=f"the bucket {self._bucket.name}",
            region=self._clients.region,
            failure=StoreError,
        )

    def _lost(self, key: str) -> PreconditionFailed:
        return PreconditionFailed(f"{self.location}/{key} was changed by somebody else meanwhile")
