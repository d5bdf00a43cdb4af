"""Bundles and releases to test with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.manifest import Manifest
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json
from miniprogram.testing.clock import NOON

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A picture of one pixel."""


def sample_manifest(program_id: str = "shop", version: str = "1.0.0", **members: Any) -> dict[str, Any]:
    """A manifest document; `members` replace or add to it."""
    return {
        "id": program_id,
        "version": version,
        "entry": f"{program_id}_home",
        "contractVersion": "1.0.0",
        "sdkVersionRange": ">=1.0.0 <2.0.0",
        "requiredCapabilities": ["analytics"],
        **members,
    }


def sample_screens(program_id: str = "shop", *, text: str = "Welcome") -> dict[str, dict[str, Any]]:
    """Two small screens by id, the entry screen among them. They hold no placeholder and no image."""
    return {
        f"{program_id}_home": {"type": "text", "data": text},
        f"{program_id}_details": {"type": "text", "data": "Details"},
    }


def image_screen(source: str = "assets/logo.png") -> dict[str, Any]:
    """A screen that shows one local image."""
    return {"type": "column", "children": [{"type": "image", "src": source}]}


def sample_bundle(
    program_id: str = "shop",
    version: str = "1.0.0",
    *,
    screens: Mapping[str, Any] | None = None,
    assets: Mapping[str, bytes] | None = None,
) -> Bundle:
    """A bundle in memory. `screens` are nodes by id, `assets` bytes by path below `assets/`."""
    manifest = sample_manifest(program_id, version)
    nodes = sample_screens(program_id) if screens is None else screens
    files = [BundleFile.of("manifest.json", to_pretty_json(manifest))]
    files += [BundleFile.of(f"screens/{name}.json", to_pretty_json(node)) for name, node in nodes.items()]
    files += [BundleFile.of(f"assets/{name}", body) for name, body in (assets or {}).items()]
    return Bundle.of(Manifest.model_validate(manifest), files)


def sample_release(
    program_id: str = "shop",
    version: str = "1.0.0",
    *,
    screens: Mapping[str, Any] | None = None,
    assets: Mapping[str, bytes] | None = None,
    published_at: datetime = NOON,
    base_url: str | None = None,
    allow_older: bool = False,
) -> Release:
    """A release of `sample_bundle`."""
    bundle = sample_bundle(program_id, version, screens=screens, assets=assets)
    return Release(bundle, published_at, base_url=base_url, allow_older=allow_older)


def write_program(root: Path, program_id: str = "shop", version: str = "1.0.0", *, text: str = "Welcome") -> Path:
    """A mini-program on disk with JSON screens and no images. Returns `root`."""
    screens = root / "stac" / "screens"
    screens.mkdir(parents=True, exist_ok=True)
    (root / "manifest.json").write_bytes(to_pretty_json(sample_manifest(program_id, version)))
    for name, node in sample_screens(program_id, text=text).items():
        (screens / f"{name}.json").write_bytes(to_pretty_json(node))
    return root
