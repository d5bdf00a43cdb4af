"""Who was admitted to a window that has room for so many: the part of a decision that must be remembered."""

from __future__ import annotations

from _thread import allocate_lock
from typing import Protocol

from miniprogram.delivery.evaluation.digests import sha256
from miniprogram.delivery.evaluation.errors import WouldWait


class AdmissionLedger(Protocol):
    """Counts distinct keys per window, across processes. Safe to call from many threads.

    Keys are digests (`ledger_key`), window ids unique in the store. Each method may raise
    `sources.SourceUnavailable`.
    """

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Let `key` in if it is in already or fewer than `limit` are. Never lets in more than `limit`."""
        ...

    def has_admitted(self, window_id: str, key: str) -> bool:
        """Whether `key` is in."""
        ...

    def count(self, window_id: str) -> int:
        """How many are in."""
        ...


class UnaskedLedger:
    """Stands for a ledger while nobody may wait for it: every question raises WouldWait."""

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:  # noqa: ARG002 - nothing is asked
        raise WouldWait(window_id)

    def has_admitted(self, window_id: str, key: str) -> bool:  # noqa: ARG002 - nothing is asked
        raise WouldWait(window_id)

    def count(self, window_id: str) -> int:
        raise WouldWait(window_id)


def ledger_key(window_id: str, key: str) -> str:
    """What a ledger stores for a visitor: 64 hexadecimal digits that tell nothing and differ by window."""
    return sha256(f"{window_id}:{key}".encode("utf-8", "surrogatepass")).hexdigest()


class MemoryLedger:
    """A ledger of one process, for tests and previews."""

    def __init__(self) -> None:
        self._admitted: dict[str, dict[str, int]] = {}
        self._lock = allocate_lock()

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        with self._lock:
            admitted = self._admitted.setdefault(window_id, {})
            if key not in admitted and len(admitted) < limit:
                admitted[key] = now_ms
            return key in admitted

    def has_admitted(self, window_id: str, key: str) -> bool:
        return key in self._admitted.get(window_id, {})

    def count(self, window_id: str) -> int:
        return len(self._admitted.get(window_id, {}))
