"""A mini-program that mistakes are written into, and the commands that tell of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.findings.sources import PART
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

FLUTTER = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    flutter = tmp_path / "bin" / "flutter"
    flutter.parent.mkdir()
    flutter.write_text(FLUTTER)
    flutter.chmod(0o755)
    return {"HOME": str(tmp_path), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}


@pytest.fixture
def root(tmp_path: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["create", "shop", "--language", "json"], AppContext(cwd=tmp_path, environ=environ)) == 0
    (tmp_path / "shop/stac/components").mkdir()
    (tmp_path / "shop/stac/components/part.py").write_text(PART.format(here=""), "utf-8")
    capsys.readouterr()
    return tmp_path / "shop"


@pytest.fixture
def told(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, list[str]]]:
    """Runs a command in the mini-program: the exit code and every line it wrote."""

    def tell(*argv: str, cwd: Path = root) -> tuple[int, list[str]]:
        code = run(list(argv), AppContext(cwd=cwd, environ=environ))
        out, err = capsys.readouterr()
        return code, [*out.splitlines(), *err.splitlines()]

    return tell
