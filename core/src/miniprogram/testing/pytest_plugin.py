"""What pytest gets wherever `miniprogram` is installed: readable failures of the contracts, and fixtures.

Found through the entry point `pytest11`, so every start of pytest imports it: it stays light.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from miniprogram.plugins.markers import HOOK_API_VERSION
from miniprogram.testing import MODULES
from miniprogram.version import VERSION

if TYPE_CHECKING:
    from miniprogram.seams.cloud_provider import ProviderContext

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


@pytest.fixture
def miniprogram_free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def miniprogram_environment(
    tmp_path: Path, miniprogram_run: Callable[..., Answer]
) -> Callable[..., ProviderContext]:
    """Configures the environment `test` as a person would: `miniprogram_environment("acme", bucket="programs")`.

    Takes the name of a provider that is installed, and its options by field. Returns the context that the provider
    of this environment gets; a delivery server that is deployed opens the same environment.
    """
    from miniprogram.seams.cloud_provider import ProviderContext

    def configure(provider: str, **options: object) -> ProviderContext:
        said = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        for argv in (["init"], ["configure", "test", "--provider", provider, *said], ["use", "test"]):
            answer = miniprogram_run("env", *argv)
            assert answer.code == 0, answer.err
        home = tmp_path / "home"
        return ProviderContext("test", tmp_path, home, {**os.environ, "HOME": str(home)})

    return configure
