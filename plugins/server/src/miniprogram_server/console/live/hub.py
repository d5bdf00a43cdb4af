"""Who waits for changes of which mini-programs, in this process, and who tells them.

Told are changes that this process made itself, at once, and those that the store's feed tells of, whoever made
them: another worker, a command line, a pipeline. What is told carries no content: whoever hears of it looks.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable

from miniprogram.delivery.documents.kinds import RELEASE_DOCUMENT
from miniprogram.delivery.documents.layouts.keys import Keys

MOST_STREAMS = 200
"""In one process: each is a connection, and a little memory."""
MOST_OF_ONE = 10
"""Of one person: pages that are not looked at hold none."""


class Listener:
    """A page that waits. `program_id` None: of any mini-program."""

    def __init__(self, who: str, program_id: str | None, loop: asyncio.AbstractEventLoop) -> None:
        self.who, self.program_id = who, program_id
        self._loop = loop
        self._wake = asyncio.Event()
        self._changed: set[str] = set()
        self.is_over = False
        """Whether the server stops."""

    async def wait(self, seconds: float) -> set[str]:
        """Ids of the mini-programs that changed since the last time; none after so many seconds without any."""
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return set()
        self._wake.clear()
        changed, self._changed = self._changed, set()
        return changed

    def tell(self, program_ids: Iterable[str], *, is_over: bool = False) -> None:
        """From any thread."""

        def told() -> None:
            self._changed |= set(program_ids)
            self.is_over = self.is_over or is_over
            self._wake.set()

        try:
            self._loop.call_soon_threadsafe(told)
        except RuntimeError:
            return  # its loop has ended, and the page with it


class ChangeHub:
    """Passes changes on to listeners. Safe to use from many threads."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._numbers: Counter[str] = Counter()
        self._gaps = 0
        self._is_over = False

    def __len__(self) -> int:
        return len(self._listeners)

    def join(self, who: str, program_id: str | None) -> Listener | None:
        """Begin to listen, in a coroutine; None while there are too many who do."""
        listener = Listener(who, program_id, asyncio.get_running_loop())
        with self._lock:
            of_one = sum(each.who == who for each in self._listeners)
            if self._is_over or len(self._listeners) >= MOST_STREAMS or of_one >= MOST_OF_ONE:
                return None
            self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def number(self, program_id: str) -> str:
        """Differs once a mini-program may have changed, so that what was read of it is read once for all."""
        return f"{self._numbers[program_id]}.{self._gaps}"

    def keys_changed(self, keys: Iterable[str] | None) -> None:
        """What the store's feed tells: keys of objects, or None where anything may have changed."""
        if keys is None:
            with self._lock:
                self._gaps += 1
                listeners = [each for each in self._listeners if each.program_id is not None]
            for each in listeners:
                each.tell([each.program_id or ""])
            return
        found = (self._keys.identify(key) for key in keys)
        self.changed(
            {each.fields["program"] for each in found if each is not None and each.kind is RELEASE_DOCUMENT}
        )

    def changed(self, program_ids: Iterable[str]) -> None:
        """The releases of these mini-programs may have changed."""
        ids = set(program_ids)
        with self._lock:
            self._numbers.update(ids)
            listeners = [each for each in self._listeners if each.program_id is None or each.program_id in ids]
        for each in listeners:
            each.tell(ids if each.program_id is None else [each.program_id])

    def stop(self) -> None:
        """End every stream: the server stops."""
        with self._lock:
            self._is_over = True
            listeners = tuple(self._listeners)
        for each in listeners:
            each.tell((), is_over=True)
