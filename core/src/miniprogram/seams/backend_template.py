"""The seam every publisher backend starter implements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What a starter is told about the mini-program it belongs to."""

    program_id: str
    title: str


class BackendTemplate(Protocol):
    @property
    def folder(self) -> PurePosixPath:
        """Where the starter lives below the mini-program root: `backend/mock`."""
        ...

    def check(self, folder: Path) -> None:
        """Raises MiniProgramError when `folder` holds something that must not be mixed with the starter."""
        ...

    def render(self, facts: ProgramFacts, storage: str) -> Mapping[PurePosixPath, bytes]:
        """Every file of the starter by its path below `folder`."""
        ...
