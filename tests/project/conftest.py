"""A small mini-program on disk, and what a build needs around it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.build import BuildReport, build_program
from miniprogram.project.location import ProgramLocation

Write = Callable[[str, object], Path]
HELLO = {"type": "scaffold", "body": {"type": "text", "data": "Hello"}}
MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "entry": "shop_home",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}


@pytest.fixture
def sources() -> Mapping[str, ScreenSourceSpec]:
    return {spec.suffix: spec for spec in miniprogram_screen_sources()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a mini-program with a manifest and one JSON screen."""
    root = tmp_path / "shop"
    (root / "stac" / "screens").mkdir(parents=True)
    (root / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    (root / "stac" / "screens" / "shop_home.json").write_text(json.dumps(HELLO), "utf-8")
    return root


@pytest.fixture
def location(root: Path) -> ProgramLocation:
    return ProgramLocation(root, "shop")


@pytest.fixture
def write(root: Path) -> Write:
    """Writes a file of the mini-program: text and bytes as they are, everything else as JSON."""

    def write(name: str, content: object) -> Path:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return write


@pytest.fixture
def manifest() -> dict[str, Any]:
    return dict(MANIFEST)


@pytest.fixture
def build(location: ProgramLocation, sources: Mapping[str, ScreenSourceSpec]) -> Callable[[], BuildReport]:
    """Builds the mini-program with the sources the core brings."""
    return lambda: build_program(location, sources=sources)
