"""The change feed of any store: what its index says, looked at again and again.

Whatever our own tools publish, release, disable or delete is in the index of the environment, one object for all
mini-programs. Documents that people may write by hand, and access keys, are not: they are looked at in turn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from threading import Event

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.program_index import ProgramIndex, ProgramRow, parse_index
from miniprogram.delivery.documents.indexed_programs import BY_HAND
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.seams.change_feed import GAP, Changes
from miniprogram.seams.object_store import ObjectStore, read_again

EVERY_S = 2.0
"""How often the index is looked at, in seconds."""
BY_HAND_EVERY = 5
"""In every so many rounds documents that are not in the index are looked at, too."""
MOST_BY_HAND = 20
"""So many of them at once."""


class PolledChanges:
    """A ChangeFeed over `store`, whose documents lie where `keys` says. `wait` waits, until it is told to stop.

    What the index tells of is told within some `every_s` seconds. Of the other documents MOST_BY_HAND are looked
    at in each BY_HAND_EVERY rounds, and each is told of when it is looked at for the first time.
    """

    def __init__(
        self,
        store: ObjectStore,
        keys: Keys,
        *,
        every_s: float = EVERY_S,
        wait: Callable[[Event, float], bool] = Event.wait,
    ) -> None:
        self._store, self._keys, self._every_s, self._wait = store, keys, every_s, wait

    def watch(self, stop: Event) -> Iterator[Changes]:
        """See `ChangeFeed`. Raises StoreError."""
        index, by_hand = _Index(self._store, self._keys), _ByHand(self._store, self._keys)
        index.look()
        by_hand.learn()
        yield GAP
        rounds = 0
        while not self._wait_a_little(stop):
            rounds += 1
            changes = index.look()
            if rounds % BY_HAND_EVERY == 0:
                changes |= by_hand.look()
            if index.is_missing:
                yield GAP
            elif changes:
                yield Changes(frozenset(changes))

    def _wait_a_little(self, stop: Event) -> bool:
        """About `every_s` seconds, in steps of less than one; not the same for all who look at one store."""
        left_s = self._every_s * random.uniform(0.75, 1.25)  # noqa: S311 - not a secret
        while left_s > 0 and not stop.is_set():
            step_s = min(left_s, 0.5)
            if self._wait(stop, step_s):
                return True
            left_s -= step_s
        return stop.is_set()


class _Index:
    """The index as it was at the last look."""

    def __init__(self, store: ObjectStore, keys: Keys) -> None:
        self._store, self._keys = store, keys
        self._etag: str | None = None
        self._index = ProgramIndex()
        self.is_missing = False
        """Whether there is none that can be read. Then nothing is known of changes."""

    def look(self) -> set[str]:
        """Keys of the documents of mini-programs whose rows changed since the last look."""
        key = self._keys.program_index_key
        found = read_again(self._store, key, self._etag)
        if isinstance(found, str):
            return self._of_programs(set(self._index.pending))
        before, self._index, self._etag = self._index, ProgramIndex(), None
        self.is_missing = found is None
        if found is None:
            return set()
        try:
            self._index = parse_index(Document(key, found.body))
        except BrokenDocument:
            self.is_missing = True
            return set()
        self._etag = found.etag
        changed = _changed(before.rows, self._index.rows)
        # who is being changed, or was, may have been changed since it was written here
        return {key} | self._of_programs(changed | set(before.pending) | set(self._index.pending))

    def _of_programs(self, program_ids: set[str]) -> set[str]:
        """Keys of the documents that say what is published of them."""
        keys = self._keys
        of = (keys.catalog_pointer_key, keys.release_document_key, keys.access_keys_key, keys.link_keys_key)
        return {key_of(program_id) for program_id in program_ids for key_of in of}


def _changed(before: tuple[ProgramRow, ...], now: tuple[ProgramRow, ...]) -> set[str]:
    """Ids of the mini-programs whose rows differ, came or went: into a shard as well, which does no harm."""
    old, new = ({row.id: row for row in rows} for rows in (before, now))
    return {program_id for program_id in old.keys() | new.keys() if old.get(program_id) != new.get(program_id)}


class _ByHand:
    """Documents that are not in the index."""

    def __init__(self, store: ObjectStore, keys: Keys) -> None:
        self._store = store
        self._folders = [keys.folder(kind) for kind in (*BY_HAND, kinds.LINK_KEYS)]
        self._etags: dict[str, str | None] = {}
        self._next = 0

    def learn(self) -> None:
        """Find out which there are."""
        self._etags = dict.fromkeys(self._names())

    def look(self) -> set[str]:
        """Keys of those that came or went, and of a few that are not as they were."""
        names = self._names()
        changed = self._etags.keys() ^ set(names)
        self._etags = {name: self._etags.get(name) for name in names}
        for _ in range(min(MOST_BY_HAND, len(names))):
            name = names[self._next % len(names)]
            self._next += 1
            before = self._etags[name]
            found = read_again(self._store, name, before)
            if not isinstance(found, str):
                self._etags[name] = None if found is None else found.etag
                changed = changed | {name}
        return changed

    def _names(self) -> list[str]:
        return [folder + name for folder in self._folders for name in self._store.list_names(folder)]
