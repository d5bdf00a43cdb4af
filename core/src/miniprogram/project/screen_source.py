"""The seam every kind of screen source implements: Python, JSON, YAML, Dart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ScreenDraft:
    """A screen as its source gave it. `name` is the screen id, `node` its Stac JSON, `origin` the file."""

    name: str
    node: dict[str, Any]
    origin: Path
    kind: str = "screen"
    """`screen` or `theme`."""


class ScreenSource(Protocol):
    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft]:
        """The screens in `files`, which all have this source's suffix and lie under `program_root`.

        Raises ProjectError naming the file and line when one cannot be read or run.
        """
        ...
