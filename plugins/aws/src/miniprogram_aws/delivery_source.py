"""The stored documents of an environment as the delivery function reads them: one S3 read per request, or none.

Several small documents decide about a request, and each may change at any time. After `soft_s` seconds one is due
for another look, but a request looks at one of them only: the others wait for the next requests, at most until
`hard_s`. What did not change is not sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

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
        self._may_look = True

    def begin_request(self) -> None:
        """What is due may be looked at again, once."""
        self._may_look = True

    def fetch_together(self, keys: Iterable[str]) -> None:
        """Look at those of `keys` that this request would have to wait for, all at once.

        Failures are left to whoever asks for the key.
        """
        due = [key for key in keys if self._must_look(self._seen.get(key))]
        if len(due) < 2:
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
            list(pool.map(self._try_to_look, due))
        self._may_look = False

    def marker(self, key: str) -> object | None:
        seen = self._seen.get(key)
        if seen is not None and not self._must_look(seen):
            if not (self._may_look and self._is_due(seen)):
                return seen.marker
            self._may_look = False
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

    def _is_due(self, seen: _Seen) -> bool:
        return self._clock() - seen.looked_at >= self._freshness.soft_s

    def _must_look(self, seen: _Seen | None) -> bool:
        return seen is None or self._clock() - seen.looked_at >= self._freshness.hard_s

    def _look(self, key: str) -> object | None:
        looked_at = self._clock()
        seen = self._seen.get(key)
        known = seen.marker if seen is not None else None
        marker = self._names(key) if key.endswith("/") else self._etag(key, known)
        while len(self._seen) >= MOST_REMEMBERED:
            self._forget(next(iter(self._seen)))
        self._seen.pop(key, None)  # so that the order is that of the last look
        self._seen[key] = _Seen(marker, looked_at)
        return marker

    def _try_to_look(self, key: str) -> None:
        try:
            self._look(key)
        except (SourceUnavailable, BrokenDocument):
            self._forget(key)

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
