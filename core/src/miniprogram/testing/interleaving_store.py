"""A store that lets a rival act at a chosen moment, so that a race has the same outcome in every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from miniprogram.seams.object_store import ObjectInfo, ObjectStore, StoredObject
from miniprogram.stores.memory import MemoryObjectStore

Method = Literal["get", "put", "list", "list_names", "delete"]
Rival = Callable[[ObjectStore], object]


class InterleavingStore:
    """`store`, in which somebody else acts between two calls of the code under test.

    A rival is given `inner`, the store itself, and does all of its work there before the call it waits for goes on
    (`before`) or returns (`after`). Two publishers who both read a pointer before either writes it:

        store = InterleavingStore()
        store.before("put", pointer, lambda inner: publish_to_store(inner, theirs))
        publish_to_store(store, ours)
        assert store.all_met

    One write at a time, so that moments have the same number in every run.
    """

    parallel_writes = 1

    def __init__(self, store: ObjectStore | None = None) -> None:
        self.inner: ObjectStore = store if store is not None else MemoryObjectStore()
        self.calls: list[tuple[Method, str]] = []
        """Every call so far: the method, and the key or prefix it was about."""
        self._by_key: dict[tuple[str, Method, str], list[Rival]] = {}
        self._by_number: dict[int, list[Rival]] = {}

    def before(self, method: Method, key: str, *rivals: Rival) -> None:
        """The next call of `method` about `key` meets the first of `rivals`, the one after it the second, …"""
        self._by_key.setdefault(("before", method, key), []).extend(rivals)

    def after(self, method: Method, key: str, *rivals: Rival) -> None:
        """As `before`, once the call is done and before its caller knows."""
        self._by_key.setdefault(("after", method, key), []).extend(rivals)

    def before_call(self, number: int, rival: Rival) -> None:
        """`rival` acts before call `number`, whatever that is; the first is 0."""
        self._by_number.setdefault(number, []).append(rival)

    @property
    def all_met(self) -> bool:
        """Whether every rival has acted. A test whose moment never came proves nothing."""
        return not any(self._by_key.values()) and not self._by_number

    @property
    def location(self) -> str:
        return self.inner.location

    def get(self, key: str) -> StoredObject | None:
        self._enter("get", key)
        found = self.inner.get(key)
        self._meet("after", "get", key)
        return found

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
        self._enter("put", key)
        etag = self.inner.put(
            key,
            body,
            content_type=content_type,
            cache_control=cache_control,
            if_match=if_match,
            if_absent=if_absent,
        )
        self._meet("after", "put", key)
        return etag

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        self._enter("list", prefix)
        found = [*self.inner.list(prefix)]
        self._meet("after", "list", prefix)
        return iter(found)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        self._enter("list_names", folder)
        found = [*self.inner.list_names(folder, after=after)]
        self._meet("after", "list_names", folder)
        return iter(found)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        self._enter("delete", key)
        self.inner.delete(key, if_match=if_match)
        self._meet("after", "delete", key)

    def _enter(self, method: Method, key: str) -> None:
        number = len(self.calls)
        self.calls.append((method, key))
        for rival in self._by_number.pop(number, []):
            rival(self.inner)
        self._meet("before", method, key)

    def _meet(self, moment: str, method: Method, key: str) -> None:
        waiting = self._by_key.get((moment, method, key))
        if waiting:
            waiting.pop(0)(self.inner)


def interleavings(
    make_store: Callable[[], ObjectStore], act: Callable[[ObjectStore], object], rival: Rival
) -> Iterator[ObjectStore]:
    """The store after `act`, with `rival` run whole before its first call, its second, … and after its last.

    `make_store` makes the store as both find it. What must hold for two at once must hold for each of these:

        for store in interleavings(MemoryObjectStore, publish_ours, publish_theirs):
            assert both_are_there(store)
    """
    undisturbed = InterleavingStore(make_store())
    act(undisturbed)
    for number in range(len(undisturbed.calls)):
        store = InterleavingStore(make_store())
        store.before_call(number, rival)
        act(store)
        assert store.all_met, f"call {number} never came"
        yield store.inner
    last = make_store()
    act(last)
    rival(last)
    yield last
