"""The starter's folder as a program for Cloud Run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import MiniProgramError

NOT_SENT = {"__pycache__", ".venv", "venv", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
MOST_BYTES = 50 * 1024 * 1024
"""More than this is no function's code, but a folder that was not meant."""


@dataclass(frozen=True, slots=True)
class FolderProgram:
    """Implements RunProgram: every file below `folder` but hidden ones and what tools leave behind."""

    folder: Path
    environ: Mapping[str, str]
    main: str = "server.py"
    entry_point: str = "publisher_backend"

    def sources(self) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        for path in sorted(self.folder.rglob("*")):
            parts = path.relative_to(self.folder).parts
            if any(part in NOT_SENT or part.startswith(".") for part in parts) or not path.is_file():
                continue
            if path.is_symlink():
                raise MiniProgramError(f"{path} is a symbolic link, which is not sent", hint="Put a copy there.")
            found["/".join(parts)] = path.read_bytes()
            if sum(map(len, found.values())) > MOST_BYTES:
                raise MiniProgramError(f"{self.folder} has more than {MOST_BYTES // 2**20} MiB to send")
        return found

    def as_function(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """As they are: `main.py` has what Cloud Functions calls, `requirements.txt` what it installs."""
        return files
