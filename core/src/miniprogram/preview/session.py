"""How a preview stands: the last good build, and what became of the newest one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Literal

from miniprogram.preview.bundle import PreviewBundle

State = Literal["ready", "building", "build_failed"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of a preview. `bundle` is the last good build, None before the first one.

    `build_version` counts good builds. `last_build_error` is what went wrong since the last good one.
    """

    bundle: PreviewBundle | None = None
    build_version: int = 0
    state: State = "building"
    last_build_error: str | None = None

    def status(self, bundle: PreviewBundle) -> dict[str, Any]:
        """The document hosts poll."""
        status = {
            "buildVersion": self.build_version,
            "state": self.state,
            "miniProgramId": bundle.program_id,
            "title": bundle.title,
        }
        return status if self.last_build_error is None else {**status, "lastBuildError": self.last_build_error}


class PreviewSession:
    """The current snapshot. Snapshots are swapped whole, so a reader on any thread sees one build or the other."""

    def __init__(self) -> None:
        self._snapshot = Snapshot()
        self._lock = Lock()

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def begin(self) -> None:
        """A build has started; what was served before still is."""
        with self._lock:
            self._snapshot = replace(self._snapshot, state="building")

    def apply(self, bundle: PreviewBundle) -> Snapshot:
        """Serve `bundle` from now on."""
        with self._lock:
            self._snapshot = Snapshot(bundle, self._snapshot.build_version + 1, "ready")
            return self._snapshot

    def fail(self, message: str) -> None:
        """The build came to nothing; the last good one is served on."""
        with self._lock:
            self._snapshot = replace(self._snapshot, state="build_failed", last_build_error=message)
