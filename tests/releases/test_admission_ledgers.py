"""The ledgers of one process and of one machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from miniprogram.delivery.ledger import AdmissionLedger, MemoryLedger, ledger_key
from miniprogram.delivery.sources import SourceUnavailable
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
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.communicate(timeout=60)[0]) for each in running]

    ledger = SqliteLedger(path)
    assert [row[0] for row in told] == [True] * PROCESSES, "the same visitor came to every door"
    assert sum(is_in for row in told for is_in in row[1:]) == PLACES - 1
    assert ledger.count("w") == PLACES
    for own, row in zip(keys, told, strict=True):
        assert [ledger.admit("w", key, PLACES, NOW_MS) for key in own] == row[1:]
    ledger.close()


def test_a_folder_that_cannot_be_made_is_no_admission(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file")
    ledger = SqliteLedger(tmp_path / "blocked" / "admissions.sqlite3")
    with pytest.raises(SourceUnavailable, match="admissions"):
        ledger.admit("w", "k", 1, 0)
    with pytest.raises(SourceUnavailable, match="admissions"):
        ledger.count("w")
