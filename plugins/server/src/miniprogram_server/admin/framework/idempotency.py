"""Answers to writes, kept for a while, so that a repeated request is answered and not done again.

Kept in this process only. What protects the documents themselves is their revision.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from miniprogram_server.admin.framework.problems import Failure, Headers

LIFETIME_S = 24 * 3600
MAX_ANSWERS = 2_000
MAX_ANSWER_BYTES = 256 * 1024
"""Larger answers are not kept: repeating such a request does it again, under its If-Match."""

_key = re.compile(r"[\x21-\x7e]{1,128}").fullmatch


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it was sent."""

    status: int
    headers: Headers
    body: bytes


@dataclass(slots=True)
class _Entry:
    fingerprint: str
    born: float
    answer: Answer | None = None


def fingerprint(method: str, path: str, query: str, if_match: str, digest: bytes) -> str:
    """What makes two requests the same. `digest` is the body's."""
    parts = (method.encode(), path.encode("utf-8", "surrogatepass"), query.encode(), if_match.encode(), digest)
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


class IdempotencyCache:
    """Answers by caller and Idempotency-Key. Safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, caller: str, key: str, asked: str) -> Answer | None:
        """The answer given before; None: go on, then call `keep` or `forget`.

        Raises Failure for a malformed key, one of another request (422), or one that is being answered (409).
        """
        if _key(key) is None:
            raise Failure(400, "invalid_request", "Idempotency-Key must be 1 to 128 printable characters")
        with self._lock:
            self._drop_old()
            entry = self._entries.get((caller, key))
            if entry is None:
                self._entries[caller, key] = _Entry(asked, self._clock())
                return None
        if entry.fingerprint != asked:
            raise Failure(422, "idempotency_key_reused", "this Idempotency-Key was used for another request")
        if entry.answer is None:
            raise Failure(409, "in_progress", "the request with this Idempotency-Key is being answered")
        return entry.answer

    def keep(self, caller: str, key: str, answer: Answer) -> None:
        """Remember what was answered."""
        with self._lock:
            entry = self._entries.get((caller, key))
            if entry is not None and len(answer.body) <= MAX_ANSWER_BYTES:
                entry.answer = answer
            else:
                self._entries.pop((caller, key), None)

    def forget(self, caller: str, key: str) -> None:
        """Nothing was done: the key may be used again."""
        with self._lock:
            self._entries.pop((caller, key), None)

    def _drop_old(self) -> None:
        too_old = self._clock() - LIFETIME_S
        while self._entries:
            oldest = next(iter(self._entries.values()))
            if len(self._entries) < MAX_ANSWERS and oldest.born > too_old:
                return
            self._entries.popitem(last=False)
