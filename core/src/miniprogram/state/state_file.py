"""A state file: a JSON document with a model, read strictly, replaced whole, locked while it changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict

from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.file_lock import file_lock
from miniprogram.files import write_atomic
from miniprogram.models import CamelModel
from miniprogram.state.unknown_members import misspelt, unknown_members
from miniprogram.strict_json import parse_model, read_object, to_pretty_json

STATE_FOLDER = ".mini_program"
LOCK_WAIT_S = 10.0
LEFT_OVER_AFTER_S = 3600.0


class StateModel(CamelModel):
    """Base of all state documents: frozen, camelCase on disk, unknown keys kept and misspelt ones refused."""

    model_config = ConfigDict(extra="allow", defer_build=True)


M = TypeVar("M", bound=StateModel)


class NewerSchemaError(DocumentError):
    """A state file was written by a newer release; writing it would lose what we do not know."""


class StateFile(Generic[M]):
    """The document at `path`. `newest_schema` is the highest `schemaVersion` this release understands.

    `when_broken` is what to do about one that cannot be read.
    """

    def __init__(
        self,
        path: Path,
        model: type[M],
        *,
        newest_schema: int | None = None,
        mode: int = 0o644,
        when_broken: str | None = None,
    ) -> None:
        self.path = path
        self._model, self._newest_schema, self._mode = model, newest_schema, mode
        self._when_broken = when_broken

    def read(self) -> M | None:
        """The document, or None when there is no file.

        Raises DocumentError naming the file and the place, for a misspelt member too.
        """
        if not self._exists():
            return None
        try:
            return self._read()
        except NewerSchemaError:
            raise
        except DocumentError as error:
            error.hint = self._when_broken or error.hint
            raise

    def _read(self) -> M:
        document = read_object(self.path)
        self._check_schema(document)
        parsed = parse_model(self._model, document, name=str(self.path))
        if wrong := misspelt(unknown_members(parsed)):
            raise DocumentError(f"{self.path}: {wrong.sentence}")
        return parsed

    def write(self, document: M) -> None:
        """Replace the file in one step."""
        body = document.model_dump(mode="json", by_alias=True, exclude_none=True)
        write_atomic(self.path, to_pretty_json(body), mode=self._mode)
        self._sweep()

    def _sweep(self) -> None:
        """Take away what writers left behind that were killed; one that is at work was here a moment ago."""
        for left_over in self.path.parent.glob(f".{self.path.name}.*.tmp"):
            with suppress(OSError):  # another sweeper was faster, or the folder is not ours
                if time.time() - left_over.stat().st_mtime > LEFT_OVER_AFTER_S:
                    left_over.unlink()

    def update(self, change: Callable[[M | None], M]) -> M:
        """Read, change and write while no other process does: nobody's change is lost."""
        with self.locked():
            changed = change(self.read())
            self.write(changed)
            return changed

    @contextmanager
    def locked(self, *, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
        """Keep other processes from changing the file. Not re-entrant. Raises MiniProgramError after `wait_s`."""
        busy = MiniProgramError(f"{self.path} is being changed by another process")
        with file_lock(self.path.with_name(f"{self.path.name}.lock"), wait_s=wait_s, busy=busy):
            yield

    def remove(self) -> None:
        """Delete the file; one that is not there is fine."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise MiniProgramError(f"{self.path} cannot be removed: {error.strerror or error}") from error

    def _exists(self) -> bool:
        try:
            self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise DocumentError(f"{self.path} cannot be read: {error.strerror or error}") from error
        return True

    def _check_schema(self, document: dict[str, Any]) -> None:
        if self._newest_schema is None:
            return
        version = document.get("schemaVersion")
        if isinstance(version, bool) or not isinstance(version, int):
            raise DocumentError(f"{self.path}: schemaVersion must be a whole number")
        if version > self._newest_schema:
            raise NewerSchemaError(
                f"{self.path} was written by a newer release (schemaVersion {version}, "
                f"understood up to {self._newest_schema})",
                hint="Upgrade miniprogram.",
            )
