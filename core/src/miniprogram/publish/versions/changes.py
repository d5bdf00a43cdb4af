"""What hosts will see that is new: a bundle compared with the version that is served, screen by screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from miniprogram.errors import DocumentError
from miniprogram.models import FrozenModel
from miniprogram.packages.bundle import Bundle
from miniprogram.publish.versions.json_differences import Difference, differences
from miniprogram.seams.version_keeping import StoredVersion
from miniprogram.strict_json import parse_json

SCREENS, ASSETS, MANIFEST = "screens/", "assets/", "manifest.json"

Change = Literal["added", "changed", "removed"]


class FileChange(FrozenModel):
    """A screen or an asset that is not as it is served. `name` is the screen's id, or the path below `assets/`."""

    name: str
    change: Change
    differences: tuple[Difference, ...] = ()
    """What differs in a screen that is changed, in the order of the document."""


class VersionChanges(FrozenModel):
    """What differs from `compared_with`; null when nothing is served yet, and then everything is new."""

    compared_with: str | None
    manifest: tuple[Difference, ...] = ()
    screens: tuple[FileChange, ...] = ()
    assets: tuple[FileChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.manifest or self.screens or self.assets)


def changed_paths(bundle: Bundle, served: Mapping[str, str]) -> dict[str, Change]:
    """Paths in the bundle that differ, sorted. `served` are sha256 by path of the version that is served."""
    new = {file.path: file.sha256 for file in bundle.files}
    kinds: dict[str, Change] = {}
    for path in sorted({*new, *served}):
        if path not in served:
            kinds[path] = "added"
        elif path not in new:
            kinds[path] = "removed"
        elif new[path] != served[path]:
            kinds[path] = "changed"
    return kinds


def compare_versions(bundle: Bundle, served: StoredVersion | None) -> VersionChanges:
    """What `bundle` changes. `served` has the bodies of the manifest and of the screens that differ."""
    kinds = changed_paths(bundle, served.files if served is not None else {})
    bodies = {file.path: file.body for file in bundle.files}

    def row(path: str, prefix: str) -> FileChange:
        found: tuple[Difference, ...] = ()
        if prefix == SCREENS and kinds[path] == "changed" and served is not None:
            found = tuple(_differences(served, path, bodies[path]))
        name = path.removeprefix(prefix)
        return FileChange(
            name=name.removesuffix(".json") if prefix == SCREENS else name, change=kinds[path], differences=found
        )

    manifest = kinds.get(MANIFEST) == "changed" and served is not None
    return VersionChanges(
        compared_with=served.version if served is not None else None,
        manifest=tuple(_differences(served, MANIFEST, bodies[MANIFEST])) if manifest and served else (),
        screens=tuple(row(path, SCREENS) for path in kinds if path.startswith(SCREENS)),
        assets=tuple(row(path, ASSETS) for path in kinds if path.startswith(ASSETS)),
    )


def _differences(served: StoredVersion, path: str, body: bytes) -> Iterator[Difference]:
    stored = served.bodies.get(path)
    try:
        before = parse_json(stored, name=path) if stored is not None else None
    except DocumentError:
        before = None  # what cannot be read is replaced as a whole
    yield from differences(_without_address(before, served.assets_url), parse_json(body, name=path))


def _without_address(value: Any, assets_url: str | None) -> Any:
    """A stored screen as it was authored: addresses of assets are written only when it is published."""
    if assets_url is None:
        return value
    if isinstance(value, str):
        return f"assets/{value.removeprefix(assets_url)}" if value.startswith(assets_url) else value
    if isinstance(value, list):
        return [_without_address(each, assets_url) for each in value]
    if isinstance(value, dict):
        return {name: _without_address(each, assets_url) for name, each in value.items()}
    return value
