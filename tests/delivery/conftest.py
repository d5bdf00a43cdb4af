"""Small workspaces and services over them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery.vectors.runner import write_workspace
from miniprogram.delivery.documents.profile import Profile, cloud_profile, local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.evaluation.errors import BrokenDocument, Degraded
from miniprogram.delivery.evaluation.rules.strictness import COMPATIBLE, STRICT
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.service import DeliveryService
from miniprogram_server.sample_feedback import FEEDBACK_ROUTE

LONG_AGO_S = 1_700_000_000


class CountingSource:
    """A folder that counts how it is used."""

    def __init__(self, folder: Path) -> None:
        self._folder = FolderSource(folder)
        self.reads = self.markers = self.lists = 0

    def read(self, key: str) -> bytes | None:
        self.reads += 1
        return self._folder.read(key)

    def marker(self, key: str) -> object | None:
        self.markers += 1
        return self._folder.marker(key)

    def list(self, prefix: str) -> list[str]:
        self.lists += 1
        return self._folder.list(prefix)


def settle(folder: Path) -> None:
    """Make every file look old: what was just written is read again on purpose."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (LONG_AGO_S, LONG_AGO_S))


def profile_for(name: str, settings: dict[str, Any]) -> Profile:
    strictness = COMPATIBLE if settings.get("strictness") == "compatible" else STRICT
    make = local_profile if name == "local" else cloud_profile
    return make(
        strictness=strictness,
        requires_access_keys=settings.get("requiresAccessKeys", False),
        protects_assets=settings.get("protectsAssets", False),
    )


class Server:
    """A service over a folder, with short ways to ask it."""

    def __init__(self, folder: Path, profile: Profile, **options: Any) -> None:
        self.folder = folder
        self.source = CountingSource(folder)
        self.failures: list[Exception] = []
        self.degraded: list[Degraded] = []
        self.broken: list[BrokenDocument] = []
        options.setdefault("report", self._report)
        options.setdefault("post_routes", (FEEDBACK_ROUTE,))
        self.service = DeliveryService(self.source, profile, **options)

    def get(self, target: str, **headers: str) -> Response:
        path, _, query = target.partition("?")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.service.handle(Request("GET", path, query, names))

    def _report(self, error: Exception, _trace_id: str) -> None:
        if isinstance(error, Degraded):
            self.degraded.append(error)
        elif isinstance(error, BrokenDocument):
            self.broken.append(error)
        else:
            self.failures.append(error)

    def write(self, key: str, content: Any) -> None:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


@pytest.fixture(scope="session")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The vectors' workspaces by profile. Not to be written to."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("local", "cloud")}
    for name, folder in folders.items():
        write_workspace(folder, name)
        settle(folder)
    return folders


@pytest.fixture
def serve(workspaces: dict[str, Path]) -> Callable[..., Server]:
    """Serves a vectors' workspace: `serve("local", strictness="compatible")`."""
    return lambda name, **settings: Server(workspaces[name], profile_for(name, settings))


@pytest.fixture
def local(tmp_path: Path) -> Server:
    """A local server over an empty folder of its own."""
    return Server(tmp_path, local_profile())


@pytest.fixture
def cloud(tmp_path: Path) -> Server:
    """A cloud server over an empty folder of its own."""
    return Server(tmp_path, cloud_profile())
