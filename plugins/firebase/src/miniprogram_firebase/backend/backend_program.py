"""The starter's folder as a program for Cloud Run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from miniprogram.backends.cloud.starter import starter_sources


@dataclass(frozen=True, slots=True)
class FolderProgram:
    """Implements RunProgram: every file below `folder` but hidden ones and what tools leave behind."""

    folder: Path
    environ: Mapping[str, str]
    main: str = "server.py"
    entry_point: str = "publisher_backend"

    def sources(self) -> Mapping[str, bytes]:
        return starter_sources(self.folder)

    def as_function(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """As they are: `main.py` has what Cloud Functions calls, `requirements.txt` what it installs."""
        return files
