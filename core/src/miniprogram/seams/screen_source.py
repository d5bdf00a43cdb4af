"""The seam every kind of screen source implements: Python, JSON, YAML, Dart."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from miniprogram.errors import ProjectError

if TYPE_CHECKING:
    import subprocess


class Mark(NamedTuple):
    """Where something stands in a file its author wrote. Lines and columns are counted from 1."""

    file: Path
    line: int
    column: int | None = None


Locate: TypeAlias = Callable[[Sequence[str | int]], Mark | None]
"""From the keys and indexes that lead to a value of a document to where its author wrote it, or what holds it."""


class ScreenSourceError(ProjectError):
    """A screen cannot be read or run, for a `reason` that stands at `mark`."""

    def __init__(self, reason: str, mark: Mark, *, hint: str | None = None) -> None:
        super().__init__(f"{':'.join(str(part) for part in mark if part is not None)}: {reason}", hint=hint)
        self.reason, self.mark = reason, mark


@dataclass(frozen=True, slots=True)
class ScreenDraft:
    """A screen as its source gave it. `name` is the screen id, `node` its Stac JSON, `origin` the file."""

    name: str
    node: dict[str, Any]
    origin: Path
    kind: str = "screen"
    """`screen` or `theme`."""
    locate: Locate | None = field(default=None, compare=False, repr=False)
    """Asked for every finding about `node`; None for sources that do not know."""


class SpareInterpreter(Protocol):
    """A Python interpreter that was started ahead of time, for those who build again and again."""

    def take(self) -> subprocess.Popen[bytes] | None:
        """The interpreter, now the caller's; None when none is ready."""
        ...

    def refill(self, program_root: Path, environ: Mapping[str, str]) -> None:
        """Start the next one."""
        ...


class DocumentMemory(Protocol):
    """What was read by earlier builds of the same mini-program, for those who build again and again."""

    def document(self, file: Path, body: bytes, parse: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
        """What `parse` makes of the bytes of `file`; the very same object as long as these are the same."""
        ...


@dataclass(frozen=True, slots=True)
class SourceContext:
    """The world a source works in. Most sources need nothing of it."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: Path = field(default_factory=Path.home)
    repo_root: Path | None = None
    """The monorepo the mini-program lives in, if any."""
    builder_script: Path | None = None
    """`--stac-cli-script`: the entry script of an external builder."""
    fetch_dependencies: bool = True
    """False with `--skip-pub-get`."""
    timeout_s: float = 60.0
    """Seconds all sources of one type may take together."""
    unusable_plugins: tuple[str, ...] = ()
    """Sentences about plugins that are installed and may not load or cannot, for files that nothing reads."""
    spare_interpreter: SpareInterpreter | None = None
    """For those who build again and again: an interpreter that waits for the next build's Python screens."""
    memory: DocumentMemory | None = None
    """For the same: files that have not changed are not parsed again. Nobody may change a document it gives."""


class ScreenSource(Protocol):
    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft | ScreenSourceError]:
        """The screens in `files`, which all have this source's suffix and lie under `program_root`.

        A file that cannot be read or run is a ScreenSourceError in place of its screens, so that its author is
        told about the other files too. Raised is what keeps all the rest from being read: ScreenSourceError with
        the place, or ProjectError naming the file.
        """
        ...
