"""A kind of host app for tests: no Dart, no templates, everything visible."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from miniprogram.hosts.endpoint_block import write_block
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import (
    EmbedPlan,
    EmbedRequest,
    EndpointFiles,
    HostFiles,
    PlannedFile,
    RegistryEntry,
)


class PlainGenerator:
    """Hosts whose registry is JSON and whose only generated files are `ours.txt` and `theirs.txt`."""

    version = "1"

    def detect(self, project_root: Path) -> bool:
        return (project_root / "app.json").is_file()

    def is_host(self, project_root: Path) -> bool:
        return self.files(project_root).runtime_setup.is_file()

    def files(self, project_root: Path) -> HostFiles:
        folder = project_root / "mp"
        return HostFiles(
            project_root / "app.json",
            folder / "ours.txt",
            folder / "launcher.txt",
            folder / "endpoints.js",
            folder / "registry.json",
        )

    def plan_embedding(self, request: EmbedRequest) -> EmbedPlan:
        folder = request.project_root / "mp"
        files = (
            PlannedFile(folder / "ours.txt", f"ours {self.version}".encode(), "tool"),
            PlannedFile(folder / "theirs.txt", f"theirs {self.version}".encode(), "app"),
        )
        return EmbedPlan("plain", request.host_app_id or "plain", "1.0.0", files)

    def read_registry(self, text: str, *, name: str) -> tuple[RegistryEntry, ...] | None:
        if not text.startswith("["):
            return None
        return tuple(RegistryEntry(*row) for row in json.loads(text))

    def render_endpoints(self, endpoints: Sequence[Endpoint], registry: Sequence[RegistryEntry]) -> EndpointFiles:
        rows = [[each.app_id, each.title, each.constant or each.app_id.upper()] for each in registry]
        return EndpointFiles(write_block(list(endpoints)).encode(), json.dumps(rows).encode())

    def run_argv(self, device: str, base_url: str | None) -> list[str]:
        return ["plain-run", device, *([base_url] if base_url else [])]


@pytest.fixture
def generator() -> PlainGenerator:
    return PlainGenerator()


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder that holds an app of the plain kind."""
    root = tmp_path / "app"
    root.mkdir()
    (root / "app.json").write_text("{}")
    return root


@pytest.fixture
def host(app: Path) -> Path:
    """An app of the plain kind that is embedded into."""
    (app / "mp").mkdir()
    (app / "mp" / "ours.txt").write_text("ours 1")
    return app
