"""Changes as the system tells of them, at once, where it does.

Two watchers: one on the root folder alone, for the manifest and for source folders that come and go, and one on
everything below the source folders. A single recursive one would also follow the preview host app, whose builds
write thousands of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

from miniprogram.logs import get_log
from miniprogram.project.watching.sources import source_folders

log = get_log(__name__)

JOIN_S = 5.0


class NativeWatch:
    """Calls `changed` with absolute paths after every burst, from threads of its own, until `stop`.

    `ended` is called with a reason when the system tells no more, which may be at once: too many watches, a folder
    that cannot be watched.
    """

    def __init__(
        self,
        program_root: Path,
        *,
        changed: Callable[[list[Path]], None],
        ended: Callable[[str], None],
        step_ms: int,
        debounce_ms: int,
    ) -> None:
        self._root = program_root
        self._changed, self._ended = changed, ended
        self._step_ms, self._debounce_ms = step_ms, debounce_ms
        self._stopping = Event()
        self._moved = Event()
        self._threads = [
            Thread(target=self._until_it_ends, args=(work,), name=name, daemon=True)
            for name, work in (("watch-root", self._watch_root), ("watch-folders", self._watch_folders))
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

    def _until_it_ends(self, work: Callable[[], None]) -> None:
        try:
            work()
            reason = "it stopped telling"
        except (OSError, RuntimeError) as error:  # watchfiles raises both, for limits of the system among others
            log.info("native_watch_failed", error=str(error))
            reason = str(error).partition(" about [")[0] or type(error).__name__
        if not self._stopping.is_set():
            log.info("native_watch_ended", reason=reason)
            self._ended(reason)

    def _watch_root(self) -> None:
        present = source_folders(self._root)
        for paths in self._bursts([self._root], self._stopping, recursive=False):
            before, present = present, source_folders(self._root)
            if present != before:
                self._moved.set()
                paths += [folder for folder in {**before, **present} if before.get(folder) != present.get(folder)]
            self._changed(paths)

    def _watch_folders(self) -> None:
        while not self._stopping.is_set():
            self._moved.clear()
            folders = source_folders(self._root)
            if folders:
                self._watch_these(list(folders))
            else:
                self._moved.wait()

    def _watch_these(self, folders: list[Path]) -> None:
        """Watch until the folders are others or the end has come."""
        try:
            for paths in self._bursts(folders, self._moved, recursive=True):
                self._changed(paths)
        except FileNotFoundError:  # a folder went away in the meantime; the next round sees which are left
            log.debug("watched_folder_vanished", folders=list(map(str, folders)))
            self._moved.wait(self._debounce_ms / 1000)

    def _bursts(self, folders: list[Path], until: Event, *, recursive: bool) -> Iterator[list[Path]]:
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
            yield [Path(path) for _, path in changes]
