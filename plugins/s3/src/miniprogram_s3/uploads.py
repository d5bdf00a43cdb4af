"""One object on its way into a bucket: by the fast way where it does the same, else through boto3."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from miniprogram_s3.conditional_writes import ConditionalWrites

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from obstore.store import S3Store

WRITE_ID = "write-id"
"""Name of the metadata that tells whose write an object came from."""
PART_BYTES = 16 * 1024 * 1024
PARTS_AT_ONCE = 8

_PLAIN_KEY = re.compile(r"[A-Za-z0-9._/-]+")
"""Keys that no client has to encode, so that all write them alike."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What to store. `if_match` is an etag without quotes; `write_id` is of this upload alone."""

    key: str
    body: bytes
    content_type: str | None
    cache_control: str | None
    if_match: str | None
    if_absent: bool
    write_id: str

    @property
    def is_conditional(self) -> bool:
        return self.if_absent or self.if_match is not None


class Uploader(Protocol):
    """Sends an upload and returns the new etag without quotes. Raises what its SDK raises."""

    def send(self, upload: Upload) -> str: ...


class FastUploader:
    """obstore's synchronous `put`: outside the interpreter lock, so that many threads really work at once."""

    def __init__(self, store: S3Store, conditions: ConditionalWrites) -> None:
        self._store, self._conditions = store, conditions

    @staticmethod
    def takes(upload: Upload) -> bool:
        return _PLAIN_KEY.fullmatch(upload.key) is not None

    def send(self, upload: Upload) -> str:
        attributes = {"Content-Type": upload.content_type, "Cache-Control": upload.cache_control}
        named: dict[Any, Any] = {name: value for name, value in attributes.items() if value is not None}
        if upload.is_conditional:
            named[WRITE_ID] = upload.write_id
        result = self._put(
            self._store, upload.key, upload.body, attributes=named, mode=self._mode(upload), use_multipart=False
        )
        return (result["e_tag"] or "").strip('"')

    def _mode(self, upload: Upload) -> Any:
        if upload.if_match is not None:
            return {"e_tag": self._conditions.if_match(upload.if_match)}
        return "create" if upload.if_absent else "overwrite"

    @cached_property
    def _put(self) -> Any:
        from obstore import put

        return put


class SlowUploader:
    """boto3: any key, and large objects in parts that become visible all at once."""

    def __init__(
        self,
        s3: S3Client,
        bucket: str,
        conditions: ConditionalWrites,
        *,
        kms_key_id: str | None,
        multipart_bytes: int,
    ) -> None:
        self._s3, self._bucket, self._conditions = s3, bucket, conditions
        self._kms_key_id, self._multipart_bytes = kms_key_id, multipart_bytes

    def send(self, upload: Upload) -> str:
        if len(upload.body) >= self._multipart_bytes and self._may_be_parted(upload):
            return self._send_parts(upload)
        put: Any = self._s3.put_object
        done = put(
            Bucket=self._bucket,
            Key=upload.key,
            Body=upload.body,
            **self._headers(upload),
            **self._condition(upload),
        )
        return str(done["ETag"]).strip('"')

    def _may_be_parted(self, upload: Upload) -> bool:
        return self._conditions.conditional_multipart or not upload.is_conditional

    def _send_parts(self, upload: Upload) -> str:
        s3: Any = self._s3
        target = {"Bucket": self._bucket, "Key": upload.key}
        begun = s3.create_multipart_upload(**target, **self._headers(upload))
        target["UploadId"] = begun["UploadId"]

        def send_part(number: int) -> dict[str, Any]:
            body = upload.body[(number - 1) * PART_BYTES : number * PART_BYTES]
            sent = s3.upload_part(**target, PartNumber=number, Body=body)
            return {"PartNumber": number, "ETag": sent["ETag"]}

        try:
            with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
                parts = list(pool.map(send_part, range(1, -(-len(upload.body) // PART_BYTES) + 1)))
            done = s3.complete_multipart_upload(
                **target, MultipartUpload={"Parts": parts}, **self._condition(upload)
            )
        except BaseException:
            s3.abort_multipart_upload(**target)  # parts nobody can see cost money for ever
            raise
        return str(done.get("ETag") or s3.head_object(Bucket=self._bucket, Key=upload.key)["ETag"]).strip('"')

    def _headers(self, upload: Upload) -> dict[str, Any]:
        headers: dict[str, Any] = {"ContentType": upload.content_type, "CacheControl": upload.cache_control}
        if self._kms_key_id:
            headers |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self._kms_key_id}
        if upload.is_conditional:
            headers["Metadata"] = {WRITE_ID: upload.write_id}
        return {name: value for name, value in headers.items() if value is not None}

    def _condition(self, upload: Upload) -> dict[str, str]:
        if upload.if_match is not None:
            return {"IfMatch": self._conditions.if_match(upload.if_match)}
        return {"IfNoneMatch": "*"} if upload.if_absent else {}
