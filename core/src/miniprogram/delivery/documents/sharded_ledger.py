"""A ledger whose windows have several counters, so that those who come at the same moment do not wait for one.

The slots of a window are shared out among its shards. Who comes takes a slot of any shard that has one. Where the
limit of a window changes, the slots that nobody has taken are shared out anew, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, Unpack

from miniprogram.delivery.documents.remembering_ledger import Contended, RememberingLedger, Waiting
from miniprogram.delivery.documents.segmented_lru import SegmentedLru

MOST_TRIED = 4
"""Shards that are tried one right after another, before the ledger pauses and looks again."""

_REMEMBERED_BYTES = 512 * 1024
_ENTRY_BYTES = 500


class Shard(NamedTuple):
    """One of the counters of a window."""

    limit: int
    """The window's limit when its slots were shared out."""
    allotted: int
    """How many slots are here, the taken ones too."""
    admitted: int
    """How many of them are taken."""

    @property
    def has_room(self) -> bool:
        """Whether a slot is free here."""
        return self.admitted < self.allotted


Allot = Callable[[Sequence["Shard | None"]], list[Shard]]
"""The shards as they are, None where there is none yet, to the shards as they shall be: as many, in that order."""


class ShardedLedger(RememberingLedger):
    """An AdmissionLedger for stores with transactions. Inherit, and override `is_in` and the three calls below.

    Each of them raises Contended when others changed the same at this moment, and SourceUnavailable when the store
    is out of reach.

    Which shards had room is remembered: whoever comes next tries one of them unread, as no slot is given where
    there is none.
    """

    def __init__(self, name: str, **waiting: Unpack[Waiting]) -> None:
        super().__init__(name, **waiting)
        self._with_room: SegmentedLru[str, tuple[int, list[int]]] = SegmentedLru(_REMEMBERED_BYTES)

    def read_shards(self, window_id: str) -> Sequence[Shard | None]:
        """The shards of the window, always as many; None for one that was never written.

        Each is read as it is, but not all at the same moment.
        """
        raise NotImplementedError

    def take_slot(self, window_id: str, number: int, limit: int, key: str, now_ms: int) -> None:
        """One transaction: write down the visitor `key`, who must not be there, and raise `admitted` of a shard.

        Only where that shard has the limit `limit` and room; otherwise nothing is written. Returns when `key` is
        in, also when it was before. Raises Contended when the shard has no slot at this limit any more.
        """
        raise NotImplementedError

    def share_out(self, window_id: str, allot: Allot, now_ms: int) -> Sequence[Shard]:
        """One transaction: read all shards, and write what `allot` makes of them. What was written."""
        raise NotImplementedError

    def count(self, window_id: str) -> int:
        return _admitted(self.read_shards(window_id))

    def enter(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        if limit < 1:
            return False
        if self._enter_unread(window_id, key, limit, now_ms):
            return True
        shards = self.read_shards(window_id)
        if _admitted(shards) >= limit:
            return self.is_in(window_id, key)  # counts only grow, so that it stays full whoever comes meanwhile
        if any(each is None or each.limit != limit for each in shards):
            shards = self.share_out(window_id, lambda found: shared_out(found, limit), now_ms)
        with_room = [number for number, each in enumerate(shards) if each and each.has_room]
        if not with_room:
            raise Contended  # the slots were filled or shared out anew while they were read
        for number in _some(with_room):
            with suppress(Contended):
                self.take_slot(window_id, number, limit, key, now_ms)
                self._with_room.put(window_id, (limit, with_room), _ENTRY_BYTES)
                return True
        raise Contended

    def _enter_unread(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Whether `key` is in by a slot of a shard that had room before. What is wrong is forgotten."""
        known_at, numbers = self._with_room.get(window_id) or (0, [])
        if known_at != limit:
            return False
        try:
            self.take_slot(window_id, _some(numbers)[0], limit, key, now_ms)
        except Contended:
            self._with_room.drop(window_id)
            return False
        return True


def shared_out(found: Sequence[Shard | None], limit: int) -> list[Shard]:
    """Give every shard its part of the slots that nobody has taken. Together they have `limit`, or those taken."""
    admitted = [each.admitted if each else 0 for each in found]
    each, more = divmod(max(0, limit - sum(admitted)), len(found))
    return [Shard(limit, taken + each + (number < more), taken) for number, taken in enumerate(admitted)]


def with_more_taken(shards: Sequence[Shard | None], slots: int) -> list[Shard | None]:
    """The same with so many taken slots more, as of visitors whom a store counts elsewhere. The first has them."""
    if not slots:
        return list(shards)
    first = shards[0] or Shard(0, 0, 0)
    more = first._replace(allotted=first.allotted + slots, admitted=first.admitted + slots)
    return [more, *shards[1:]]


def _admitted(shards: Sequence[Shard | None]) -> int:
    return sum(each.admitted for each in shards if each)


def _some(numbers: Sequence[int]) -> list[int]:
    from random import sample

    return sample(numbers, min(MOST_TRIED, len(numbers)))
