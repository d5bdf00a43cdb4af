"""A store that lets a rival act at a chosen moment, so that a race has the same outcome in every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing.wrapped_store import Method, WrappedStore

Rival = Callable[[ObjectStore], object]


class InterleavingStore(WrappedStore):
    """`store`, in which somebody else acts between two calls of the code under test.

    A rival is given `inner`, the store itself, and does all of its work there before the call it waits for goes on
    (`before`) or returns (`after`). Two publishers who both read a pointer before either writes it:

        store = InterleavingStore()
        store.before("put", pointer, lambda inner: publish_to_store(inner, theirs))
        publish_to_store(store, ours)
        assert store.all_met
    """

    def __init__(self, store: ObjectStore | None = None) -> None:
        super().__init__(store)
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

    @contextmanager
    def around(self, method: Method, key: str) -> Iterator[None]:
        number = len(self.calls)
        self.calls.append((method, key))
        for rival in self._by_number.pop(number, []):
            rival(self.inner)
        self._meet("before", method, key)
        yield
        self._meet("after", method, key)

    def _meet(self, side: str, method: Method, key: str) -> None:
        waiting = self._by_key.get((side, method, key))
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
