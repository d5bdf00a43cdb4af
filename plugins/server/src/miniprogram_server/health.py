"""Whether the server lives and can answer, told without waiting for anything."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from miniprogram_server.serving.protocol import Answer

LIVE = "/healthz"
READY = "/readyz"
LOOK_EVERY_S = 5.0
SILENT_AFTER_S = 15.0
"""A store that has not answered for so long is called silent."""


class StoreWatch:
    """Looks at the store now and then, in a thread of its own, and remembers how that went."""

    def __init__(self, look: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self.failures = 0
        self.answered_at: float | None = None
        self.looked = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name="store-watch", daemon=True).start()

    def look(self) -> None:
        """Look once."""
        try:
            self._look()
        except Exception:  # noqa: BLE001 - whatever it is, the store did not answer
            self.failures += 1
        else:
            self.answered_at = self._clock()
        finally:
            self.looked.set()

    @property
    def silent_s(self) -> float | None:
        """Seconds since the store last answered; None when it never did."""
        return None if self.answered_at is None else self._clock() - self.answered_at

    def _run(self) -> None:
        while True:
            self.look()
            time.sleep(LOOK_EVERY_S)


class Health:
    """The answers to LIVE and READY.

    Ready is a server that has reached its store once and does not stop. A store that falls silent later does not
    make it unready, because what is in memory is still answered; the answer tells it.
    """

    def __init__(self, store: StoreWatch) -> None:
        self._store = store
        self.is_draining = False

    def answer(self, path: str) -> Answer | None:
        """Status, header lines and body; None for another path."""
        if path == LIVE:
            return _answer(200, {"status": "ok"})
        if path == READY:
            return self._ready()
        return None

    def _ready(self) -> Answer:
        silent_s = self._store.silent_s
        store = "unknown" if silent_s is None else "silent" if silent_s > SILENT_AFTER_S else "ok"
        status = "stopping" if self.is_draining else "starting" if silent_s is None else "ready"
        members: dict[str, Any] = {"status": status, "store": store}
        if silent_s is not None:
            members["storeAnsweredSecondsAgo"] = round(silent_s, 1)
        return _answer(200 if status == "ready" else 503, members)


def _answer(status: int, members: dict[str, Any]) -> Answer:
    body = json.dumps(members, separators=(",", ":")).encode()
    head = b"content-type: application/json; charset=utf-8\r\ncache-control: no-store\r\n"
    return status, head + b"content-length: %d\r\n" % len(body), body
