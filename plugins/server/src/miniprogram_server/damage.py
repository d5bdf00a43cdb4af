"""What delivery cannot read is told to the index, so that lists of people show it."""

from __future__ import annotations

import threading
from queue import SimpleQueue

from miniprogram.delivery.evaluation.errors import BrokenDocument, Degraded
from miniprogram.delivery.http.service import Reporter
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.damage import note_damage


class DamageNotes:
    """A reporter that also notes damaged documents of mini-programs in the index, in a thread of its own."""

    def __init__(self, storage: EnvironmentStorage, report: Reporter) -> None:
        self._storage, self._report = storage, report
        self._met: SimpleQueue[tuple[str, str]] = SimpleQueue()
        threading.Thread(target=self._run, name="damage-notes", daemon=True).start()

    def __call__(self, error: Exception, trace_id: str) -> None:
        self._report(error, trace_id)
        if isinstance(error, BrokenDocument) or (isinstance(error, Degraded) and error.is_damage):
            self._met.put((error.key, error.reason))

    def _run(self) -> None:
        while True:
            self._note(*self._met.get())

    def _note(self, key: str, reason: str) -> None:
        found = self._storage.keys.identify(key)
        program_id = found.fields.get("program") if found is not None else None
        if program_id is not None:
            note_damage(self._storage, program_id, key, f"{key}: {reason}")
