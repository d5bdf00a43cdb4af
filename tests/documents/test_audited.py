"""Audited documents: what is written is what every reader will read, or nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import Field, field_validator

from miniprogram.delivery.documents.kinds import RELEASE_DOCUMENT
from miniprogram.documents.audit_event import Trail
from miniprogram.documents.audited import AuditedDocuments, Change
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.stored_models import UPGRADE
from miniprogram.errors import DocumentError
from miniprogram.models import FrozenModel
from miniprogram.refusals import Refused
from miniprogram.stores.memory import MemoryObjectStore

NOW = "2030-01-02T03:04:05.000Z"


class Note(FrozenModel):
    """A document with a compiled member."""

    schema_version: int = 1
    revision: int = 0
    updated_at_utc: str = ""
    trail: Trail = Field(default_factory=Trail)
    text: Any = ""
    length: int = 0

    @field_validator("text")
    @classmethod
    def _polite(cls, text: Any) -> Any:
        if text == "rude":
            raise ValueError("is rude")
        return text


@pytest.fixture
def store() -> MemoryObjectStore:
    return MemoryObjectStore()


def notes(store: MemoryObjectStore, **options: Any) -> AuditedDocuments[Note]:
    return AuditedDocuments(
        storage=EnvironmentStorage(store),
        kind=RELEASE_DOCUMENT,
        key="metadata/note.json",
        chain="note",
        model=Note,
        blank=Note,
        **options,
    )


def say(documents: AuditedDocuments[Note], text: Any) -> Note:
    event = {"actor": "a", "via": "cli", "command": "say"}
    return documents.change(lambda note: Change(note.model_copy(update={"text": text}), [event]), now=NOW)


def test_a_change_is_compiled_counted_and_told_in_the_trail(store: MemoryObjectStore) -> None:
    documents = notes(store, compile=lambda note: note.model_copy(update={"length": len(note.text)}))

    written = say(documents, "hello")

    assert (written.revision, written.length, written.trail.length) == (1, 5, 1)
    assert documents.read() == written


@pytest.mark.parametrize(
    "text",
    ["rude", float("nan"), "\ud800", object, (1, 2)],
    ids=["refused by the model", "not JSON", "not Unicode", "no value", "read as something else"],
)
def test_what_would_not_be_read_as_it_was_meant_is_not_written(store: MemoryObjectStore, text: Any) -> None:
    documents = notes(store)
    before = say(documents, "hello")
    stored = dict(store._objects)

    with pytest.raises(Refused, match="nobody could read it again"):
        say(documents, text)

    assert documents.read() == before
    assert store._objects == stored


def test_what_compiles_to_something_else_the_second_time_is_not_written(store: MemoryObjectStore) -> None:
    runs: list[int] = []

    def compile_differently(note: Note) -> Note:
        runs.append(1)
        return note.model_copy(update={"length": len(runs)})

    with pytest.raises(Refused, match="say something else"):
        say(notes(store, compile=compile_differently), "hello")

    assert list(store.list("")) == []


def test_what_the_compiler_refuses_when_reading_is_not_written(store: MemoryObjectStore) -> None:
    def refuse_stored(note: Note) -> Note:
        if note.text == ["a"]:  # what the JSON of a tuple is read as
            raise Refused("policy", "no lists")
        return note

    with pytest.raises(Refused):
        say(notes(store, compile=refuse_stored), ("a",))

    assert list(store.list("")) == []


def test_a_change_happens_in_what_is_around_it(store: MemoryObjectStore) -> None:
    """What lists documents is told before there is one, and again when it has been written."""
    seen: list[int | None] = []

    def revision() -> int | None:
        found = notes(store).read()
        return found and found.revision

    @contextmanager
    def around() -> Iterator[None]:
        seen.append(revision())
        yield
        seen.append(revision())

    say(notes(store, around=around), "hello")

    assert seen == [None, 1]


@pytest.mark.parametrize(
    ("body", "hint"),
    [(b"{", "Repair it."), (b'{"revision": "x"}', "Repair it."), (b'{"schemaVersion": 2}', UPGRADE)],
    ids=["not JSON", "not a note", "of a newer version"],
)
def test_what_cannot_be_read_says_what_helps(store: MemoryObjectStore, body: bytes, hint: str) -> None:
    store.put("metadata/note.json", body)

    with pytest.raises(DocumentError, match=r"metadata/note\.json") as caught:
        notes(store, repair_hint="Repair it.").read()

    assert caught.value.hint == hint
