"""The ledgers of one process and of one machine."""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import AdmissionLedger, MemoryLedger, ledger_key
from miniprogram.documents.store_ledger import ObjectStoreLedger
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores import ledger_sqlite
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.ledger_sqlite import SqliteLedger
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import InterleavingStore, interleavings
from miniprogram.testing.admission_ledger import NOW_MS, AdmissionLedgerContract

pytestmark = pytest.mark.slow

PROCESSES, VISITORS_EACH, PLACES = 16, 20, 100
COME = """
import json, sys
from pathlib import Path
from miniprogram.documents.store_ledger import ObjectStoreLedger
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.ledger_sqlite import SqliteLedger
from miniprogram.stores.memory import MemoryObjectStore
ledger, limit = SqliteLedger(Path(sys.argv[1]), patience_s=30), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([ledger.admit("w", key, limit, 1788000000000) for key in sys.argv[3:]]))
"""


class TestObjectStoreLedger(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _store(self, tmp_path: Path) -> None:
        self.store = FilesystemObjectStore(tmp_path)

    def make_ledger(self) -> AdmissionLedger:
        return ObjectStoreLedger(self.store, Keys("cloud"), patience_s=60)

    def open_again(self, ledger: AdmissionLedger) -> AdmissionLedger:
        return ObjectStoreLedger(self.store, Keys("cloud"), patience_s=60)


class TestMemoryLedger(AdmissionLedgerContract):
    def make_ledger(self) -> AdmissionLedger:
        return MemoryLedger()


class TestSqliteLedger(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "deep" / "admissions.sqlite3"

    def make_ledger(self) -> AdmissionLedger:
        return SqliteLedger(self.path, patience_s=30)

    def open_again(self, ledger: AdmissionLedger) -> AdmissionLedger:
        return SqliteLedger(self.path, patience_s=30)


@pytest.mark.process
def test_sixteen_processes_let_in_exactly_as_many_as_there_is_room_for(tmp_path: Path) -> None:
    path = tmp_path / "admissions.sqlite3"
    keys = [[ledger_key("w", f"{one}-{place}") for place in range(VISITORS_EACH)] for one in range(PROCESSES)]
    both = ledger_key("w", "came twice")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", COME, str(path), str(PLACES), both, *own],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for own in keys
    ]
    try:
        for each in running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in running:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        told = [json.loads(each.communicate(timeout=60)[0]) for each in running]
    finally:
        for each in running:
            each.kill()
            each.communicate()

    ledger = SqliteLedger(path)
    assert [row[0] for row in told] == [True] * PROCESSES, "the same visitor came to every door"
    assert sum(is_in for row in told for is_in in row[1:]) == PLACES - 1
    assert ledger.count("w") == PLACES
    for own, row in zip(keys, told, strict=True):
        assert [ledger.admit("w", key, PLACES, NOW_MS) for key in own] == row[1:]
    ledger.close()


@pytest.mark.parametrize("lock", ["BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
@pytest.mark.parametrize("question", ["admit", "has_admitted", "count"])
def test_a_file_that_somebody_has_is_waited_for(tmp_path: Path, journal: str, lock: str, question: str) -> None:
    path = tmp_path / "admissions.sqlite3"
    asked = {"admit": ("w", "k", 1, 0), "has_admitted": ("w", "k"), "count": ("w",)}[question]
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute(f"PRAGMA journal_mode = {journal}")
        other.execute("CREATE TABLE another (thing)")
        other.execute(lock)
        other.execute("SELECT * FROM another").fetchall()
        leaves = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        leaves.start()
        try:
            ledger = SqliteLedger(path)
            assert getattr(ledger, question)(*asked) in (True, False, 0)
        finally:
            leaves.join()
            ledger.close()


def test_a_thread_that_ends_leaves_nothing_open(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "admissions.sqlite3")
    opened: list[str] = []

    def come() -> None:
        ledger.admit("w", "k", 1, 0)
        opened.extend(each.path for each in psutil.Process().open_files() if each.path.startswith(str(tmp_path)))

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        thread = threading.Thread(target=come)
        thread.start()
        thread.join()
        del thread
        gc.collect()

    assert opened
    assert [each for each in psutil.Process().open_files() if each.path.startswith(str(tmp_path))] == []
    assert [str(each.message) for each in told] == []


def test_patience_ends(tmp_path: Path) -> None:
    path = tmp_path / "admissions.sqlite3"
    ledger = SqliteLedger(path)
    assert ledger.admit("w", "k", 2, 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ledger.admit("w", "k", 2, 0), "who is in already waits for nobody"
        started = time.monotonic()
        with pytest.raises(SourceUnavailable, match="is busy"):
            ledger.admit("w", "l", 2, 0)
        assert 0.1 <= time.monotonic() - started < 2, "a host waits for its answer"
    assert ledger.admit("w", "l", 2, 0)
    ledger.close()


def test_a_folder_that_cannot_be_made_is_no_admission(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file")
    ledger = SqliteLedger(tmp_path / "blocked" / "admissions.sqlite3")
    with pytest.raises(SourceUnavailable, match="admissions"):
        ledger.admit("w", "k", 1, 0)
    with pytest.raises(SourceUnavailable, match="admissions"):
        ledger.count("w")


STATEMENTS = [
    "BEGIN IMMEDIATE",
    "INSERT INTO admissions",
    "INSERT INTO windows",
    "COMMIT",
    "SELECT 1",
    "SELECT admitted",
]


class FailingOnce(ledger_sqlite._Connection):
    """A connection whose first statement that starts with `doomed` fails, as on a full disk."""

    doomed = ""

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:  # type: ignore[override]
        if type(self).doomed and sql.startswith(type(self).doomed):
            type(self).doomed = ""
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_one_failed_statement_loses_nothing_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    ledger = SqliteLedger(tmp_path / "admissions.sqlite3")
    monkeypatch.setattr(ledger_sqlite, "_Connection", FailingOnce)
    assert ledger.admit("w", "a", 3, 0)

    monkeypatch.setattr(FailingOnce, "doomed", statement)
    with pytest.raises(SourceUnavailable, match="disk I/O error"):
        ledger.admit("w", "b", 3, 0)

    assert [ledger.admit("w", key, 3, 0) for key in ("b", "c", "d")] == [True, True, False]
    assert ledger.count("w") == 3


@pytest.mark.parametrize("replaced", [False, True], ids=["removed", "replaced"])
def test_a_file_that_went_away_is_not_counted_in_any_more(tmp_path: Path, replaced: bool) -> None:
    path = tmp_path / "admissions.sqlite3"
    ledger = SqliteLedger(path)
    assert ledger.admit("w", "a", 2, 0)
    for file in tmp_path.glob("admissions.sqlite3*"):
        file.rename(file.with_name(f"gone-{file.name}"))
    if replaced:
        assert SqliteLedger(path).admit("w", "z", 2, 0)

    for question in (
        lambda: ledger.admit("w", "b", 2, 0),
        lambda: ledger.count("w"),
        lambda: ledger.admit("w", "b", 2, 0),
    ):
        with pytest.raises(SourceUnavailable, match="removed or replaced while it counted"):
            question()
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(_refusal(ledger)))
    thread.start()
    thread.join()
    assert "removed or replaced" in told[0], "a thread that opens it anew starts no count of its own"
    assert path.exists() is replaced


def _refusal(ledger: AdmissionLedger) -> str:
    try:
        return str(ledger.admit("w", "c", 2, 0))
    except SourceUnavailable as error:
        return str(error)


def _admit(store: ObjectStore, key: str, *, limit: int = 2) -> bool:
    return ObjectStoreLedger(store, Keys("cloud")).admit("shop:wallet:production:r-1", key, limit, NOW_MS)


def _who_is_in(store: ObjectStore, *keys: str) -> tuple[set[str], int]:
    ledger, window = ObjectStoreLedger(store, Keys("cloud")), "shop:wallet:production:r-1"
    return {key for key in keys if ledger.has_admitted(window, key)}, ledger.count(window)


@pytest.mark.parametrize("rival", ["b", "a"], ids=["another visitor", "the same visitor elsewhere"])
@pytest.mark.parametrize("room", [1, 2, 3])
def test_a_rival_at_any_moment_gets_no_slot_of_another(rival: str, room: int) -> None:
    def make_store() -> ObjectStore:
        store = MemoryObjectStore()
        _admit(store, "first", limit=3)
        return store

    for store in interleavings(
        make_store, lambda store: _admit(store, "a", limit=room), lambda store: _admit(store, rival, limit=room)
    ):
        inside, count = _who_is_in(store, "first", "a", "b")
        assert count == len(inside) == min(room, len({"first", "a", rival})) or room == 0
        assert "first" in inside


def test_a_crash_at_any_moment_leaves_a_true_count() -> None:
    undisturbed = InterleavingStore()
    _admit(undisturbed, "a")
    for number in range(len(undisturbed.calls) + 1):
        store = InterleavingStore()
        store.before_call(number, _crash)
        with suppress(KeyboardInterrupt):
            _admit(store, "a")

        assert _admit(store.inner, "b")
        inside, count = _who_is_in(store.inner, "a", "b")
        assert count == len(inside)
        assert _admit(store.inner, "a"), "who comes again is in, or gets in now"
        assert _who_is_in(store.inner, "a", "b") == ({"a", "b"}, 2)
        assert not _admit(store.inner, "c")


def _crash(_: ObjectStore) -> None:
    raise KeyboardInterrupt


def test_deleting_the_program_takes_its_admissions() -> None:
    store, keys = MemoryObjectStore(), Keys("cloud")
    _admit(store, "a")

    folders = keys.program_folders("shop")
    gone = set(keys.program_keys("shop"))
    assert all(info.key in gone or info.key.startswith(tuple(folders)) for info in store.list(""))


def test_a_broken_count_admits_nobody() -> None:
    store = MemoryObjectStore()
    _admit(store, "a")
    [count] = [info.key for info in store.list("") if info.key.count("/") == 3]
    store.put(count, b'{"admitted": "many"}')

    with pytest.raises(SourceUnavailable, match="no count of admissions"):
        _admit(store, "b")
