"""Work that may wait, in a bounded number of threads, so that nothing slow stops what is fast.

Each piece of work has a key, usually the mini-program it is about. One key gets a few threads at once and no more:
a mini-program whose documents do not come leaves the threads of the others alone. Whoever waits longer than the
deadline is told so, and the thread goes on alone until what it waits for gives up.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class TooBusy(Exception):  # noqa: N818 - names the state
    """So much waits already that one more would only wait in vain."""


class Overdue(Exception):  # noqa: N818 - names the state
    """The work did not end within the deadline. It may still end, and have its effect."""


class WorkerThreads:
    """Up to `threads` daemon threads, made when needed; `per_key` of them for one key; `waiting` for a free one.

    Daemons, so that what hangs in one does not keep the process from ending. Safe to use from several event loops.
    """

    def __init__(
        self, name: str, *, threads: int = 32, per_key: int = 4, waiting: int = 512, deadline_s: float = 2.5
    ) -> None:
        self._name = name
        self._most = threads
        self._per_key = per_key
        self._most_waiting = waiting
        self.deadline_s = deadline_s
        self._lock = threading.Lock()
        self._queue: SimpleQueue[_Job[Any]] = SimpleQueue()
        self._made = 0
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, dict[_Job[Any], None]] = OrderedDict()
        self._waiting_count = 0

    @property
    def running(self) -> int:
        """Pieces of work that occupy a thread."""
        return self._running.total()

    @property
    def waiting(self) -> int:
        """Pieces of work that wait for one."""
        return self._waiting_count

    async def run(
        self,
        key: str,
        work: Callable[[], T],
        *,
        shortcut: Callable[[], T | None] | None = None,
        deadline_s: float | None = None,
    ) -> T:
        """What `work` returns or raises. Raises TooBusy, or Overdue after `deadline_s`.

        `shortcut` is tried when the work's turn comes after waiting: somebody else may have fetched what it needs.
        """
        deadline_s = self.deadline_s if deadline_s is None else deadline_s
        work = partial(copy_context().run, work)
        job: _Job[T] = _Job(key, work, asyncio.get_running_loop().create_future(), shortcut)
        self._submit(job)
        try:
            async with asyncio.timeout(deadline_s):
                return await job.future
        except TimeoutError:
            raise Overdue(f"no answer within {deadline_s:g} s") from None
        finally:
            self._forget(job)

    def _submit(self, job: _Job[Any]) -> None:
        with self._lock:
            if self._has_room(job.key):
                self._begin(job)
            elif self._waiting_count >= self._most_waiting:
                raise TooBusy(f"{self._waiting_count} requests wait already")
            else:
                self._waiting.setdefault(job.key, {})[job] = None
                self._waiting_count += 1
                job.has_waited = True

    def _forget(self, job: _Job[Any]) -> None:
        """Take back what is not begun."""
        with self._lock:
            queue = self._waiting.get(job.key)
            if queue is not None and job in queue:
                del queue[job]
                self._waiting_count -= 1
                if not queue:
                    del self._waiting[job.key]

    def _has_room(self, key: str) -> bool:
        return self._running[key] < self._per_key and self._running.total() < self._most

    def _begin(self, job: _Job[Any]) -> None:
        self._running[job.key] += 1
        self._queue.put(job)
        if self._made < self._running.total():
            self._made += 1
            threading.Thread(target=self._work, name=f"{self._name}-{self._made}", daemon=True).start()

    def _work(self) -> None:
        while True:
            job = self._queue.get()
            tell = job.do()
            with self._lock:
                self._running[job.key] -= 1
                if not self._running[job.key]:
                    del self._running[job.key]
                self._begin_next()
            tell()
            del job, tell

    def _begin_next(self) -> None:
        """The first of the next key that has room; that key is then the last in turn."""
        for key, queue in self._waiting.items():
            if self._has_room(key):
                job = next(iter(queue))
                del queue[job]
                self._waiting_count -= 1
                self._waiting.move_to_end(key)
                if not queue:
                    del self._waiting[key]
                self._begin(job)
                return


class _Job(Generic[T]):
    __slots__ = ("_shortcut", "_work", "future", "has_waited", "key")

    def __init__(
        self,
        key: str,
        work: Callable[[], T],
        future: asyncio.Future[T],
        shortcut: Callable[[], T | None] | None,
    ) -> None:
        self.key = key
        self.future = future
        self.has_waited = False
        self._work = work
        self._shortcut = shortcut

    def do(self) -> Callable[[], None]:
        """Do the work, unless nobody waits for it any more; what is returned hands the outcome to the loop."""
        if self.future.done():
            return lambda: None
        try:
            value = self._shortcut() if self._shortcut is not None and self.has_waited else None
            if value is None:
                value = self._work()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
            return partial(self._tell, self.future.set_exception, error)
        return partial(self._tell, self.future.set_result, value)

    def _tell(self, set_outcome: Callable[[Any], None], outcome: Any) -> None:
        def tell() -> None:
            if not self.future.done():
                set_outcome(outcome)

        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            self.future.get_loop().call_soon_threadsafe(tell)
