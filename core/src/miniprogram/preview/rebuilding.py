"""Build again after changes: one build at a time, and whatever changes meanwhile asks for exactly one more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread

from miniprogram.errors import MiniProgramError
from miniprogram.logs import get_log
from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.mistakes import Mistake, mistakes_of
from miniprogram.preview.session import PreviewSession, Snapshot

log = get_log(__name__)

JOIN_S = 1.0
UNEXPECTED = "The build crashed. This is a mistake of ours."


class Rebuilder:
    """Keeps a session up to date on a thread of its own.

    `build` makes a bundle or raises. `built` and `failed` are told what came of it, on that thread. `root` is the
    mini-program's folder: with it, mistakes are shown with the lines around them.
    """

    def __init__(
        self,
        session: PreviewSession,
        build: Callable[[], PreviewBundle],
        *,
        built: Callable[[Snapshot], None],
        failed: Callable[[str], None],
        root: Path | None = None,
    ) -> None:
        self._root = root
        self._session, self._build, self._built, self._failed = session, build, built, failed
        self._wanted = Event()
        self._stopping = False
        # a daemon: a build of Dart screens takes minutes, and Ctrl-C must not wait for it
        self._thread = Thread(target=self._run, name="preview-rebuild", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def request(self) -> None:
        """Ask for a build of what is on disk from now on. Returns at once."""
        self._wanted.set()

    def stop(self) -> None:
        """No further build begins; one that runs gets a moment to end, then its programs are killed."""
        self._stopping = True
        self._wanted.set()
        self._thread.join(JOIN_S)
        if self._thread.is_alive():
            _kill_children()
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._stopping:
                return
            self._wanted.clear()
            self._rebuild()

    def _rebuild(self) -> None:
        self._session.begin()
        try:
            bundle = self._build()
        except MiniProgramError as error:
            self._fail(str(error), mistakes_of(error, self._root) if self._root else ())
        except OSError as error:  # a file went away while it was read; its editor is not done yet
            self._fail(f"{error.filename or 'a file'}: {error.strerror or error}")
        except Exception:  # the thread must live on, and the next save may mend it
            log.exception("preview_build_crashed")
            self._fail(UNEXPECTED)
        else:
            self._built(self._session.apply(bundle))

    def _fail(self, message: str, mistakes: Sequence[Mistake] = ()) -> None:
        if not self._stopping:
            self._session.fail(message, mistakes)
            self._failed(message)


def _kill_children() -> None:
    """End what this process has started: at the end of a preview that is the build's, nothing else is left."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
