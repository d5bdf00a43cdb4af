"""Flutter as a kind of host app: where its files are, and what they are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from miniprogram.errors import MiniProgramError
from miniprogram.files import real_path
from miniprogram.hosts.endpoint_block import write_block
from miniprogram.hosts.file_changes import read_current_text
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import (
    EmbedPlan,
    EmbedRequest,
    EndpointFiles,
    HostFiles,
    PlannedFile,
    RegistryEntry,
)
from miniprogram_flutter.registry import named_entries, parse_registry, render_registry
from miniprogram_flutter.rendering import DartCode, render

if TYPE_CHECKING:
    from miniprogram_flutter.pubspec import Pubspec

FOLDER = Path("lib", "mini_program")
PRESETS = Path("assets", "mini_program", "presets")
BASE_URL_DEFINE = "MINI_PROGRAM_BACKEND_BASE_URL"
DEFAULT_HOST_VERSION = "1.0.0"

NEXT_STEP = "run `flutter pub get`, and wire it up as lib/mini_program/README.md says."

_FLUTTER = re.compile(r"(?:^|[{,])\s*[\"']?flutter[\"']?\s*:", re.MULTILINE)
"""Among the dependencies, or the section with its settings."""
_VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")


class FlutterGenerator:
    """Implements `miniprogram.seams.host_generator.HostGenerator`."""

    def detect(self, project_root: Path) -> bool:
        """A package of Dart that uses Flutter: others have a pubspec.yaml, too."""
        text = read_current_text(project_root / "pubspec.yaml")
        return text is not None and _FLUTTER.search(text) is not None

    def is_host(self, project_root: Path) -> bool:
        return self.detect(project_root) and self.files(project_root).runtime_setup.is_file()

    def files(self, project_root: Path) -> HostFiles:
        folder = project_root / FOLDER
        return HostFiles(
            project_file=project_root / "pubspec.yaml",
            runtime_setup=folder / "mini_program_runtime_setup.dart",
            launcher=folder / "mini_program_launcher.dart",
            endpoint_map=folder / "mini_program_endpoints.dart",
            registry=folder / "mini_program_registry.dart",
            presets=project_root / PRESETS,
        )

    def plan_embedding(self, request: EmbedRequest) -> EmbedPlan:
        # deferred: YAML and XML are read here only, and an editor asks for the rest at every refresh
        from miniprogram_flutter.android import plan_android
        from miniprogram_flutter.pubspec import add_dependencies, read_pubspec

        root = request.project_root
        if not (root / "lib").is_dir():
            raise MiniProgramError(f"{root} has a pubspec.yaml but no lib folder: it is not a Flutter app")
        path = root / "pubspec.yaml"
        text = read_current_text(path) or ""
        pubspec = read_pubspec(text, name=str(path))
        edit = add_dependencies(text, name=str(path))
        plan = _identity(request, pubspec)
        android, android_notes = plan_android(root)
        files = (PlannedFile(path, edit.text.encode(), "shared"), *_dart_files(request, plan), *android)
        notes = (*plan.notes, *edit.notes, *android_notes)
        return EmbedPlan(plan.package_name, plan.host_app_id, plan.host_version, files, notes, NEXT_STEP)

    def read_registry(self, text: str, *, name: str) -> tuple[RegistryEntry, ...] | None:
        return parse_registry(text, name=name)

    def render_endpoints(self, endpoints: Sequence[Endpoint], registry: Sequence[RegistryEntry]) -> EndpointFiles:
        named = named_entries(registry)
        constants = {entry.app_id: DartCode(entry.constant) for entry in named}
        ordered = sorted(endpoints, key=lambda each: each.app_id)
        rows = [(constants[each.app_id], each) for each in ordered]
        block = DartCode(write_block(ordered))
        pinned = [(each.app_id, each.trust_root) for each in ordered if each.trust_root is not None]
        presets = [
            (each.app_id, f"{PRESETS.as_posix()}/{each.app_id}.tar", each.preset_version, each.preset_digest)
            for each in ordered
            if each.preset_version is not None
        ]
        endpoint_map = render(
            "mini_program_endpoints.dart", block=block, rows=rows, pinned=pinned, presets=presets
        )
        notes = (f"pubspec.yaml has to list {PRESETS.as_posix()}/ under `flutter: assets:`.",) if presets else ()
        return EndpointFiles(endpoint_map, render_registry(named), notes)

    def run_argv(self, device: str, base_url: str | None) -> list[str]:
        define = [f"--dart-define={BASE_URL_DEFINE}={base_url}"] if base_url else []
        return ["flutter", "run", "-d", device, *define]


def _identity(request: EmbedRequest, pubspec: Pubspec) -> EmbedPlan:
    """A plan without files: who the host is."""
    package_name = pubspec.name or real_path(request.project_root).name
    host_version = request.host_version or (pubspec.version or "").split("+")[0].strip() or DEFAULT_HOST_VERSION
    notes: tuple[str, ...] = ()
    if not _VERSION.fullmatch(host_version):
        notes = (
            f"The host version {host_version!r} is no semantic version: rules for host versions cannot match.",
        )
    return EmbedPlan(package_name, request.host_app_id or package_name, host_version, (), notes)


def _dart_files(request: EmbedRequest, plan: EmbedPlan) -> list[PlannedFile]:
    folder = request.project_root / FOLDER
    with_endpoints = request.with_demo or b"mini_program_endpoints" in _barrel(folder)
    values = {"host_app_id": plan.host_app_id, "host_version": plan.host_version}
    return [
        PlannedFile(folder / "app_host_bridge.dart", render("app_host_bridge.dart", **values), "app"),
        PlannedFile(
            folder / "mini_program_runtime_setup.dart", render("mini_program_runtime_setup.dart", **values), "tool"
        ),
        PlannedFile(folder / "mini_program_launcher.dart", render("mini_program_launcher.dart"), "tool"),
        PlannedFile(
            folder / "mini_program.dart", render("mini_program.dart", with_endpoints=with_endpoints), "tool"
        ),
        PlannedFile(folder / "README.md", render("README.md"), "tool"),
    ]


def _barrel(folder: Path) -> bytes:
    text = read_current_text(folder / "mini_program.dart")
    return (text or "").encode()
