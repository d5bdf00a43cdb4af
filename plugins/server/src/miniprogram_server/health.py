"""Whether the server lives and can answer, told without waiting for anything."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from miniprogram_server.serving.plain_requests import Answer

LIVE = "/healthz"
READY = "/readyz"
LOOK_EVERY_S = 5.0
SILENT_AFTER_S = 15.0
"""What has not answered for so long is called silent."""

Tell = Callable[..., None]
"""`tell(event, level=…, **facts)`."""


class Watch:
    """Looks at something the server needs now and then, in threads of its own, and remembers how that went.

    When it begins to fail or hang, and when it is back, that is told: once, as `NAME_failed` and `NAME_answers`.
    """

    def __init__(
        self,
        name: str,
        look: Callable[[], object],
        tell: Tell | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._look = look
        self._tell = tell
        self._clock = clock
        self.failures = 0
        self.answered_at: float | None = None
        self.problem: str | None = None
        """Why it last failed; None while it answers."""
        self.looked = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name=f"{self._name}-watch", daemon=True).start()

    def look(self) -> None:
        """Look once."""
        try:
            self._look()
        except Exception as error:  # noqa: BLE001 - whatever it is, there was no answer
            self._failed(str(error) or type(error).__name__)
        else:
            self.answered_at = self._clock()
            if self.problem is not None:
                self.problem = None
                self._say("answers", "INFO")
        finally:
            self.looked.set()

    def look_within(self, limit_s: float) -> threading.Thread:
        """Look once, and call it failed when that takes longer. The thread that looks may still be at it."""
        looking = threading.Thread(target=self.look, name=f"{self._name}-look", daemon=True)
        looking.start()
        looking.join(limit_s)
        if looking.is_alive():
            self._failed(f"no answer for {limit_s:g} s")
        return looking

    def _failed(self, problem: str) -> None:
        self.failures += 1
        begins, self.problem = self.problem is None, problem
        if begins:
            self._say("failed", "ERROR", reason=problem)

    def _say(self, what: str, level: str, **facts: str) -> None:
        if self._tell is not None:
            self._tell(f"{self._name}_{what}", level=level, **facts)

    @property
    def silent_s(self) -> float | None:
        """Seconds since the last answer; None when there never was one."""
        return None if self.answered_at is None else self._clock() - self.answered_at

    def _run(self) -> None:
        while True:
            self.look_within(SILENT_AFTER_S).join()
            time.sleep(LOOK_EVERY_S)


class Health:
    """The answers to LIVE and READY.

    Ready is a server that has reached its store once and does not stop. A store that falls silent later does not
    make it unready, because what is in memory is still answered, and a ledger that fails neither: nobody new is
    admitted to windows until it is back. The answer tells both.
    """

    def __init__(self, store: Watch, ledger: Watch | None = None) -> None:
        self._store = store
        self._ledger = ledger
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
        if self._ledger is not None:
            members["ledger"] = "failed" if self._ledger.problem is not None else "ok"
        return _answer(200 if status == "ready" else 503, members)


def _answer(status: int, members: dict[str, Any]) -> Answer:
    body = json.dumps(members, separators=(",", ":")).encode()
    head = b"content-type: application/json; charset=utf-8\r\ncache-control: no-store\r\n"
    return status, head + b"content-length: %d\r\n" % len(body), body
