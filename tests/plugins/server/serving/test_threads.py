"""Work in threads: bounded in number, by key, and in time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from miniprogram_server.serving.threads import Overdue, TooBusy, WorkerThreads


def test_results_and_failures_come_back() -> None:
    async def scenario() -> None:
        threads = WorkerThreads("t")
        assert await threads.run("a", lambda: 7) == 7
        with pytest.raises(KeyError):
            await threads.run("a", lambda: {}["missing"])
        assert (threads.running, threads.waiting) == (0, 0)

    asyncio.run(scenario())


def hung(gate: threading.Event) -> Callable[[], bool]:
    return lambda: gate.wait(30)


def test_one_key_that_hangs_leaves_the_others_alone() -> None:
    gate = threading.Event()

    async def scenario() -> None:
        threads = WorkerThreads("t", threads=4, per_key=2, deadline_s=0.3)
        stuck = [asyncio.ensure_future(threads.run("slow", hung(gate))) for _ in range(20)]
        await asyncio.sleep(0.05)
        assert (threads.running, threads.waiting) == (2, 18)
        began = time.monotonic()
        assert await asyncio.gather(*(threads.run("quick", lambda: 1) for _ in range(50))) == [1] * 50
        assert time.monotonic() - began < 0.25
        outcomes = await asyncio.gather(*stuck, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {Overdue}
        assert (threads.running, threads.waiting) == (2, 0), "what is not begun is taken back"

    try:
        asyncio.run(scenario())
    finally:
        gate.set()


def test_threads_that_come_back_work_on() -> None:
    gate = threading.Event()

    async def scenario() -> None:
        threads = WorkerThreads("t", threads=2, per_key=2, deadline_s=0.2)
        for _ in range(2):
            with pytest.raises(Overdue):
                await threads.run("slow", hung(gate))
        with pytest.raises(Overdue):
            await threads.run("other", lambda: 1)
        gate.set()
        while threads.running:  # ends with the time limit of the test otherwise
            await asyncio.sleep(0.01)
        assert await threads.run("other", lambda: 1) == 1

    try:
        asyncio.run(scenario())
    finally:
        gate.set()


def test_so_many_wait_and_no_more() -> None:
    gate = threading.Event()

    async def scenario() -> None:
        threads = WorkerThreads("t", threads=1, per_key=1, waiting=3, deadline_s=0.3)
        waiting = [asyncio.ensure_future(threads.run("a", hung(gate))) for _ in range(4)]
        await asyncio.sleep(0.02)
        began = time.monotonic()
        with pytest.raises(TooBusy):
            await threads.run("b", lambda: 1)
        assert time.monotonic() - began < 0.2
        await asyncio.gather(*waiting, return_exceptions=True)

    try:
        asyncio.run(scenario())
    finally:
        gate.set()


def test_whoever_waited_looks_whether_it_is_there_by_now() -> None:
    known: list[int] = []
    worked: list[int] = []

    def work() -> int:
        time.sleep(0.05)
        worked.append(1)
        known.append(9)
        return 9

    async def scenario() -> None:
        threads = WorkerThreads("t", per_key=1)
        asked = (threads.run("a", work, shortcut=lambda: known[0] if known else None) for _ in range(30))
        assert await asyncio.gather(*asked) == [9] * 30
        assert len(worked) == 1

    asyncio.run(scenario())


def test_a_hung_thread_does_not_keep_the_process() -> None:
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("t-"))
