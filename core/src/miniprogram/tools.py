"""External programs, run without a shell."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from miniprogram.errors import ToolError


def run_tool(argv: Sequence[str], *, cwd: Path, timeout_s: float, environ: Mapping[str, str] | None = None) -> str:
    """Run `argv` without a shell and return its stdout, decoded as UTF-8.

    `environ` replaces the environment when given. Raises ToolError when the program is missing, fails or
    outlives `timeout_s` seconds.
    """
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            timeout=timeout_s,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=True,
        )
    except FileNotFoundError:
        raise ToolError(f"{argv[0]} is not on PATH") from None
    except subprocess.TimeoutExpired:
        raise ToolError(f"{argv[0]} gave no answer within {timeout_s:g} s") from None
    except subprocess.CalledProcessError as error:
        last_line = (error.stderr.strip().splitlines() or ["no message"])[-1]
        raise ToolError(f"{argv[0]} failed ({error.returncode}): {last_line}") from error
    return done.stdout
