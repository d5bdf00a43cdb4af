"""The seam every kind of host app implements."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class HostGenerator(Protocol):
    def is_host(self, project_root: Path) -> bool:
        """Whether `project_root` holds a host app of this kind that mini-programs were embedded into."""
        ...
