"""The store with a rival: it acts once, at its moment, and the store behaves as the one it wraps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from miniprogram.errors import PreconditionFailed
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import InterleavingStore, ObjectStoreContract, interleavings
from miniprogram.testing.interleaving_store import Method


class TestContract(ObjectStoreContract):
    def make_store(self) -> ObjectStore:
        return InterleavingStore()


def write(key: str, body: bytes) -> Callable[[ObjectStore], object]:
    return lambda inner: inner.put(key, body)


ACTS: dict[Method, Callable[[ObjectStore, str], object]] = {
    "get": lambda store, key: store.get(key),
    "put": lambda store, key: store.put(key, b"ours"),
    "list": lambda store, key: [*store.list(key)],
    "list_names": lambda store, key: [*store.list_names(key)],
    "delete": lambda store, key: store.delete(key),
}


@pytest.mark.parametrize("method", ACTS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_each_rival_acts_once_at_its_own_call(method: Method, moment: str) -> None:
    store, met = InterleavingStore(), []
    key = "a/" if method == "list_names" else "a/k"
    rivals = [lambda inner, name=name: met.append((name, inner.get("a/k") is not None)) for name in (1, 2)]
    getattr(store, moment)(method, key, *rivals)

    for _ in range(3):
        ACTS[method](store, "b/" if method == "list_names" else "b/k")
        assert store.all_met == (len(met) == 2)
        ACTS[method](store, key)

    assert [name for name, _ in met] == [1, 2]
    if method == "put":
        assert met[0] == (1, moment == "after")
    assert store.all_met


def test_what_was_read_is_outdated_by_a_rival_after_the_read() -> None:
    store = InterleavingStore()
    store.put("k", b"first")
    store.after("get", "k", write("k", b"theirs"))

    found = store.get("k")

    assert found is not None
    assert found.body == b"first"
    with pytest.raises(PreconditionFailed):
        store.put("k", b"ours", if_match=found.etag)
    assert store.inner.get("k").body == b"theirs"  # type: ignore[union-attr]


def test_interleavings_are_every_moment_of_the_act_and_the_one_after_it() -> None:
    def act(store: ObjectStore) -> None:
        store.get("k")
        store.put("k", b"ours")

    bodies = [store.get("k").body for store in interleavings(MemoryObjectStore, act, write("k", b"theirs"))]  # type: ignore[union-attr]

    assert bodies == [b"ours", b"ours", b"theirs"]


def test_an_act_without_conditions_is_found_out() -> None:
    def careless(name: bytes) -> Callable[[ObjectStore], object]:
        def act(store: ObjectStore) -> None:
            found = store.get("k")
            store.put("k", (found.body if found else b"") + name)

        return act

    kept = [
        found and sorted(found.body)
        for store in interleavings(MemoryObjectStore, careless(b"o"), careless(b"t"))
        for found in [store.get("k")]
    ]

    assert kept == [sorted(b"ot"), sorted(b"o"), sorted(b"ot")]
