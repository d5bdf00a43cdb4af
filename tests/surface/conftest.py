"""The promised surface, and a small world in which every exit code can be provoked."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

SURFACE = Path(__file__).parents[2] / "docs" / "reference" / "surface.yaml"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def surface() -> list[dict[str, Any]]:
    commands: list[dict[str, Any]] = yaml.safe_load(SURFACE.read_text())["commands"]
    return commands


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """`shop/`: a JSON mini-program with a mock backend; `host/`: a Flutter app; `bin/flutter`: a stand-in."""
    shop = tmp_path / "shop"
    (shop / "stac" / "screens").mkdir(parents=True)
    (shop / "stac" / "screens" / "shop_home.json").write_text(
        '{"type": "center", "child": {"type": "text", "data": "Hi"}}'
    )
    manifest = {"id": "shop", "version": "1.0.0", "entry": "shop_home", "contractVersion": "1.0.0"}
    manifest |= {"sdkVersionRange": ">=1.0.0 <2.0.0", "requiredCapabilities": ["analytics"]}
    (shop / "manifest.json").write_text(json.dumps(manifest))
    host = tmp_path / "host"
    (host / "lib").mkdir(parents=True)
    (host / "pubspec.yaml").write_text("name: host\nversion: 1.0.0\ndependencies:\n  flutter:\n    sdk: flutter\n")
    flutter = tmp_path / "bin" / "flutter"
    flutter.parent.mkdir()
    flutter.write_text("#!/bin/sh\nexit ${FLUTTER_EXIT:-0}\n")
    flutter.chmod(0o755)
    (tmp_path / "home").mkdir()
    return tmp_path


@pytest.fixture
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def call(world: Path, port: str, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run `@folder command …`; `{port}` and `{world}` are filled in. What was started is stopped at the end.

    `!write FILE TEXT` makes a file instead.
    """

    def call(line: str) -> tuple[int, str, str]:
        words = [word.format(port=port, world=world) for word in line.split()]
        folder = world
        if words[0] == "!write":
            (world / words[1]).parent.mkdir(parents=True, exist_ok=True)
            (world / words[1]).write_text(words[2])
            return 0, "", ""
        if words[0].startswith("@"):
            folder = world / words.pop(0)[1:]
        environ = {"HOME": str(world / "home"), "PATH": f"{world / 'bin'}:/usr/bin:/bin"}
        code = run(words, AppContext(cwd=folder, environ=environ))
        return (code, *capsys.readouterr())

    yield call
    for cleanup in ("backend stop", "@shop publisher-backend stop", "cloud destroy --env team --yes"):
        call(cleanup)
