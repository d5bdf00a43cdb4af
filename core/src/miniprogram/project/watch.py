"""Tell when the sources of a mini-program change.

Two watchers: one on the root folder alone, for the manifest and for source folders that come and go, and one on
everything below the source folders. A single recursive one would also follow the preview host app, whose builds
write thousands of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event, Thread

from miniprogram.errors import ProjectError
from miniprogram.logs import get_log
from miniprogram.project.location import MANIFEST_NAME
from miniprogram.project.source_tree import SCRATCH_SUFFIXES

log = get_log(__name__)

FOLDERS = ("stac", "assets", "lib")
STEP_MS = 10
"""A change is told once nothing more has changed for this long."""
DEBOUNCE_MS = 100
"""Longest time changes are gathered while there are always more."""
JOIN_S = 5.0

_NOT_SOURCES = ("__pycache__", "build", "node_modules")


class ProgramWatcher:
    """Calls `changed` from a thread of its own, after every burst of changes, until `stop`.

    `output` says where builds write at present: nothing below it counts, wherever it lies.
    """

    def __init__(
        self,
        program_root: Path,
        *,
        output: Callable[[], Path],
        changed: Callable[[], None],
        step_ms: int = STEP_MS,
        debounce_ms: int = DEBOUNCE_MS,
    ) -> None:
        self._root = program_root.resolve()
        self._step_ms, self._debounce_ms = step_ms, debounce_ms
        self._output, self._changed = output, changed
        self._stopping = Event()
        self._moved = Event()
        self._threads = [
            Thread(target=self._watch_root, name="watch-root", daemon=True),
            Thread(target=self._watch_folders, name="watch-folders", daemon=True),
        ]

    def start(self) -> None:
        import watchfiles  # noqa: F401 - imported here, once, rather than by two threads at the same moment

        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._moved.set()
        for thread in self._threads:
            thread.join(JOIN_S)

    def _watch_root(self) -> None:
        present = self._folders()
        for paths in self._bursts([self._root], self._stopping, recursive=False):
            before, present = present, self._folders()
            if present != before:
                self._moved.set()
            if present != before or self._concerns(paths):
                self._changed()

    def _watch_folders(self) -> None:
        while not self._stopping.is_set():
            self._moved.clear()
            folders = self._folders()
            if folders:
                self._watch_these(list(folders))
            else:
                self._moved.wait()

    def _watch_these(self, folders: list[Path]) -> None:
        """Watch until the folders are others or the end has come."""
        try:
            for paths in self._bursts(folders, self._moved, recursive=True):
                if self._concerns(paths):
                    self._changed()
        except FileNotFoundError:  # a folder went away in the meantime; the next round sees which are left
            log.debug("watched_folder_vanished", folders=list(map(str, folders)))

    def _bursts(self, folders: list[Path], until: Event, *, recursive: bool) -> Iterator[list[str]]:
        """The changed paths of one burst after the other."""
        from watchfiles import watch

        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=self._debounce_ms,
            step=self._step_ms,
            stop_event=until,
            raise_interrupt=False,
            recursive=recursive,
        ):
            yield [path for _, path in changes]

    def _folders(self) -> dict[Path, int]:
        """The source folders that are there, with their inodes: one replaced by another of its name is another."""
        found: dict[Path, int] = {}
        for name in FOLDERS:
            folder = self._root / name
            try:
                status = folder.stat()
            except OSError:
                continue
            if folder.is_dir() and (name != "lib" or (self._root / "pubspec.yaml").is_file()):
                found[folder] = status.st_ino
        return found

    def _concerns(self, paths: Iterable[str]) -> bool:
        try:
            output = self._output()
        except ProjectError:  # the next build says what is wrong with it
            output = self._root
        return any(is_source(Path(path), self._root, output) for path in paths)


def is_source(path: Path, program_root: Path, output: Path) -> bool:
    """Whether a change of the absolute `path` can change what a build makes, or what a preview serves."""
    if not path.is_relative_to(program_root) or (output != program_root and path.is_relative_to(output)):
        return False
    parts = path.relative_to(program_root).parts
    if parts == (MANIFEST_NAME,):
        return True
    if len(parts) < 2 or parts[0] not in FOLDERS:
        return False
    if any(part.startswith(".") for part in parts) or path.name.endswith(SCRATCH_SUFFIXES):
        return False
    return parts[0] == "assets" or not any(part in _NOT_SOURCES for part in parts)
