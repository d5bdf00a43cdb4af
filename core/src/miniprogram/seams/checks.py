"""A check of the machine or the saved state: a line of `doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Status = Literal["ok", "warning", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it stands. `summary` is one line; `detail` may be longer."""

    label: str
    status: Status
    summary: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Where the checks look. `repo_root` is the monorepo the user named, if any."""

    cwd: Path
    home: Path
    environ: Mapping[str, str]
    repo_root: Path | None = None
