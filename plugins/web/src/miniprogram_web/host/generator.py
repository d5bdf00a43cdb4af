"""A web page as a kind of host app: where its files are, and what they are made of."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import (
    EmbedPlan,
    EmbedRequest,
    EndpointFiles,
    HostFiles,
    Owner,
    PlannedFile,
    RegistryEntry,
)
from miniprogram_web.host.endpoint_files import PRESETS, render_endpoints
from miniprogram_web.host.project import (
    PACKAGE_FILE,
    RUNTIME_PACKAGE,
    WebProject,
    is_project,
    project_file,
    read_project,
    source_folder,
)
from miniprogram_web.host.registry import parse_registry

DEFAULT_HOST_VERSION = "1.0.0"
RUNTIME_FOLDER = "runtime"

_FILES = Path(__file__).parent / "files"
_TEMPLATES = ("setup.js", "launcher.js", "launcher.d.ts", "README.md")
_VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")


class WebGenerator:
    """Implements `miniprogram.seams.host_generator.HostGenerator`."""

    def detect(self, project_root: Path) -> bool:
        return is_project(project_root)

    def is_host(self, project_root: Path) -> bool:
        return self.detect(project_root) and self.files(project_root).runtime_setup.is_file()

    def files(self, project_root: Path) -> HostFiles:
        folder = source_folder(project_root)
        return HostFiles(
            project_file=project_file(project_root),
            runtime_setup=folder / "setup.js",
            launcher=folder / "launcher.js",
            endpoint_map=folder / "endpoints.js",
            registry=folder / "registry.js",
            presets=folder / PRESETS,
        )

    def plan_embedding(self, request: EmbedRequest) -> EmbedPlan:
        project = read_project(request.project_root)
        folder = source_folder(request.project_root)
        app_id = request.host_app_id or project.name
        host_version = request.host_version or project.version or DEFAULT_HOST_VERSION
        notes = []
        if not _VERSION.fullmatch(host_version):
            notes.append(
                f"The host version {host_version!r} is no semantic version: rules for host versions cannot match."
            )
        files = (
            *_own_files(folder, project, app_id, host_version),
            *_first_endpoints(self.files(request.project_root), with_demo=request.with_demo),
            *([] if project.has_runtime_package else _runtime_files(folder / RUNTIME_FOLDER)),
        )
        return EmbedPlan(project.name, app_id, host_version, files, tuple(notes), _next_step(project, folder))

    def read_registry(self, text: str, *, name: str) -> tuple[RegistryEntry, ...] | None:
        return parse_registry(text, name=name)

    def render_endpoints(self, endpoints: Sequence[Endpoint], registry: Sequence[RegistryEntry]) -> EndpointFiles:
        return render_endpoints(endpoints, registry)

    def run_argv(self, device: str, base_url: str | None) -> list[str]:
        address = ["--api-base-url", base_url] if base_url else []
        return [sys.executable, "-m", "miniprogram_web.host", "--device", device, *address]


def _own_files(folder: Path, project: WebProject, app_id: str, host_version: str) -> Iterator[PlannedFile]:
    runtime = RUNTIME_PACKAGE if project.has_runtime_package else f"./{RUNTIME_FOLDER}/mini-program.js"
    values = {"RUNTIME": runtime, "HOST_APP_ID": app_id, "HOST_VERSION": host_version}
    for name in _TEMPLATES:
        text = (_FILES / name).read_text("utf-8")
        for key, value in values.items():
            text = text.replace(f'"__{key}__"', json.dumps(value))
        text = text.replace("__FOLDER__", folder.relative_to(project.root).as_posix())
        yield PlannedFile(folder / name, text.encode(), "tool")
    yield PlannedFile(folder / "host.js", (_FILES / "host.js").read_bytes(), "app")


def _first_endpoints(files: HostFiles, *, with_demo: bool) -> Iterator[PlannedFile]:
    """A map and a registry without entries where there are none: the setup imports them."""
    if with_demo or files.endpoint_map.is_file():
        return
    empty = render_endpoints((), ())
    yield PlannedFile(files.endpoint_map, empty.endpoint_map, "shared")
    if not files.registry.is_file():
        yield PlannedFile(files.registry, empty.registry, "shared")


def _runtime_files(folder: Path) -> list[PlannedFile]:
    """The runtime beside them. A copy that nobody edited is renewed without asking."""
    from miniprogram_web.npm.package_files import package_files, unchanged_since_written  # deferred: reads it all

    owner: Owner = "shared" if unchanged_since_written(folder) else "tool"
    return [PlannedFile(folder / path, body, owner) for path, body in package_files().items()]


def _next_step(project: WebProject, folder: Path) -> str:
    setup = (folder / "setup.js").relative_to(project.root).as_posix()
    if project.project_file.name == PACKAGE_FILE:
        return f"import {setup} where the application starts, and put <mini-program app-id=…> where one shall be."
    return f'put <script type="module" src="{setup}"></script> and <mini-program app-id=…> into the page.'
