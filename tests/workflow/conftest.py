"""Workspaces to report on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing.clock import NOON

Report = Callable[..., dict[str, Any]]

MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "entry": "shop_home",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def program(workspace: Path) -> Path:
    """A mini-program that is built: its screens are newer than its sources."""
    (workspace / "manifest.json").write_text(json.dumps(MANIFEST))
    screens = workspace / "stac" / ".build" / "screens"
    screens.mkdir(parents=True)
    (screens / "shop_home.json").write_text('{"type": "center"}')
    return workspace


@pytest.fixture
def call(home: Path, workspace: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*argv: str) -> tuple[int, str, str]:
        code = run(list(argv), AppContext(cwd=workspace, environ={"HOME": str(home)}, now=lambda: NOON))
        return (code, *capsys.readouterr())

    return call


@pytest.fixture
def report(call: Callable[..., tuple[int, str, str]]) -> Report:
    def report(*options: str) -> dict[str, Any]:
        code, out, err = call("workflow", "status", "--json", *options)
        assert (code, err) == (0, "")
        document: dict[str, Any] = json.loads(out)
        return document

    return report
