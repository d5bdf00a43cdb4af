"""The ledgers of one process and of one machine."""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
import threading
import warnings
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import AdmissionLedger, MemoryLedger, ledger_key
from miniprogram.stores import ledger_sqlite
from miniprogram.stores.ledger_sqlite import SqliteLedger
from miniprogram.testing.admission_ledger import NOW_MS, AdmissionLedgerContract

PROCESSES, VISITORS_EACH, PLACES = 16, 20, 100
COME = """
import json, sys
from pathlib import Path
from miniprogram.stores.ledger_sqlite import SqliteLedger
ledger, limit = SqliteLedger(Path(sys.argv[1])), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([ledger.admit("w", key, limit, 1788000000000) for key in sys.argv[3:]]))
"""


class TestMemoryLedger(AdmissionLedgerContract):
    def make_ledger(self) -> AdmissionLedger:
        return MemoryLedger()


class TestSqliteLedger(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "deep" / "admissions.sqlite3"

    def make_ledger(self) -> AdmissionLedger:
        return SqliteLedger(self.path)

    def open_again(self, ledger: AdmissionLedger) -> AdmissionLedger:
        return SqliteLedger(self.path)


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


def test_patience_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_sqlite, "BUSY_TIMEOUT_S", 0.2)
    path = tmp_path / "admissions.sqlite3"
    ledger = SqliteLedger(path)
    assert ledger.admit("w", "k", 2, 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ledger.admit("w", "k", 2, 0), "who is in already waits for nobody"
        with pytest.raises(SourceUnavailable, match="locked"):
            ledger.admit("w", "l", 2, 0)
    assert ledger.admit("w", "l", 2, 0)
    ledger.close()


def test_a_folder_that_cannot_be_made_is_no_admission(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file")
    ledger = SqliteLedger(tmp_path / "blocked" / "admissions.sqlite3")
    with pytest.raises(SourceUnavailable, match="admissions"):
        ledger.admit("w", "k", 1, 0)
    with pytest.raises(SourceUnavailable, match="admissions"):
        ledger.count("w")
