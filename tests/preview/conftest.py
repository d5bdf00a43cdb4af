"""A mini-program with an image, a session that shows it, and a device that is a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.preview.bundle import PreviewBundle, load_bundle
from miniprogram.preview.session import PreviewSession
from miniprogram.project.build import BuildReport, build_program
from miniprogram.project.location import ProgramLocation
from miniprogram.seams.preview_host import AppLaunch, PreviewAddress, PreviewProgram, Reach

MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "title": "Corner shop",
    "entry": "shop_home",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = (tmp_path / "shop").resolve()
    (root / "stac" / "screens").mkdir(parents=True)
    (root / "assets" / "icons").mkdir(parents=True)
    (root / "assets" / "icons" / "a b.png").write_bytes(b"png")
    (root / "manifest.json").write_text(json.dumps(MANIFEST))
    children = [
        {"type": "image", "src": "assets/icons/a b.png"},
        {"type": "image", "src": "https://example.com/x.png"},
        {"type": "text", "data": "Hello"},
    ]
    (root / "stac" / "screens" / "shop_home.json").write_text(json.dumps({"type": "column", "children": children}))
    return root


@pytest.fixture
def location(root: Path) -> ProgramLocation:
    return ProgramLocation(root, "shop")


@pytest.fixture
def build(location: ProgramLocation) -> Callable[[], BuildReport]:
    sources = {spec.suffix: spec for spec in miniprogram_screen_sources()}
    return lambda: build_program(location, sources=sources)


@pytest.fixture
def bundle(build: Callable[[], BuildReport]) -> PreviewBundle:
    return load_bundle(build())


@pytest.fixture
def session(bundle: PreviewBundle) -> PreviewSession:
    session = PreviewSession()
    session.apply(bundle)
    return session


class ScriptDevice:
    """Runs a shell script as its app. `events` tells what was asked of it, in order."""

    name = "script"
    over_network = False

    def __init__(self, script: str, folder: Path, *, host: str = "127.0.0.1", notes: tuple[str, ...] = ()) -> None:
        self.script, self.folder, self.reach = script, folder, Reach(host, notes)
        self.events: list[str] = []
        self.ports: list[int] = []
        self.address: PreviewAddress | None = None

    def prepare(self, program: PreviewProgram) -> None:
        self.events.append(f"prepare {program.program_id} {program.title}")

    def connect(self, ports: Sequence[int]) -> AbstractContextManager[Reach]:
        return self._connected(ports)

    @contextmanager
    def _connected(self, ports: Sequence[int]) -> Iterator[Reach]:
        self.events.append("connect")
        self.ports = list(ports)
        try:
            yield self.reach
        finally:
            self.events.append("disconnect")

    def launch(self, program: PreviewProgram, address: PreviewAddress) -> AppLaunch:
        self.events.append("launch")
        self.address = address
        return AppLaunch(["sh", "-c", self.script, "app", address.base_url], self.folder)


@pytest.fixture
def script_device(tmp_path: Path) -> Callable[..., ScriptDevice]:
    def make(script: str, **options: object) -> ScriptDevice:
        return ScriptDevice(script, tmp_path, **options)  # type: ignore[arg-type]

    return make
