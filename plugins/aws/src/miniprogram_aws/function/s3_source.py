"""The stored documents of an environment as the delivery function reads them: one S3 read per request, or none.

Several small documents decide about a request, and each may change at any time. After `soft_s` seconds one is due
for another look, but a request looks at one of them only: the others wait for the next requests, at most until
`hard_s`. What did not change is not sent again. A look that fails before `hard_s` changes nothing, and is not
repeated for some seconds; after it the failure is the engine's to bear or to refuse.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from miniprogram.delivery.documents.bounded_looks import BoundedLooks
from miniprogram.delivery.evaluation.errors import BrokenDocument, SourceUnavailable

MAX_OBJECT_BYTES = 4_600_000
"""What fits into an answer of a function: six megabytes, as base64."""
MAX_LIST_BYTES = 32 * 1024 * 1024
"""Id lists are asked, never sent: four million ids, and what the engine keeps of one list at most."""
MAX_KEY_BYTES = 1024
MOST_REMEMBERED = 8_192
MOST_PENDING = 64
FETCHED_AT_ONCE = 5
HARD_FACTOR = 3
DEFAULT_BUDGET_S = 6.0
"""What all looks of one request may take together, in seconds."""
RETRY_AFTER_S = 2.0
"""How long S3 is left alone about a document that is still good enough, after it failed to answer."""

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
_UNCHANGED = frozenset({"304", "NotModified"})


class Freshness(NamedTuple):
    """How old what is known about a changing document may be, in seconds."""

    soft_s: float = 5.0
    hard_s: float = 5.0 * HARD_FACTOR

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Freshness:
        """From POINTER_MAX_AGE_SECONDS; 5 unless it is a number from 0 to 300."""
        try:
            soft = float(environ.get("POINTER_MAX_AGE_SECONDS", "5"))
        except ValueError:
            soft = 5.0
        soft = soft if 0 <= soft <= 300 else 5.0
        return cls(soft, soft * HARD_FACTOR)


class _Seen(NamedTuple):
    marker: object | None
    looked_at: float
    failed_at: float = float("-inf")


class S3Source:
    """A DocumentSource over the bucket `name`. `client` is an S3 client of the SDK.

    Objects whose keys start with `lists_prefix` are id lists; a blank one says that there are none.
    Call `begin_request` before each request. Error texts name the operation and the error code, for operators.
    """

    def __init__(
        self,
        client: Any,
        bucket: str,
        freshness: Freshness,
        *,
        lists_prefix: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        self._client, self._bucket, self._freshness, self._clock = client, bucket, freshness, clock
        self._lists_prefix = lists_prefix
        self._sdk_error, self._client_error = BotoCoreError, ClientError
        self._seen: dict[str, _Seen] = {}
        self._pending: dict[str, bytes] = {}
        self._looks = BoundedLooks()
        self._may_look = True
        self._failed: dict[str, SourceUnavailable] = {}
        self._ends_at = time.monotonic() + DEFAULT_BUDGET_S

    def begin_request(self, budget_s: float = DEFAULT_BUDGET_S) -> None:
        """What is due may be looked at again, once. All looks of the request together may take `budget_s`."""
        self._may_look = True
        self._failed.clear()
        self._ends_at = time.monotonic() + budget_s

    def fetch_together(self, keys: Iterable[str]) -> None:
        """Look at those of `keys` that this request would have to wait for, all at once.

        Failures are left to whoever asks for the key.
        """
        seen = ((key, self._seen.get(key)) for key in keys)
        due = [key for key, known in seen if self._must_look(known) and not self._has_just_failed(known)]
        if len(due) < 2:
            return
        looked_at = self._clock()
        looks = [self._looks.start(key, self._reader(key)) for key in due[:FETCHED_AT_ONCE]]
        for look in looks:
            try:
                self._note(look.name, look.result(self._budget_s()), looked_at)
            except SourceUnavailable as error:
                self._note_failure(look.name, error)
            except BrokenDocument:
                self._forget(look.name)
        self._may_look = False

    def marker(self, key: str) -> object | None:
        seen = self._seen.get(key)
        if seen is not None and not self._must_look(seen):
            if not (self._may_look and self._is_due(seen)):
                return seen.marker
            self._may_look = False
            return self._look_again(key, seen)
        return self._look(key)

    def read(self, key: str) -> bytes | None:
        body = self._pending.pop(key, None)
        if body is not None:
            return body
        self._forget(key)
        return None if self._look(key) is None else self._pending.pop(key, None)

    def list(self, prefix: str) -> list[str]:
        listed = self.marker(prefix)
        return list(listed) if isinstance(listed, tuple) else []

    def _look_again(self, key: str, seen: _Seen) -> object | None:
        """Another look at what is still good enough: if it fails, what is known goes on."""
        try:
            return self._look(key)
        except SourceUnavailable:
            return seen.marker

    def _is_due(self, seen: _Seen) -> bool:
        return self._clock() - seen.looked_at >= self._freshness.soft_s and not self._has_just_failed(seen)

    def _has_just_failed(self, seen: _Seen | None) -> bool:
        return seen is not None and self._clock() - seen.failed_at < RETRY_AFTER_S

    def _must_look(self, seen: _Seen | None) -> bool:
        return seen is None or self._clock() - seen.looked_at >= self._freshness.hard_s

    def _look(self, key: str) -> object | None:
        """The marker of `key` now. What failed once in a request is not asked again in it."""
        failed = self._failed.get(key)
        if failed is not None:
            raise failed
        looked_at = self._clock()
        try:
            return self._note(key, self._looks.run(key, self._reader(key), self._budget_s()), looked_at)
        except SourceUnavailable as error:
            self._note_failure(key, error)
            raise

    def _note_failure(self, key: str, error: SourceUnavailable) -> None:
        self._failed[key] = error
        seen = self._seen.get(key)
        if seen is not None:
            self._seen[key] = seen._replace(failed_at=self._clock())

    def _budget_s(self) -> float:
        return max(0.0, self._ends_at - time.monotonic())

    def _reader(self, key: str) -> Callable[[], object | None]:
        if key.endswith("/"):
            return partial(self._names, key)
        seen = self._seen.get(key)
        return partial(self._etag, key, None if seen is None else seen.marker)

    def _note(self, key: str, marker: object | None, looked_at: float) -> object | None:
        while len(self._seen) >= MOST_REMEMBERED:
            self._forget(next(iter(self._seen)))
        self._seen.pop(key, None)  # so that the order is that of the last look
        self._seen[key] = _Seen(marker, looked_at)
        return marker

    def _etag(self, key: str, known: object | None) -> object | None:
        """The object's etag, its bytes put aside unless it still is `known`; None when there is none."""
        if not _is_key(key):
            return None
        condition = {"IfNoneMatch": known} if isinstance(known, str) else {}
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key, **condition)
            most = self._most_bytes(key)
            if found["ContentLength"] > most:
                found["Body"].close()
                raise BrokenDocument(key, f"larger than {most} bytes")
            body = found["Body"].read()
        except self._client_error as error:
            code = _code(error)
            if code in _UNCHANGED:
                return known
            if code in _MISSING:
                return None
            raise SourceUnavailable(f"GetObject of {key}: {code}") from None
        except self._sdk_error as error:
            raise SourceUnavailable(f"GetObject of {key}: {type(error).__name__}") from None
        self._pending[key] = body
        while len(self._pending) > MOST_PENDING:
            self._pending.pop(next(iter(self._pending)))
        return str(found["ETag"])

    def _most_bytes(self, key: str) -> int:
        is_list = self._lists_prefix and key.startswith(self._lists_prefix)
        return MAX_LIST_BYTES if is_list else MAX_OBJECT_BYTES

    def _names(self, prefix: str) -> tuple[str, ...] | None:
        """What lies directly below `prefix`, ascending; None when nothing does."""
        names: list[str] = []
        try:
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, Delimiter="/"):
                names += [entry["Key"] for entry in page.get("Contents", ())]
                names += [entry["Prefix"] for entry in page.get("CommonPrefixes", ())]
        except self._client_error as error:
            raise SourceUnavailable(f"ListObjectsV2 of {prefix}: {_code(error)}") from None
        except self._sdk_error as error:
            raise SourceUnavailable(f"ListObjectsV2 of {prefix}: {type(error).__name__}") from None
        return tuple(sorted(names)) or None

    def _forget(self, key: str) -> None:
        self._seen.pop(key, None)


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


def _is_key(key: str) -> bool:
    return bool(key) and key.isprintable() and len(key.encode("utf-8", "replace")) <= MAX_KEY_BYTES


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))
