"""What a host keeps of one mini-program on disk: archives by their sha256, unfinished downloads, and its state.

Every file comes to its name by one rename, so that whoever is killed at any moment leaves whole files. Several
processes may use one cache: state is changed under a lock, and so are updates.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from miniprogram.client.errors import ClientError
from miniprogram.client.state import ProgramState, read_state, write_state
from miniprogram.errors import MiniProgramError
from miniprogram.file_lock import file_lock
from miniprogram.files import write_atomic
from miniprogram.object_keys import require_segment
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
from miniprogram.strict_json import read_bounded

STATE_WAIT_S = 10.0
_archive_name = re.compile(r"([0-9a-f]{64})\.tar").fullmatch


class ProgramCache:
    """The folder of one mini-program below `root`."""

    def __init__(self, root: Path, program_id: str) -> None:
        self.program_id = require_segment(program_id, what="a mini-program id")
        self._folder = root / program_id
        self._archives = self._folder / "archives"
        self._parts = self._folder / "parts"

    def state(self) -> ProgramState:
        return read_state(self._state_file)

    def change(self, change: Callable[[ProgramState], ProgramState]) -> ProgramState:
        """Remember what `change` makes of the state, whoever else changes it. Returns it."""
        busy = ClientError(f"{self._folder} is used by another process that does not let go of it")
        with file_lock(self._folder / "state.lock", wait_s=STATE_WAIT_S, busy=busy):
            before = read_state(self._state_file)
            after = change(before)
            if after != before:
                write_state(self._state_file, after)
            return after

    def updating(self, wait_s: float) -> AbstractContextManager[None]:
        """Held while a version is fetched. Raises ClientError when another process fetches for that long."""
        busy = ClientError(f"another process has been updating {self.program_id} for {wait_s:g} seconds")
        return file_lock(self._folder / "update.lock", wait_s=wait_s, busy=busy)

    @property
    def trial_lock(self) -> Path:
        """The file that whoever tries a version holds locked, for as long as its process lives."""
        return self._folder / "trial.lock"

    def archives(self) -> Iterator[str]:
        """The sha256 of every archive that is kept."""
        try:
            names = sorted(path.name for path in self._archives.iterdir())
        except OSError:
            return
        yield from (found[1] for name in names if (found := _archive_name(name)) is not None)

    def archive(self, sha256: str) -> bytes | None:
        """The archive; None when it is not kept. One that is damaged on disk is forgotten."""
        path = self._archive_file(sha256)
        try:
            body = read_bounded(path, max_bytes=MAX_ARCHIVE_BYTES)
        except MiniProgramError:
            return None
        if hashlib.sha256(body).hexdigest() == sha256:
            return body
        path.unlink(missing_ok=True)
        return None

    def keep(self, body: bytes) -> str:
        """Keep an archive. Its sha256."""
        sha256 = hashlib.sha256(body).hexdigest()
        if not self._archive_file(sha256).is_file():
            write_atomic(self._archive_file(sha256), body)
        return sha256

    def forget_all_but(self, wanted: set[str]) -> None:
        """Delete archives that are not `wanted`, by sha256, and what is left of downloads and writes."""
        for path in (*_files(self._archives), *_files(self._parts)):
            found = _archive_name(path.name)
            if path.parent == self._parts or found is None or found[1] not in wanted:
                path.unlink(missing_ok=True)

    def part_file(self, sha256: str) -> Path:
        """Where the download of what has this sha256 gathers."""
        return self._parts / f"{sha256}.part"

    def _archive_file(self, sha256: str) -> Path:
        return self._archives / f"{sha256}.tar"

    @property
    def _state_file(self) -> Path:
        return self._folder / "state.json"


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_file()]
    except OSError:
        return []
