"""What must hold of a bundle before any target may take it."""

from __future__ import annotations

from collections.abc import Iterable

from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.errors import ProjectError
from miniprogram.packages.manifest import Manifest

SEGMENT_RULE = "use letters, digits, '.', '_' and '-'"


def check_manifest(manifest: Manifest) -> None:
    """Raises ProjectError for an id or version that no delivery path can carry."""
    if not is_safe_segment(manifest.id):
        raise ProjectError(f"manifest.json: id {manifest.id!r} cannot be part of a delivery path: {SEGMENT_RULE}")
    check_version(manifest.version)


def check_version(version: str) -> None:
    """Raises ProjectError for a version of a manifest that no delivery path can carry."""
    try:
        Version.parse(version)
    except ValueError:
        raise ProjectError(
            f"manifest.json: version {version!r} is not a semantic version", hint="Write it like 1.2.0."
        ) from None
    if "+" in version:
        raise ProjectError(
            f"manifest.json: version {version!r} has build metadata, which no delivery path can carry",
            hint="Leave out everything from the + on.",
        )


def check_screens(manifest: Manifest, names: Iterable[str]) -> None:
    """Raises ProjectError for a screen id no path can carry, and when the entry screen is not among `names`."""
    found = set(names)
    for name in sorted(found):
        if not is_safe_segment(name):
            raise ProjectError(f"the screen {name!r} cannot be part of a delivery path: {SEGMENT_RULE}")
    if not found:
        raise ProjectError(f"{manifest.id} has no built screens", hint="Run `miniprogram build`.")
    if manifest.entry not in found:
        raise ProjectError(
            f"manifest.json: entry {manifest.entry!r} is not a built screen: {', '.join(sorted(found))}"
        )


def check_paths(paths: Iterable[str]) -> None:
    """Raises ProjectError for two paths that are one on file systems that ignore case, or the form of accents."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.get(path.casefold())
        if other == path:
            raise ProjectError(f"two files are called {path}: their names differ only in how accents are stored")
        if other is not None:
            raise ProjectError(f"{other} and {path} differ only in case: many file systems cannot hold both")
        seen[path.casefold()] = path
