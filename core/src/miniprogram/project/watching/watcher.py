"""Watching that never goes deaf: the system tells of changes at once, and we look for what it did not tell.

Systems lose changes in many ways: limits on watches, full queues, network and shared folders, a folder that is
another one by now. None of them can be asked about beforehand on every system, so all of them are found out the
same way: by comparing what was told with how the files look.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic

from miniprogram.errors import MiniProgramError
from miniprogram.files import real_path
from miniprogram.logs import get_log
from miniprogram.project.watching.native import JOIN_S, NativeWatch
from miniprogram.project.watching.sources import (
    FOLDERS,
    Snapshot,
    is_source,
    look_at,
    source_folders,
    take_snapshot,
)

log = get_log(__name__)

STEP_MS = 10
"""A change is told once nothing more has changed for this long."""
DEBOUNCE_MS = 100
"""Longest time changes are gathered while there are always more."""
RELAXED_S, RELAXED_SHARE = 2.0, 50
"""How often we look while the system tells of changes: after so long, or so many times what looking took."""
ALONE_S, ALONE_SHARE = 0.5, 10
"""And when it does not."""
GRACE_S = 0.3
"""How long the system has to tell of a change before it counts as not told."""


class ProgramWatcher:
    """Calls `changed` from a thread of its own, after every burst of changes, until `stop`.

    `output` says where builds write at present: nothing below it counts, wherever it lies. `say` is told, in one
    sentence each, when changes can no longer be seen at once and when the folder is gone or back.
    """

    def __init__(
        self,
        program_root: Path,
        *,
        output: Callable[[], Path],
        changed: Callable[[], None],
        say: Callable[[str], None] = log.info,
        step_ms: int = STEP_MS,
        debounce_ms: int = DEBOUNCE_MS,
        relaxed_s: float = RELAXED_S,
    ) -> None:
        self._root = real_path(program_root)
        self._output, self._changed, self._say = output, changed, say
        self._relaxed_s = relaxed_s
        self._stopping = Event()
        self._hurry = Event()
        self._lock = Lock()
        self._told: Snapshot = {}
        """How the sources looked when a change of them was last told."""
        self._is_alone = False
        self._native = NativeWatch(
            self._root,
            changed=self._told_by_system,
            ended=self._go_alone,
            step_ms=step_ms,
            debounce_ms=debounce_ms,
        )
        self._thread = Thread(target=self._look_again_and_again, name="watch-look", daemon=True)

    def start(self) -> None:
        self._told = self._look()
        self._native.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._hurry.set()
        self._native.stop()
        self._thread.join(JOIN_S)

    def _told_by_system(self, paths: list[Path]) -> None:
        output = self._output_folder()
        is_known = any(is_source(path, self._root, output) for path in paths)
        if is_known:
            self._changed()  # before anything else: somebody is waiting to see it
        with self._lock:
            before = dict(self._told)
            for path in paths:
                self._note(path, output)
            is_new = self._told != before
        if is_new and not is_known:
            self._changed()

    def _note(self, path: Path, output: Path) -> None:
        """Remember how `path` looks, and what lies below it."""
        if path.parent == self._root and path.name in FOLDERS:
            is_watched = path in source_folders(self._root)
        elif is_source(path, self._root, output):
            is_watched = True
        else:
            return
        if not path.is_file():
            below = str(path) + os.sep
            for known in [each for each in self._told if each == str(path) or each.startswith(below)]:
                del self._told[known]
        if is_watched:
            self._told.update(look_at(path, self._root, output))

    def _look_again_and_again(self) -> None:
        was_there = True
        pause = self._relaxed_s
        while not self._stopping.is_set():
            self._hurry.wait(pause)
            self._hurry.clear()
            if self._stopping.is_set():
                return
            began = monotonic()
            is_there = self._root.is_dir()
            if is_there:
                self._compare(self._look(), returned=not was_there)
            if is_there is not was_there:
                self._say_where_it_is(is_there=is_there)
                was_there = is_there
            least, share = (ALONE_S, ALONE_SHARE) if self._is_alone else (self._relaxed_s, RELAXED_SHARE)
            pause = max(least, share * (monotonic() - began))

    def _compare(self, now: Snapshot, *, returned: bool) -> None:
        """Tell what the system did not tell, once it had its chance."""
        with self._lock:
            if now == self._told and not returned:
                return
        if not self._is_alone:
            self._stopping.wait(GRACE_S)
        again = self._look()
        with self._lock:
            missed = [path for path in {**now, **again, **self._told} if self._is_missed(path, now, again)]
            if not missed and not returned:
                return
            for path in missed:
                self._told.pop(path, None)
                if path in again:
                    self._told[path] = again[path]
        self._changed()
        if missed and not returned and not self._is_alone:
            self._go_alone(f"it told nothing of {Path(missed[0]).relative_to(self._root).as_posix()}")

    def _is_missed(self, path: str, now: Snapshot, again: Snapshot) -> bool:
        """Whether a file has come to rest in a way that nobody told of."""
        return now.get(path) == again.get(path) != self._told.get(path)

    def _go_alone(self, reason: str) -> None:
        with self._lock:
            if self._is_alone or self._stopping.is_set():
                return
            self._is_alone = True
        self._hurry.set()
        self._say(
            f"The system does not tell of changes here ({reason}): the sources are looked at every {ALONE_S:g} s."
        )

    def _say_where_it_is(self, *, is_there: bool) -> None:
        if is_there:
            self._say(f"{self._root} is back: its changes are followed again.")
            self._go_alone("the folder is another one by now")
        else:
            self._say(
                f"{self._root} is gone: what was built last stays, and is followed again when the folder is back."
            )

    def _look(self) -> Snapshot:
        return take_snapshot(self._root, self._output_folder())

    def _output_folder(self) -> Path:
        try:
            return self._output()
        except (MiniProgramError, OSError):  # the next build says what is wrong with it
            return self._root
