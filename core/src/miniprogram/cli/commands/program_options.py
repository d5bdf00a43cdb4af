"""From a mini-program's id, `--mini-program-root` and `--repo-root` to the mini-program a command is about."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.parsing.options import OptionalProgramId, ProgramRoot, RepoRoot
from miniprogram.cli.framework.parsing.signatures import KEYWORD, POSITIONAL, with_subject

if TYPE_CHECKING:
    from miniprogram.project.location import ProgramLocation

_PARAMETERS = (
    inspect.Parameter("program_id", POSITIONAL, default=None, annotation=OptionalProgramId),
    inspect.Parameter("mini_program_root", KEYWORD, default=None, annotation=ProgramRoot),
    inspect.Parameter("repo_root", KEYWORD, default=None, annotation=RepoRoot),
)


@dataclass(frozen=True, slots=True)
class SelectedProgram:
    """What a command line selects. Nothing is read before `locate`."""

    tools: AppContext
    program_id: str | None
    mini_program_root: str | None
    repo_root: str | None

    def locate(self) -> ProgramLocation:
        """The mini-program that was named, or the one here. Raises what `locate_program` raises."""
        return selected_program(self.tools, self.program_id, self.mini_program_root, self.repo_root)


def on_program(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command on one mini-program: its first parameter is the one that the command line selects."""
    return with_subject(function, _PARAMETERS, SelectedProgram)


def build_folder(tools: AppContext, named: str | None) -> Path | None:
    """The folder that `--build-dir` names, absolute."""
    return Path(os.path.abspath(tools.cwd / named)) if named else None  # noqa: PTH100 - links stay as typed


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
