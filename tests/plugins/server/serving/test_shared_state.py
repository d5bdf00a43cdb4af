"""What the processes of a server remember together: each finds what another one noted."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram.errors import StoreError
from miniprogram.testing import NOON
from miniprogram_server.admin.framework.idempotency import ABANDONED_S, Answer, IdempotencyCache
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.rate_limit import MAX_CALLERS, Rate, RateLimit
from miniprogram_server.console.session.came_from import CameFrom
from miniprogram_server.console.session.sessions import MAX_SESSIONS, Session, Sessions
from miniprogram_server.serving import shared_state
from miniprogram_server.serving.shared_state import SharedState, shared_file

ANSWER = Answer(201, (("content-type", "application/json"), ("etag", '"r7"')), b"{}")


class Time:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def begun(sessions: Sessions, token_id: str = "t") -> Session:
    return sessions.begin("ann", token_id=token_id, way="token", came=CameFrom("", ""), now=NOON)


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def both() -> Iterator[tuple[SharedState, SharedState]]:
    """The connections of two processes to one file."""
    with shared_file() as path:
        states = SharedState(path), SharedState(path)
        yield states
        for state in states:
            state.close()


def test_who_signed_in_at_one_is_known_to_the_other_until_they_leave(both) -> None:
    one, other = map(Sessions, both)
    session = begun(one, "token-1")

    seen = other.find(session.id, NOON)

    assert seen is not None
    assert (seen.signed_in.token_id, seen.csrf) == ("token-1", session.csrf)
    other.end(seen)
    assert one.find(session.id, NOON) is None


def test_a_note_is_shown_once_by_whichever_comes_first(both) -> None:
    one, other = map(Sessions, both)
    session, stranger = begun(one), begun(one)
    session.tell("good", "first")
    session.tell("bad", "second")
    seen = other.find(session.id, NOON)
    assert seen is not None

    assert stranger.take_notes() == []
    assert seen.take_notes() == [("good", "first"), ("bad", "second")]
    assert session.take_notes() == []


def test_only_so_many_are_signed_in_and_the_oldest_goes_first(both) -> None:
    sessions = Sessions(both[0])
    first, second, *_ = [begun(sessions) for _ in range(MAX_SESSIONS + 1)]
    assert (sessions.find(first.id, NOON), sessions.find(second.id, NOON) is not None) == (None, True)


def test_nothing_in_the_file_lets_anybody_in(both, tmp_path: Path) -> None:
    session = begun(Sessions(both[0]), "token-1")
    session.tell("good", "done")
    [(_, _, path)] = both[0]._connection.execute("PRAGMA database_list")

    folder = Path(path).parent

    stored = b"".join(each.read_bytes() for each in folder.iterdir())
    assert b"token-1" in stored
    assert session.id.encode() not in stored
    assert session.csrf.encode() not in stored
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_file_goes_with_the_server() -> None:
    with shared_file() as path:
        SharedState(path).prepare("CREATE TABLE t (a)")
        assert path.exists()
    assert not path.parent.exists()


def test_a_caller_is_counted_once_for_all(both, clock: Time) -> None:
    one, other = (RateLimit(Rate(per_second=1, burst=4), state, "api", clock) for state in both)

    assert [limit("ann") for limit in (one, other, one, other, one, other)] == [0, 0, 0, 0, 1, 1]
    assert (one("bob"), RateLimit(Rate(burst=1), both[0], "login", clock)("ann")) == (0, 0)
    clock.now += 1
    assert (other("ann"), one("ann")) == (0, 1)


def test_who_may_ask_again_is_forgotten_and_so_is_who_is_one_too_many(both, clock: Time) -> None:
    limit = RateLimit(Rate(per_second=1, burst=10), both[0], "api", clock)

    def remembered() -> int:
        with both[1].transaction() as connection:
            return int(connection.execute("SELECT count(*) FROM buckets").fetchone()[0])

    for number in range(MAX_CALLERS + 600):
        limit(f"c{number}")
    assert MAX_CALLERS - 600 < remembered() <= MAX_CALLERS + 256
    clock.now += 11
    for _ in range(257):
        limit("ann")
    assert remembered() == 1


def test_what_one_answered_is_not_done_again_by_the_other(both, clock: Time) -> None:
    one, other = (IdempotencyCache(state, clock) for state in both)

    assert one.begin("ann", "k", "asked") is None
    with pytest.raises(Failure, match="is being answered"):
        other.begin("ann", "k", "asked")
    one.keep("ann", "k", ANSWER)

    assert other.begin("ann", "k", "asked") == ANSWER
    assert other.begin("bob", "k", "asked") is None
    with pytest.raises(Failure, match="used for another"):
        other.begin("ann", "k", "something else")


def test_a_key_of_a_process_that_ended_can_be_used_again(both, clock: Time) -> None:
    one, other = (IdempotencyCache(state, clock) for state in both)
    one.begin("ann", "k", "asked")
    clock.now += ABANDONED_S + 1

    assert other.begin("ann", "k", "asked") is None


def test_an_error_leaves_nothing_half_done(both) -> None:
    both[0].prepare("CREATE TABLE t (a)")

    def half_do_it() -> None:
        with both[0].transaction() as connection:
            connection.execute("INSERT INTO t VALUES (1)")
            raise KeyError

    with pytest.raises(KeyError):
        half_do_it()
    with both[1].transaction() as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_one_that_writes_for_ever_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_state, "PATIENCE_S", 0.05)
    with shared_file() as path:
        state = SharedState(path)
        state.prepare("CREATE TABLE t (a)")
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="cannot be read or written"), state.transaction():
            pass

        blocker.execute("ROLLBACK")
        with state.transaction() as connection:
            connection.execute("INSERT INTO t VALUES (1)")
        blocker.close()
        state.close()


def leave(parent: Path, name: str, *, age_s: float = 3600.0, lock: bool = True) -> Path:
    """A folder as a server that was killed leaves it."""
    folder = parent / f"miniprogram-serve-{name}"
    folder.mkdir()
    (folder / "state.sqlite3").write_bytes(b"")
    if lock:
        (folder / "owner.lock").write_bytes(b"")
    then = time.time() - age_s
    os.utime(folder, (then, then))
    return folder


def test_what_a_killed_server_left_goes_with_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = leave(tmp_path, "dead")
    young = leave(tmp_path, "young", age_s=1.0)
    without_lock = leave(tmp_path, "old", lock=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "owner.lock").write_bytes(b"")
    (tmp_path / "miniprogram-serve-link").symlink_to(elsewhere)
    (tmp_path / "other").mkdir()

    with shared_file() as first, shared_file() as second:
        os.utime(first.parent, (1.0, 1.0))  # however old, it is in use
        shared_state.remove_leftovers(tmp_path)

        assert not dead.exists()
        assert all(path.is_dir() for path in (young, without_lock, elsewhere, first.parent, second.parent))
    assert not first.parent.exists()


def test_folders_of_other_users_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = leave(tmp_path, "theirs")
    monkeypatch.setattr(os, "getuid", lambda: theirs.stat().st_uid + 1)

    shared_state.remove_leftovers(tmp_path)

    assert theirs.exists()
