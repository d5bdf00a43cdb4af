"""The pointer of a program under two hands: publish, rollback, disable, enable, at every moment of each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from miniprogram.catalogue.disable import disable, enable
from miniprogram.catalogue.rollback import rollback
from miniprogram.delivery.documents.kinds import CATALOG_POINTER
from miniprogram.documents.json_documents import change_document, read_document
from miniprogram.environments.session import CloudSession, storage_of
from miniprogram.errors import MiniProgramError
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import interleavings

MakeSession = Callable[..., CloudSession]
Publish = Callable[..., None]


@pytest.fixture
def with_versions(make_session: MakeSession, publish: Publish) -> Callable[[], ObjectStore]:
    """A store where 1.0.0 and 1.1.0 of `shop` are published, and somebody's note is in the pointer."""

    def make() -> ObjectStore:
        store = MemoryObjectStore()
        session = make_session(store)
        publish(session, "shop", "1.0.0", "1.1.0")
        annotate(session)
        return store

    return make


def pointer(session: CloudSession) -> dict[str, Any] | None:
    return read_document(session.store, session.keys.catalog_pointer_key("shop"))


def annotate(session: CloudSession, name: str = "note") -> None:
    change_document(
        session.store,
        CATALOG_POINTER,
        session.keys.catalog_pointer_key("shop"),
        lambda found: {**(found or {}), name: "mine"},
    )


def test_a_rollback_and_a_note_are_both_there(
    make_session: MakeSession, with_versions: Callable[[], ObjectStore], noon: datetime
) -> None:
    for store in interleavings(
        with_versions,
        lambda store: rollback(storage_of(make_session(store)), "shop", "1.0.0", now=noon),
        lambda store: annotate(make_session(store), "second"),
    ):
        found = pointer(make_session(store))
        assert found is not None
        assert (found["latestVersion"], found["note"], found["second"]) == ("1.0.0", "mine", "mine")


def test_a_rollback_and_a_publish_leave_one_pointer_that_keeps_the_note(
    make_session: MakeSession, publish: Publish, with_versions: Callable[[], ObjectStore], noon: datetime
) -> None:
    def back(store: ObjectStore) -> None:
        rollback(storage_of(make_session(store)), "shop", "1.0.0", now=noon)

    def on(store: ObjectStore) -> None:
        publish(make_session(store), "shop", "1.2.0")

    for act, rival in ((back, on), (on, back)):
        for store in interleavings(with_versions, act, rival):
            found = pointer(make_session(store))
            assert found is not None
            assert found["note"] == "mine"
            version = found["latestVersion"]
            assert version in {"1.0.0", "1.2.0"}
            assert found["releaseKey"] == make_session(store).keys.release_record_key("shop", version)


def test_what_is_published_while_somebody_disables_is_archived_or_served_and_never_lost(
    make_session: MakeSession, publish: Publish, with_versions: Callable[[], ObjectStore], noon: datetime
) -> None:
    def off(store: ObjectStore) -> None:
        disable(make_session(store), "shop", now=noon)

    def on(store: ObjectStore) -> None:
        publish(make_session(store), "shop", "1.2.0")

    for act, rival in ((off, on), (on, off)):
        for store in interleavings(with_versions, act, rival):
            session = make_session(store)
            served, archived = pointer(session), read_document(store, session.keys.disabled_pointer_key("shop"))
            assert archived is not None
            assert "1.2.0" in {(served or {}).get("latestVersion"), archived["latestVersion"]}
            assert archived["note"] == "mine"


def test_two_disable_at_once_and_one_of_them_is_told(
    make_session: MakeSession, with_versions: Callable[[], ObjectStore], noon: datetime
) -> None:
    told: list[str] = []

    def off(store: ObjectStore) -> None:
        try:
            disable(make_session(store), "shop", now=noon)
        except MiniProgramError as error:
            told.append(str(error))

    for store in interleavings(with_versions, off, off):
        session = make_session(store)
        assert len(told) <= 1
        told.clear()
        assert pointer(session) is None
        assert enable(session, "shop", now=noon) == "1.1.0"


def test_enabling_does_not_take_back_what_was_published_meanwhile(
    make_session: MakeSession, publish: Publish, with_versions: Callable[[], ObjectStore], noon: datetime
) -> None:
    def disabled() -> ObjectStore:
        store = with_versions()
        disable(make_session(store), "shop", now=noon)
        return store

    for store in interleavings(
        disabled,
        lambda store: enable(make_session(store), "shop", now=noon),
        lambda store: publish(make_session(store), "shop", "1.2.0"),
    ):
        found = pointer(make_session(store))
        assert found is not None
        assert found["latestVersion"] == "1.2.0"
