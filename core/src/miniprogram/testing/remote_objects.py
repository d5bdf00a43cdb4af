"""What the calls of every cloud's SDK must do for a delivery function, as tests to inherit."""

from __future__ import annotations

import pytest

from miniprogram.delivery.documents.remote_source import RemoteObjects
from miniprogram.delivery.evaluation.errors import BrokenDocument, SourceUnavailable
from miniprogram.testing.contract import Contract

PLENTY = 1_000_000


class RemoteObjectsContract(Contract):
    """Inherit, and override `make_objects`, `put` and `make_unreachable`."""

    def make_objects(self) -> RemoteObjects:
        """An empty store. Called again in the same test, it finds what was put before."""
        raise NotImplementedError

    def put(self, key: str, body: bytes) -> None:
        """Store an object, as publishing does."""
        raise NotImplementedError

    def make_unreachable(self) -> RemoteObjects:
        """One that fails, or refuses, whatever it is asked. Its errors may carry `SECRET`."""
        raise NotImplementedError

    SECRET = "123456789012"  # noqa: S105 - stands for one

    def test_an_object_is_fetched_whole_with_a_marker(self) -> None:
        self.put("folder/object.json", b"{}")

        found = self.make_objects().fetch("folder/object.json", known=None, max_bytes=PLENTY)

        assert found is not None
        assert (bool(found.etag), found.body) == (True, b"{}")

    def test_what_did_not_change_is_not_sent_again(self) -> None:
        self.put("a/b.json", b"1")
        objects = self.make_objects()
        first = objects.fetch("a/b.json", known=None, max_bytes=PLENTY)
        assert first is not None

        assert objects.fetch("a/b.json", known=first.etag, max_bytes=PLENTY) == (first.etag, None)

    def test_what_changed_is_sent_with_another_marker(self) -> None:
        self.put("a/b.json", b"1")
        objects = self.make_objects()
        first = objects.fetch("a/b.json", known=None, max_bytes=PLENTY)
        assert first is not None
        self.put("a/b.json", b"2")

        second = objects.fetch("a/b.json", known=first.etag, max_bytes=PLENTY)

        assert second is not None
        assert (second.etag != first.etag, second.body) == (True, b"2")

    @pytest.mark.parametrize("known", [None, '"0123456789abcdef0123456789abcdef"'], ids=["new", "gone"])
    def test_what_is_missing_is_none(self, known: str | None) -> None:
        self.put("a/b.json", b"1")

        assert self.make_objects().fetch("a/nothing.json", known=known, max_bytes=PLENTY) is None

    def test_an_object_may_be_just_as_large_as_there_is_room(self) -> None:
        self.put("a/b.json", b"12345")
        objects = self.make_objects()

        found = objects.fetch("a/b.json", known=None, max_bytes=5)

        assert found is not None
        assert found.body == b"12345"
        with pytest.raises(BrokenDocument, match=r"a/b\.json.*4 bytes"):
            objects.fetch("a/b.json", known=None, max_bytes=4)

    def test_names_are_those_directly_below_a_folder(self) -> None:
        for key in ("a/b.json", "a/c/d.json", "a/c/e.json", "ab/f.json"):
            self.put(key, b"{}")
        objects = self.make_objects()

        assert sorted(objects.names("a/")) == ["a/b.json", "a/c/"]
        assert list(objects.names("nothing/")) == []

    def test_a_store_that_fails_is_told_by_operation_and_code_without_secrets(self) -> None:
        objects = self.make_unreachable()

        with pytest.raises(SourceUnavailable, match=r"a/b\.json") as fetching:
            objects.fetch("a/b.json", known=None, max_bytes=PLENTY)
        with pytest.raises(SourceUnavailable, match="a/") as listing:
            list(objects.names("a/"))
        assert self.SECRET not in str(fetching.value) + str(listing.value)
