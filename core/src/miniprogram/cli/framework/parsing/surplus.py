"""What a word was probably meant for that no command line has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from miniprogram.errors import MiniProgramError

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext

FOLDER_OPTIONS = ("--root", "--project-root", "--mini-program-root", "--workspace", "--repo-root")


def probable_option(words: Sequence[str], options: Sequence[str], app_context: AppContext) -> str | None:
    """`--env staging` for the name of an environment, `--root DIR` for a folder; None when nothing is likely."""
    for word in words:
        if "--env" in options and word in _environment_names(app_context):
            return f"--env {word}"
    for word in words:
        folder_option = next((each for each in FOLDER_OPTIONS if each in options), None)
        if folder_option and (app_context.cwd / word).is_dir():
            return f"{folder_option} {word}"
    return None


def _environment_names(app_context: AppContext) -> list[str]:
    from miniprogram.state.env_file import find_env  # deferred: imports pydantic

    try:
        found = find_env(explicit_root=None, start_directories=[app_context.cwd], home=app_context.home)
    except MiniProgramError:
        return []  # a broken file is not what the person did wrong just now
    return [each.name for each in found.document.cloud_environments] if found else []
