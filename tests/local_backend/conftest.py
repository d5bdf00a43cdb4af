"""A workspace, a home, and servers that end with their test."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from miniprogram.local_backend.scaffold import init_workspace
from miniprogram.state.workspace_location import BackendWorkspace

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def workspace(tmp_path: Path, home: Path) -> BackendWorkspace:
    return init_workspace(tmp_path / "work", home=home, now=NOON).workspace


@pytest.fixture
def make_workspace(tmp_path: Path, home: Path) -> Callable[[str], BackendWorkspace]:
    return lambda name: init_workspace(tmp_path / name, home=home, now=NOON).workspace


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def _no_survivors() -> Iterator[None]:
    yield
    children = psutil.Process().children(recursive=True)
    for child in children:
        child.kill()
    psutil.wait_procs(children, timeout=5)
