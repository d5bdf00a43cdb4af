"""Documents changed by two at once, at every moment of each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import Field

from miniprogram.delivery.documents.kinds import CATALOG_POINTER
from miniprogram.documents.audit_event import Trail
from miniprogram.documents.audit_verification import verify
from miniprogram.documents.audited import AuditedDocuments, Change
from miniprogram.documents.conditional_write import conditional_delete, conditional_write
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_document, read_document, remove_document
from miniprogram.errors import StoreError
from miniprogram.models import FrozenModel
from miniprogram.refusals import Refused, RevisionConflict
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.backoff import Backoff
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import InterleavingStore, interleavings

KEY = "k.json"
NOW = "2030-01-02T03:04:05.000Z"


def stored(**members: Any) -> Callable[[], ObjectStore]:
    def make() -> ObjectStore:
        store = MemoryObjectStore()
        if members:
            change_document(store, CATALOG_POINTER, KEY, lambda _: members)
        return store

    return make


def adding(name: str) -> Callable[[ObjectStore], object]:
    return lambda store: change_document(store, CATALOG_POINTER, KEY, lambda found: {**(found or {}), name: True})


@pytest.mark.parametrize("before", [{}, {"old": True}], ids=["new document", "changed document"])
def test_both_changes_of_a_json_document_are_there(before: dict[str, Any]) -> None:
    for store in interleavings(stored(**before), adding("ours"), adding("theirs")):
        assert read_document(store, KEY) == {**before, "ours": True, "theirs": True}


def test_exactly_what_was_archived_is_removed() -> None:
    archived: list[dict[str, Any]] = []

    def remove(store: ObjectStore) -> None:
        archived.clear()
        assert remove_document(store, KEY, archived.append)

    for store in interleavings(stored(old=True), remove, adding("theirs")):
        left = read_document(store, KEY) or {}
        assert archived[-1]["old"]
        assert {**archived[-1], **left} == {"old": True, "theirs": True}


def test_what_two_remove_is_removed_once() -> None:
    removed: list[bool] = []

    def remove(store: ObjectStore) -> None:
        removed.append(remove_document(store, KEY, lambda _: None))

    for store in interleavings(stored(old=True), remove, remove):
        assert sorted(removed[-2:]) == [False, True]
        assert store.get(KEY) is None


class Names(FrozenModel):
    """A document that keeps every name it was ever given."""

    revision: int = 0
    updated_at_utc: str = ""
    trail: Trail = Field(default_factory=Trail)
    names: tuple[str, ...] = ()


def names_in(store: ObjectStore) -> AuditedDocuments[Names]:
    storage = EnvironmentStorage(store)
    return AuditedDocuments(
        storage=storage, kind=CATALOG_POINTER, key=KEY, chain="names", model=Names, blank=Names
    )


def naming(name: str, *, expected_revision: int | None = None) -> Callable[[ObjectStore], object]:
    def act(store: ObjectStore) -> Names:
        def change(found: Names) -> Change[Names]:
            event = {"actor": name, "via": "cli", "command": "name"}
            return Change(found.model_copy(update={"names": (*found.names, name)}), [event])

        return names_in(store).change(change, now=NOW, expected_revision=expected_revision)

    return act


def with_names(*names: str) -> Callable[[], ObjectStore]:
    def make() -> ObjectStore:
        store = MemoryObjectStore()
        for name in names:
            naming(name)(store)
        return store

    return make


def events_in(store: ObjectStore) -> Iterator[str]:
    document = names_in(store).read()
    assert document is not None
    assert verify(names_in(store).storage, "names", document.trail).findings == []
    for seq in range(1, document.trail.length + 1):
        found = read_document(store, names_in(store).storage.keys.audit_event_key("names", seq))
        assert found is not None
        yield found["actor"]


@pytest.mark.parametrize("before", [(), ("ann",)], ids=["new document", "changed document"])
def test_both_changes_of_an_audited_document_are_there_and_in_its_trail(before: tuple[str, ...]) -> None:
    for store in interleavings(with_names(*before), naming("ours"), naming("theirs")):
        document = names_in(store).read()
        assert document is not None
        assert sorted(document.names) == sorted([*before, "ours", "theirs"])
        assert document.revision == document.trail.length == len(document.names)
        assert list(events_in(store)) == list(document.names)


def test_whoever_looked_at_an_older_revision_changes_nothing() -> None:
    outcomes: list[str] = []

    def careful(store: ObjectStore) -> None:
        try:
            naming("ours", expected_revision=1)(store)
        except RevisionConflict:
            outcomes.append("refused")
        else:
            outcomes.append("done")

    for store in interleavings(with_names("ann"), careful, naming("theirs")):
        document = names_in(store).read()
        assert document is not None
        assert document.names == (("ann", "theirs") if outcomes[-1] == "refused" else ("ann", "ours", "theirs"))
    assert set(outcomes) == {"refused", "done"}


def test_a_change_that_always_loses_is_made_to_what_is_there_at_last() -> None:
    store = InterleavingStore(with_names("ann")())
    store.before("put", KEY, *(naming(f"rival {number}") for number in range(5)))

    naming("ours")(store)

    assert store.all_met
    document = names_in(store).read()
    assert document is not None
    assert document.names == ("ann", *(f"rival {number}" for number in range(5)), "ours")


def test_events_of_a_writer_who_died_are_put_by_the_next() -> None:
    """The document is the promise: its latest events are in the trail even if their keys were never written."""
    start = with_names("ann")()
    start.delete(names_in(start).storage.keys.audit_event_key("names", 1))

    naming("bob")(start)

    assert list(events_in(start)) == ["ann", "bob"]


def always_losing(key: str = KEY) -> InterleavingStore:
    """A store in which somebody writes before each of our writes and deletions."""
    store = InterleavingStore(stored(old=True)())
    rivals = [adding(f"rival {number}") for number in range(50)]
    store.before("put", key, *rivals)
    store.before("delete", key, *rivals)
    return store


@pytest.mark.parametrize(
    "act",
    [
        lambda store, backoff: conditional_write(
            store,
            KEY,
            lambda _: b"{}",
            check=lambda _: None,
            content_type=None,
            cache_control=None,
            backoff=backoff,
        ),
        lambda store, backoff: conditional_delete(store, KEY, lambda _: None, backoff=backoff),
    ],
    ids=["write", "delete"],
)
def test_whoever_loses_all_the_time_pauses_and_gives_up(act: Callable[[ObjectStore, Backoff], object]) -> None:
    paused: list[float] = []
    store = always_losing()

    with pytest.raises(StoreError, match="changed by others all the time"):
        act(store, Backoff(KEY, attempts=4, sleep=paused.append))

    assert len(paused) == 3
    assert len([each for each in store.calls if each[0] in ("put", "delete")]) == 4


@pytest.mark.parametrize(
    ("stored_body", "body", "written"),
    [(None, b"{}", True), (b"{}", b"[]", True), (b"{}", None, False), (None, None, False)],
    ids=["new", "changed", "left", "nothing"],
)
def test_a_write_says_whether_it_wrote(stored_body: bytes | None, body: bytes | None, *, written: bool) -> None:
    store = MemoryObjectStore()
    if stored_body is not None:
        store.put(KEY, stored_body)
    options: dict[str, Any] = {"check": lambda _: None, "content_type": None, "cache_control": None}

    assert conditional_write(store, KEY, lambda _: body, **options) is written

    found = store.get(KEY)
    assert (found and found.body) == (body if written else stored_body)


def test_a_document_that_is_nested_without_end_is_refused_and_not_written() -> None:
    store = stored(old=True)()
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}

    with pytest.raises(Refused, match="nobody could read it again"):
        change_document(store, CATALOG_POINTER, KEY, lambda _: {"deep": deep})

    assert read_document(store, KEY) == {"old": True}
    while deep:  # taken apart, or the interpreter would do it recursively
        deep = deep.pop("a")


def test_what_was_written_is_returned() -> None:
    store = MemoryObjectStore()

    assert change_document(store, CATALOG_POINTER, KEY, lambda _: {"a": 1}) == {"a": 1}
    written = naming("ann")(store := MemoryObjectStore())

    assert written == names_in(store).read()


def test_documents_are_stored_with_the_names_of_their_format() -> None:
    store = with_names("ann")()

    document = read_document(store, KEY)

    assert document is not None
    assert document["updatedAtUtc"] == NOW
    assert "updated_at_utc" not in document


def test_the_outbox_of_what_is_there_is_flushed_before_and_its_own_after_the_write() -> None:
    """A writer who died between the two left an outbox behind; nothing is forgotten by clearing it."""
    flushed: list[tuple[int, bool]] = []
    store = with_names("ann")()
    documents = replace(
        names_in(store),
        flush_outbox=lambda found: flushed.append((found.revision, names_in(store).read() == found)),
    )

    documents.change(lambda found: Change(found, []), now=NOW)

    assert flushed == [(1, True), (2, True)]


class Forgetful(Names):
    """A document with a member that is not stored, and compiled again by whoever compiles."""

    length: int = Field(default=0, exclude=True)


def test_a_document_that_reads_otherwise_than_meant_is_refused_even_if_compiling_mends_it() -> None:
    store = MemoryObjectStore()
    documents = AuditedDocuments(
        storage=EnvironmentStorage(store),
        kind=CATALOG_POINTER,
        key=KEY,
        chain="names",
        model=Forgetful,
        blank=Forgetful,
        compile=lambda found: found.model_copy(update={"length": 7}),
    )

    with pytest.raises(Refused, match="something else than what was meant"):
        documents.change(lambda found: Change(found, []), now=NOW)

    assert store.get(KEY) is None
