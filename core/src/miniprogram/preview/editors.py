"""Open a source file at a line in the editor of whoever runs the preview."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from miniprogram.errors import MiniProgramError, ToolError
from miniprogram.files import is_inside, real_path

VARIABLES = ("MINIPROGRAM_EDITOR", "VISUAL", "EDITOR")
"""Environment variables that name the editor, the first one first."""

_AT_PLACE = ("{file}:{line}:{column}",)
_GOTO = ("--goto", "{file}:{line}:{column}")
_JETBRAINS = ("--line", "{line}", "--column", "{column}", "{file}")
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "code": _GOTO,
    "code-insiders": _GOTO,
    "codium": _GOTO,
    "cursor": _GOTO,
    "windsurf": _GOTO,
    "zed": _AT_PLACE,
    "subl": _AT_PLACE,
    "idea": _JETBRAINS,
    "pycharm": _JETBRAINS,
    "webstorm": _JETBRAINS,
    "studio": _JETBRAINS,
    "gvim": ("+{line}", "{file}"),
    "emacsclient": ("--no-wait", "+{line}:{column}", "{file}"),
}
"""Editors with windows of their own, likeliest first, and how each is told a place."""


def editor_argv(environ: Mapping[str, str], file: Path, line: int, column: int) -> list[str]:
    """The command that shows a place. Raises ToolError when no editor is known that has a window of its own."""
    search = environ.get("PATH", "")
    chosen = next((environ[name] for name in VARIABLES if environ.get(name, "").strip()), "")
    words = shlex.split(chosen) if chosen else []
    if words and Path(words[0]).stem in ARGUMENTS and (program := shutil.which(words[0], path=search)):
        return [program, *words[1:], *_arguments(Path(words[0]).stem, file, line, column)]
    if environ.get(VARIABLES[0], "").strip():
        raise ToolError(
            f"{VARIABLES[0]} names {chosen!r}, which is not on PATH or not known to open a line",
            hint=f"Known are {', '.join(ARGUMENTS)}.",
        )
    for name in ARGUMENTS:
        if program := shutil.which(name, path=search):
            return [program, *_arguments(name, file, line, column)]
    raise ToolError(
        "no editor is on PATH that can be opened at a line",
        hint=f"Set {VARIABLES[0]} to one of {', '.join(ARGUMENTS)}.",
    )


def open_in_editor(
    root: Path, file: str, line: int, column: int, *, environ: Mapping[str, str], cwd: Path
) -> None:
    """Show a line of the file at `file` below `root`. Raises MiniProgramError when that is not possible."""
    path = root / file
    if not is_inside(path, root) or not path.is_file():
        raise MiniProgramError(f"{file} is no file of the mini-program")
    argv = editor_argv(environ, real_path(path), line, column)
    try:
        subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # it stays when the preview ends
        )
    except OSError as error:
        raise ToolError(f"{argv[0]} cannot be started: {error.strerror or error}") from error


def _arguments(name: str, file: Path, line: int, column: int) -> list[str]:
    return [part.format(file=file, line=line, column=column) for part in ARGUMENTS[name]]
