"""From a mini-program's id, `--mini-program-root` and `--repo-root` to the mini-program a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext
    from miniprogram.project.location import ProgramLocation


def selected_program(
    tools: AppContext, program_id: str | None, root: str | None, repo_root: str | None
) -> ProgramLocation:
    """The mini-program that was named, or the one here. Raises what `locate_program` raises."""
    from miniprogram.project.location import locate_program

    return locate_program(
        program_id,
        explicit_root=Path(root) if root else None,
        repo_root=Path(repo_root) if repo_root else None,
        cwd=tools.cwd,
    )
