"""What pytest gets wherever `miniprogram` is installed: readable failures of the contracts, and two fixtures.

Found through the entry point `pytest11`, so every start of pytest imports it: it stays light.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from miniprogram.plugins.markers import HOOK_API_VERSION
from miniprogram.testing import MODULES
from miniprogram.version import VERSION

TIMEOUT_S = 110
"""Seconds one command line may take."""

pytest.register_assert_rewrite(*(f"miniprogram.testing.{module}" for module in MODULES))


class Answer(NamedTuple):
    """What a command line answered."""

    code: int
    out: str
    err: str


def pytest_report_header() -> str:
    """Which core the plugin under test meets."""
    return f"miniprogram: {VERSION}, hook API {HOOK_API_VERSION}"


@pytest.fixture
def miniprogram_program(tmp_path: Path) -> Path:
    """The folder of a small mini-program with the id `shop` in version 1.0.0."""
    from miniprogram.testing.samples import write_program

    return write_program(tmp_path / "shop")


@pytest.fixture
def miniprogram_run(tmp_path: Path) -> Callable[..., Answer]:
    """Runs a command line in the test's folder, with a home of its own: `miniprogram_run("plugins", "check")`.

    Only what is installed is found, as always; `environ` sets further environment variables.
    """

    def answer(*argv: str, cwd: Path | None = None, **environ: str) -> Answer:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "miniprogram", *argv],
            cwd=cwd or tmp_path,
            env={**os.environ, "HOME": str(tmp_path / "home"), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=TIMEOUT_S,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return answer
