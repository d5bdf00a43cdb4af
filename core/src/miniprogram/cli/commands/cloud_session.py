"""From `--env`, `--root` and `--repo-root` to an opened environment, for every command that works in one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.parsing.options import EnvName, RepoRoot, StateRoot
from miniprogram.cli.framework.parsing.signatures import KEYWORD, with_subject

if TYPE_CHECKING:
    from miniprogram.environments.session import CloudSession

_OPTIONS = (
    inspect.Parameter("env", KEYWORD, default=None, annotation=EnvName),
    inspect.Parameter("root", KEYWORD, default=None, annotation=StateRoot),
    inspect.Parameter("repo_root", KEYWORD, default=None, annotation=RepoRoot),
)


@dataclass(frozen=True, slots=True)
class SelectedEnvironment:
    """What the options of a command select. Nothing is read before `open`."""

    tools: AppContext
    env: str | None
    root: str | None
    repo_root: str | None = None

    def open(self, starts: Sequence[Path] = ()) -> CloudSession:
        """Open it. `starts` are further folders to look for env.json from.

        Raises UsageError when there is no environment file, MiniProgramError when the name is not in it.
        """
        from miniprogram.environments.session import open_session
        from miniprogram.state.env_file import require_env

        tools = self.tools
        extra = [*starts, *([tools.cwd / self.repo_root] if self.repo_root else [])]
        resolved = require_env(
            explicit_root=tools.cwd / self.root if self.root else None,
            start_directories=[tools.cwd, *extra],
            home=tools.home,
        )
        return open_session(
            resolved, self.env, find_provider=tools.registry.provider, home=tools.home, environ=tools.environ
        )


def in_environment(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command that works in an environment: its first parameter is the one its options select."""
    return with_subject(function, _OPTIONS, SelectedEnvironment)
