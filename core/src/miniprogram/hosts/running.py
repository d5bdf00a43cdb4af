"""Run a host app in the foreground: its output and its keys are the person's, its exit code is ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from miniprogram.errors import ToolError, UsageError

STOP_WAIT_S = 5.0
_CMD_METACHARACTERS = '"&|<>^%!'


def run_app(argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str]) -> int:
    """Run `argv` in `cwd` with our own stdin, stdout and stderr; return its exit code as `await_app` does.

    Raises ToolError like `start_app`; KeyboardInterrupt goes on once the child has ended.
    """
    child = start_app(argv, cwd=cwd, environ=environ)
    try:
        return await_app(child)
    except BaseException:
        _end(child)
        raise


def start_app(argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `argv` in `cwd` with our own stdin, stdout and stderr.

    Raises ToolError when the program is not on the PATH of `environ`.
    """
    program = _find(argv[0], environ)
    _refuse_metacharacters(program, argv[1:])
    sys.stdout.flush()
    try:
        return subprocess.Popen([program, *argv[1:]], cwd=cwd, env=dict(environ))
    except OSError as error:
        raise ToolError(f"{program} cannot be started: {error.strerror or error}") from error


def await_app(child: subprocess.Popen[bytes]) -> int:
    """Its exit code; a child that a signal ended counts as 128 and the signal's number."""
    code = child.wait()
    return code if code >= 0 else 128 - code


def _find(name: str, environ: Mapping[str, str]) -> str:
    found = shutil.which(name, path=environ.get("PATH", ""))  # finds flutter.bat on Windows
    if found is None:
        raise ToolError(f"{name} is not on PATH", hint=f"Install it, or add the folder that holds {name} to PATH.")
    return found


def _refuse_metacharacters(program: str, arguments: Sequence[str]) -> None:
    # Windows runs batch files through cmd.exe, which reads these even inside quotes
    if not program.lower().endswith((".bat", ".cmd")):
        return
    for argument in arguments:
        if any(character in argument for character in _CMD_METACHARACTERS):
            raise UsageError(f"{argument!r} holds a character that cannot be passed to {program}")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Wait for a child that the same Ctrl-C reached; stop one that it did not."""
    for stop in (child.terminate, child.kill):
        try:
            child.wait(STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            stop()
        else:
            return
    child.wait()
