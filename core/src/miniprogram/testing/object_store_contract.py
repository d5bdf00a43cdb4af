"""What every object store must do, as tests to inherit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.seams.object_store import UNCHANGED, ObjectStore, ReusingStore, read_again
from miniprogram.testing.contract import Contract, needs

CONDITIONS = "conditional writes"


class ObjectStoreContract(Contract):
    """Inherit, and override `make_store`. `open_again` gives a second client of the same objects.

    A store that counts may bind the counted request in `open_again`; the tests use both as two people would.
    `cannot` may name `conditional writes`: such a store must refuse conditions, and nothing that several people
    change at once can be kept in it.
    """

    can_be_missing = (CONDITIONS,)

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        del missing
        store = self.make_store()
        etag = store.put("there", b"1")
        return [
            lambda: store.put("new", b"1", if_absent=True),
            lambda: store.put("there", b"2", if_match=etag),
            lambda: store.delete("there", if_match=etag),
        ]

    def make_store(self) -> ObjectStore:
        """A store without objects."""
        raise NotImplementedError

    def open_again(self, store: ObjectStore) -> ObjectStore:
        """Another client of what `store` keeps. Itself, when one client is all there is."""
        return store

    def test_what_was_put_is_got(self) -> None:
        store = self.make_store()

        etag = store.put("a/b.json", b"{}", content_type="application/json", cache_control="no-cache")

        found = self.open_again(store).get("a/b.json")
        assert found is not None
        assert (found.key, found.body, found.etag) == ("a/b.json", b"{}", etag)

    def test_what_is_not_there_is_none(self) -> None:
        store = self.make_store()
        store.put("a/b", b"x")

        assert [store.get(key) for key in ("a", "a/b/c", "a/bc", "z")] == [None] * 4

    def test_a_second_put_replaces_and_changes_the_etag(self) -> None:
        store = self.make_store()
        first = store.put("k", b"one")

        second = store.put("k", b"two")

        found = store.get("k")
        assert found is not None
        assert (found.body, found.etag) == (b"two", second)
        assert first != second

    @pytest.mark.parametrize(
        "body", [b"", bytes(range(256)), b"x" * (6 * 1024 * 1024 + 1)], ids=["empty", "any", "large"]
    )
    def test_bytes_come_back_as_they_are(self, body: bytes) -> None:
        store = self.make_store()

        store.put("k", body)

        found = store.get("k")
        assert found is not None
        assert found.body == body

    @pytest.mark.parametrize("key", ["naïve/ключ/鍵 1.json", ".hidden", "a.b-c_d/e+f", "x" * 200])
    def test_keys_may_be_any_text(self, key: str) -> None:
        store = self.make_store()

        store.put(key, b"1")

        assert store.get(key) is not None
        assert [info.key for info in store.list("")] == [key]

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            "a\\b",
            "a\0b",
            "a\nb",
            "x" * 2000,
            "\udc80",
        ],
    )
    def test_keys_that_could_lead_astray_are_refused(self, key: str) -> None:
        store = self.make_store()

        for call in _calls_with(store, key):
            with pytest.raises(StoreError):
                call()

    def test_listing_is_ascending_and_limited_to_the_prefix(self) -> None:
        store = self.make_store()
        keys = ["a-b", "a/b", "a/b-c", "a/b/c", "a/c", "a0", "b"]
        for key in [key for key in reversed(keys) if key not in ("a/b",)]:
            store.put(key, key.encode())

        def found(prefix: str) -> list[str]:
            return [info.key for info in store.list(prefix)]

        assert found("") == ["a-b", "a/b-c", "a/b/c", "a/c", "a0", "b"]
        assert found("a/") == ["a/b-c", "a/b/c", "a/c"]
        assert found("a/b") == ["a/b-c", "a/b/c"]
        assert found("a/b/") == ["a/b/c"]
        assert found("nothing/") == []

    def test_a_listing_tells_the_size(self) -> None:
        store = self.make_store()
        store.put("a", b"12345")

        (info,) = store.list("a")

        assert info.size == 5

    def test_a_listing_has_no_end_but_the_last_object(self) -> None:
        store = self.make_store()
        keys = [f"many/{number:04}" for number in range(1100)]
        for key in keys:
            store.put(key, b"")

        assert [info.key for info in store.list("many/")] == keys
        names = [key.removeprefix("many/") for key in keys]
        assert list(store.list_names("many/")) == names
        assert list(store.list_names("many/", after="1050")) == names[1051:]
        assert list(store.list_names("")) == ["many/"]

    def test_names_are_those_of_one_level(self) -> None:
        store = self.make_store()
        for key in ["a-b", "a/b-c", "a/b/c", "a/b/d/e", "a/c", "a0", "b"]:
            store.put(key, key.encode())

        def names(folder: str, after: str = "") -> list[str]:
            return list(store.list_names(folder, after=after))

        assert names("") == ["a-b", "a/", "a0", "b"]
        assert names("a/") == ["b-c", "b/", "c"]
        assert names("a/b/") == ["c", "d/"]
        assert names("nothing/") == []
        assert names("b/") == []
        assert names("", after="a-b") == ["a/", "a0", "b"]
        assert names("a/", after="b/") == ["c"]
        assert names("a/", after="b-c") == ["b/", "c"]
        assert names("", after="b") == []

    @needs(CONDITIONS)
    def test_a_folder_without_objects_has_no_name(self) -> None:
        store = self.make_store()
        store.put("a/b/c", b"1")
        etag = store.put("a/d", b"1")
        with pytest.raises(PreconditionFailed):
            store.put("a/e/f", b"2", if_match=etag)

        store.delete("a/b/c")

        assert list(store.list_names("a/")) == ["d"]

    @pytest.mark.parametrize("folder", ["a", "/", "a//", "../", "a/../", "a\\b/", "./"])
    def test_only_folders_have_names_in_them(self, folder: str) -> None:
        store = self.make_store()

        with pytest.raises(StoreError):
            list(store.list_names(folder))

    def test_a_deleted_object_is_gone_and_deleting_twice_is_fine(self) -> None:
        store = self.make_store()
        store.put("a/b/c", b"1")

        store.delete("a/b/c")
        store.delete("a/b/c")

        assert store.get("a/b/c") is None
        assert list(store.list("")) == []

    @needs(CONDITIONS)
    def test_only_the_object_with_the_etag_is_replaced(self) -> None:
        store = self.make_store()
        etag = store.put("k", b"one")
        newer = store.put("k", b"two", if_match=etag)

        with pytest.raises(PreconditionFailed):
            store.put("k", b"three", if_match=etag)

        found = store.get("k")
        assert found is not None
        assert (found.body, found.etag) == (b"two", newer)

    @needs(CONDITIONS)
    def test_if_match_fails_where_there_is_nothing(self) -> None:
        store = self.make_store()
        etag = store.put("k", b"one")
        store.delete("k")

        with pytest.raises(PreconditionFailed):
            store.put("k", b"two", if_match=etag)
        assert store.get("k") is None

    @needs(CONDITIONS)
    def test_if_absent_never_replaces(self) -> None:
        store = self.make_store()
        store.put("k", b"one", if_absent=True)

        with pytest.raises(PreconditionFailed):
            store.put("k", b"two", if_absent=True)
        found = store.get("k")
        assert found is not None
        assert found.body == b"one"

    @needs(CONDITIONS)
    def test_only_the_object_with_the_etag_is_deleted(self) -> None:
        store = self.make_store()
        old = store.put("k", b"one")
        new = store.put("k", b"two")

        with pytest.raises(PreconditionFailed):
            store.delete("k", if_match=old)
        store.delete("k", if_match=new)
        with pytest.raises(PreconditionFailed):
            store.delete("k", if_match=new)
        assert store.get("k") is None

    @needs(CONDITIONS)
    def test_of_many_who_create_one_wins(self) -> None:
        store = self.make_store()

        def create(client: ObjectStore, number: int) -> bool:
            return _held(lambda: client.put("k", f"{number}".encode(), if_absent=True))

        won = _race([self.open_again(store) for _ in range(12)], create)

        found = store.get("k")
        assert found is not None
        assert [number for number, first in enumerate(won) if first] == [int(found.body)]

    @needs(CONDITIONS)
    def test_counting_together_loses_nothing(self) -> None:
        store = self.make_store()
        store.put("n", b"0")

        def count(client: ObjectStore, _: int) -> bool:
            for _ in range(5):
                while not _increment(client):
                    pass
            return True

        _race([self.open_again(store) for _ in range(6)], count)

        found = store.get("n")
        assert found is not None
        assert json.loads(found.body) == 30

    def test_readers_never_see_a_part(self) -> None:
        store = self.make_store()
        bodies = {bytes([letter]) * 200_000 for letter in b"abcd"}
        store.put("k", b"a" * 200_000)

        def write_or_read(client: ObjectStore, number: int) -> bool:
            for body in bodies:
                if number % 2:
                    client.put("k", body)
                else:
                    found = client.get("k")
                    assert found is not None
                    assert found.body in bodies
            return True

        assert all(_race([self.open_again(store) for _ in range(6)], write_or_read))

    def test_what_is_as_it_was_need_not_be_read_again(self) -> None:
        store = self.make_store()
        etag = store.put("a", b"1")

        assert read_again(store, "a", etag) == UNCHANGED
        store.put("a", b"2")
        found = read_again(store, "a", etag)
        assert found is not None
        assert found != UNCHANGED
        assert found == store.get("a")
        store.delete("a")
        assert read_again(store, "a", etag) is None

    def test_bytes_that_are_there_can_be_reused(self) -> None:
        store = self.make_store()
        if not isinstance(store, ReusingStore):
            return  # optional
        store.put("a/1", b"same")

        assert store.reuse("b/1", b"same", source="a/1")
        assert not store.reuse("b/2", b"other", source="a/1")
        assert not store.reuse("b/3", b"same", source="a/none")
        assert not store.reuse("b/1", b"same", source="a/1")

        store.put("a/1", b"changed")
        found = store.get("b/1")
        assert found is not None
        assert found.body == b"same"
        assert [info.key for info in store.list("b/")] == ["b/1"]


def _calls_with(store: ObjectStore, key: str) -> list[Callable[[], object]]:
    return [lambda: store.get(key), lambda: store.put(key, b""), lambda: store.delete(key)]


def _race(clients: list[ObjectStore], act: Callable[[ObjectStore, int], bool]) -> list[bool]:
    """What `act` returned for each client, all started at once."""
    start = Barrier(len(clients))

    def run(number: int) -> bool:
        start.wait()
        return act(clients[number], number)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, range(len(clients))))


def _increment(client: ObjectStore) -> bool:
    found = client.get("n")
    assert found is not None
    number = int(found.body) + 1
    return _held(lambda: client.put("n", f"{number}".encode(), if_match=found.etag))


def _held(call: Callable[[], object]) -> bool:
    """Whether the condition of `call` held."""
    try:
        call()
    except PreconditionFailed:
        return False
    return True
