"""Runs every command of the core, with `--help` and without arguments, and prints what each answered as JSON."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from pathlib import Path

from miniprogram.cli.command_table import COMMANDS
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import frozen_clock

STAYS = {("preview",), ("host", "run"), ("backend", "start"), ("publisher-backend", "run")}
"""Commands that start something and stay."""
TELLS_OF_PLUGINS = {("plugins", "list"), ("plugins", "check"), ("plugins", "lock"), ("doctor",), ("capabilities",)}
TAKES_SETTINGS = {spec.path for spec in COMMANDS if spec.settings_of}
"""Their help lists the options of plugins that work."""


def answer(argv: list[str], folder: Path) -> list[object]:
    """Exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    context = AppContext(cwd=folder, environ={**os.environ, "HOME": str(folder)}, now=frozen_clock)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(argv, context)
    return [code, out.getvalue(), err.getvalue()]


def main() -> None:
    """Print the answers by command line. Those that are about plugins give their exit code and form only."""
    work = Path(sys.argv[1]) / "empty"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    os.chdir(work)
    answers: dict[str, list[object]] = {}
    for path in sorted(spec.path for spec in COMMANDS):
        helped = answer([*path, "--help"], work)
        assert helped[0] == 0, (path, helped)
        answers[f"{' '.join(path)} --help"] = helped[: 1 if path in TAKES_SETTINGS else 3]
        if path not in STAYS:
            bare = answer([*path], work)
            assert "internal error" not in str(bare[2]), (path, bare)
            answers[" ".join(path)] = [path in TELLS_OF_PLUGINS] if path in TELLS_OF_PLUGINS else bare
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
