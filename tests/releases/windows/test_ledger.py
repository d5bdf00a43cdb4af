from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.stores.ledger_sqlite import SqliteLedger

pytestmark = pytest.mark.process

PROCESSES = 16
LIMIT = 50


def _admit_many(path: str, number: int, admitted: object) -> None:
    ledger = SqliteLedger(Path(path), patience_s=30)
    for index in range(20):
        key = f"visitor-{(number * 7 + index * 3) % 90}"  # many come to several processes
        if ledger.admit("w", key, LIMIT, index):
            admitted.put(key)  # type: ignore[attr-defined]
    admitted.put(None)  # type: ignore[attr-defined]


@contextmanager
def started(*processes: BaseProcess) -> Iterator[None]:
    """The processes run in the block; whatever happens there, none of them outlives it."""
    try:
        for process in processes:
            process.start()
        yield
    finally:
        for process in processes:
            if process.pid is not None:
                process.kill()
                process.join()


def test_sixteen_processes_never_admit_one_too_many(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    admitted = context.Queue()
    path = str(tmp_path / "ledger.sqlite3")
    processes = [context.Process(target=_admit_many, args=(path, number, admitted)) for number in range(PROCESSES)]
    with started(*processes):
        told, finished = set(), 0
        while finished < PROCESSES:
            key = admitted.get(timeout=60)
            finished += key is None
            told |= {key} - {None}
        for process in processes:
            process.join()

    ledger = SqliteLedger(Path(path), patience_s=30)
    assert ledger.count("w") == len(told) == LIMIT
    assert all(ledger.has_admitted("w", key) for key in told)


def _admit_for_ever(path: str) -> None:
    ledger = SqliteLedger(Path(path), patience_s=30)
    for index in range(1_000_000):
        ledger.admit("w", f"visitor-{index}", 10_000_000, index)


def test_a_killed_process_leaves_a_true_count(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    process = multiprocessing.get_context("fork").Process(target=_admit_for_ever, args=(str(path),))
    ledger = SqliteLedger(path, patience_s=30)
    with started(process):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and (not path.exists() or ledger.count("w") < 20):
            time.sleep(0.01)

    count = ledger.count("w")
    assert count >= 20
    assert sum(ledger.has_admitted("w", f"visitor-{index}") for index in range(count + 5)) == count
    assert ledger.admit("w", "visitor-after", 10_000_000, 1)


def test_coming_again_takes_no_second_place(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.sqlite3")

    assert [ledger.admit("w", key, 2, 0) for key in ("a", "a", "b", "c", "a")] == [True, True, True, False, True]
    assert ledger.count("w") == 2
    assert ledger.count("other") == 0


def test_a_ledger_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"this is no database, however long it is" * 40)

    with pytest.raises(SourceUnavailable, match=r"ledger\.sqlite3"):
        SqliteLedger(path).admit("w", "a", 1, 0)


def test_whoever_only_reads_makes_no_file(tmp_path: Path) -> None:
    """A blank file in place of one that was removed would look like a count that begins anew."""
    ledger = SqliteLedger(tmp_path / "ledger.sqlite3")

    assert (ledger.count("w"), ledger.has_admitted("w", "k")) == (0, False)
    assert list(tmp_path.iterdir()) == []

    assert ledger.admit("w", "k", 1, 0)
    assert (ledger.count("w"), ledger.has_admitted("w", "k")) == (1, True)
