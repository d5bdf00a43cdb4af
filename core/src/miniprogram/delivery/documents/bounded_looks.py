"""Looks at a store that may hang, each for a bounded time: also at a folder, which may be one of a network."""

from __future__ import annotations

import time
from _queue import Empty, SimpleQueue  # what queue.SimpleQueue is; queue itself costs a function's cold start
from collections.abc import Callable
from threading import Event, Lock, Thread, local
from typing import Any, Generic, TypeVar

from miniprogram.delivery.documents.sources import DocumentSource
from miniprogram.delivery.evaluation.errors import SourceUnavailable

T = TypeVar("T")

MOST_LOOKS = 32
"""Looks that may be under way at once: hanging ones leave that many threads behind at most."""

HURRIED_LOOK_S = 0.15
"""How long a look may take right after one that hung. Healthy ones take less."""
HURRY_FOR_S = 2.0
"""How long a thread hurries: a request needs several documents, and has two to three seconds for all of them."""


IDLE_S = 5.0
"""How long a thread waits for another look before it ends."""


class LookHung(SourceUnavailable):
    """A look did not end in its time. It goes on."""


class Look(Generic[T]):
    """A look under way, in another thread."""

    __slots__ = ("_call", "_done", "_error", "_found", "_started_at", "name")

    def __init__(self, name: str, call: Callable[[], T]) -> None:
        self.name = name
        self._call = call
        self._started_at = time.monotonic()
        self._done = Event()
        self._found: T | None = None
        self._error: BaseException | None = None

    def result(self, seconds: float) -> T:
        """What was found, within `seconds` of the start. Raises SourceUnavailable when that takes longer."""
        left = self._started_at + seconds - time.monotonic()
        if not self._done.wait(max(0.0, left)):
            raise LookHung(f"{self.name}: no answer within {seconds:g} s")
        if self._error is not None:
            raise self._error
        return self._found  # type: ignore[return-value]

    def run(self, ended: Callable[[str], None]) -> None:
        """Look."""
        try:
            self._found = self._call()
        except BaseException as error:  # noqa: BLE001 - whoever waits raises it
            self._error = error
        finally:
            ended(self.name)
            self._done.set()


class BoundedLooks:
    """Looks by name, one at a time for each: who asks for the same meanwhile waits for the same answer.

    A hanging look goes on in its thread; until it ends, everybody who asks for the same is refused at once. With
    `hurries`, a thread whose look hung gives the next ones less time: a store that hangs for one document of a
    request does so for the others, too.
    """

    def __init__(self, most: int = MOST_LOOKS, *, hurries: bool = False) -> None:
        self._most, self._hurries = most, hurries
        self._thread = local()
        self._under_way: dict[str, Look[Any]] = {}
        self._begun: SimpleQueue[Look[Any]] = SimpleQueue()
        self._idle = 0
        self._lock = Lock()

    def start(self, name: str, call: Callable[[], T]) -> Look[T]:
        """The look at `name` that is under way, or a new one. Raises SourceUnavailable when there are too many."""
        with self._lock:
            look = self._under_way.get(name)
            if look is None:
                if len(self._under_way) >= self._most:
                    raise SourceUnavailable(f"{name}: {self._most} looks are waiting for the store already")
                look = self._under_way[name] = Look(name, call)
                self._begun.put(look)
                if self._idle:
                    self._idle -= 1
                else:
                    Thread(target=self._look, name="store-look", daemon=True).start()
        return look

    def run(self, name: str, call: Callable[[], T], seconds: float) -> T:
        """What `call` finds within `seconds`. Raises SourceUnavailable, or what `call` raises."""
        if time.monotonic() < getattr(self._thread, "hurries_until", 0.0):
            seconds = min(seconds, HURRIED_LOOK_S)
        try:
            return self.start(name, call).result(seconds)
        except LookHung:
            if self._hurries:
                self._thread.hurries_until = time.monotonic() + HURRY_FOR_S
            raise

    def _look(self) -> None:
        """A thread's work until there is none: to begin a thread costs more than most looks."""
        while True:
            try:
                look = self._begun.get(timeout=IDLE_S)
            except Empty:
                with self._lock:
                    if self._idle:
                        self._idle -= 1
                        return
                continue  # it was given a look at the last moment
            look.run(self._ended)
            del look

    def _ended(self, name: str) -> None:
        with self._lock:
            self._under_way.pop(name, None)
            self._idle += 1


class BoundedSource:
    """A DocumentSource over one whose looks may hang: each ends within `look_s`, with SourceUnavailable.

    What hangs goes on in a thread of its own, so that nobody who answers requests is held up by it.
    """

    def __init__(self, source: DocumentSource, look_s: float) -> None:
        self._source, self._look_s = source, look_s
        self._looks = BoundedLooks(hurries=True)

    def read(self, key: str) -> bytes | None:
        return self._looks.run(f"{key} (read)", lambda: self._source.read(key), self._look_s)

    def marker(self, key: str) -> object | None:
        return self._looks.run(key, lambda: self._source.marker(key), self._look_s)

    def list(self, prefix: str) -> list[str]:
        return self._looks.run(f"{prefix} (list)", lambda: self._source.list(prefix), self._look_s)
