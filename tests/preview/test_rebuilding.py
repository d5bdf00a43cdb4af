"""Rebuilds: one at a time, one more when something changed meanwhile, and never the end of the preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Event

import pytest

from miniprogram.errors import ProjectError
from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.rebuilding import UNEXPECTED, Rebuilder
from miniprogram.preview.session import PreviewSession

WAIT_S = 10


@contextmanager
def rebuilding(
    session: PreviewSession, build: Callable[[], PreviewBundle]
) -> Iterator[tuple[Rebuilder, Queue[object]]]:
    told: Queue[object] = Queue()
    rebuilder = Rebuilder(session, build, built=lambda snapshot: told.put(snapshot.build_version), failed=told.put)
    rebuilder.start()
    try:
        yield rebuilder, told
    finally:
        rebuilder.stop()


def test_changes_during_a_build_make_exactly_one_more(session: PreviewSession, bundle: PreviewBundle) -> None:
    begun, go_on = Queue[int](), Event()
    count = 0

    def build() -> PreviewBundle:
        nonlocal count
        count += 1
        begun.put(count)
        assert go_on.wait(WAIT_S)
        return bundle

    with rebuilding(session, build) as (rebuilder, told):
        rebuilder.request()
        assert begun.get(timeout=WAIT_S) == 1
        assert session.snapshot.state == "building"
        for _ in range(5):
            rebuilder.request()
        go_on.set()
        assert [told.get(timeout=WAIT_S), told.get(timeout=WAIT_S)] == [2, 3]

    assert count == 2


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (ProjectError("stac/x.json is wrong"), "stac/x.json is wrong"),
        (FileNotFoundError(2, "No such file", "stac/x.json"), "stac/x.json: No such file"),
        (RuntimeError("a mistake of ours"), UNEXPECTED),
    ],
    ids=["wrong", "vanished", "crashed"],
)
def test_after_a_failure_the_next_save_counts(
    session: PreviewSession, bundle: PreviewBundle, failure: Exception, message: str
) -> None:
    failures = [failure]

    def build() -> PreviewBundle:
        if failures:
            raise failures.pop()
        return bundle

    with rebuilding(session, build) as (rebuilder, told):
        rebuilder.request()
        assert told.get(timeout=WAIT_S) == message
        snapshot = session.snapshot
        assert (snapshot.state, snapshot.build_version, snapshot.bundle) == ("build_failed", 1, bundle)
        assert snapshot.last_build_error == message

        rebuilder.request()
        assert told.get(timeout=WAIT_S) == 2
        assert session.snapshot.last_build_error is None


def test_stopping_waits_for_nothing_that_was_not_begun(session: PreviewSession, bundle: PreviewBundle) -> None:
    with rebuilding(session, lambda: bundle) as (_, told):
        pass

    assert told.empty()
