"""From `--env`, `--root` and `--repo-root` to an opened environment, for every command that works in one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from miniprogram.cli.framework.app_context import AppContext

if TYPE_CHECKING:
    from miniprogram.environments.session import CloudSession


def open_selected(
    tools: AppContext, *, env: str | None, root: str | None, repo_root: str | None, starts: Sequence[Path] = ()
) -> CloudSession:
    """Open the environment the options select. `starts` are further folders to look for env.json from.

    Raises UsageError when there is no environment file, MiniProgramError when the name is not in it.
    """
    from miniprogram.environments.session import open_session
    from miniprogram.state.env_file import require_env

    extra = [*starts, *([tools.cwd / repo_root] if repo_root else [])]
    resolved = require_env(
        explicit_root=tools.cwd / root if root else None,
        start_directories=[tools.cwd, *extra],
        home=tools.home,
    )
    return open_session(
        resolved, env, find_provider=tools.registry.provider, home=tools.home, environ=tools.environ
    )
