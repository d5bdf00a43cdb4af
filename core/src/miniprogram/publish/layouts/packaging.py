"""Which package a version gets in a layout, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.package_options import PackageOptions
from miniprogram.packages.rendered_file import RenderedFile
from miniprogram.seams.publish_target import Release

MANIFEST = "manifest.json"
PACKAGE_KINDS = (
    kinds.PACKAGE,
    kinds.SEALED_PACKAGE,
    kinds.PACKAGE_DELTA,
    kinds.PACKAGE_INDEX,
    kinds.AUTHORED_SCREEN,
)


@dataclass(frozen=True, slots=True)
class Packaging:
    """What a package is made of. `filled` are paths of screens that are stored with addresses in them."""

    bundle: Bundle = field(repr=False)
    keys: Keys = field(repr=False)
    options: PackageOptions
    filled: frozenset[str]
    sealed_for: tuple[str, ...] = ()
    """Public keys, as texts, that alone can open it; empty: anybody can."""


def stored_files(release: Release, rendered: Iterable[RenderedFile]) -> tuple[RenderedFile, ...]:
    """What is stored of a version in plain: everything, or of a sealed one its manifest alone."""
    return tuple(file for file in rendered if not release.sealed_for or file.path == MANIFEST)


def packaging_of(release: Release, keys: Keys, rendered: Iterable[RenderedFile]) -> Packaging | None:
    """How `release` is packed; None when no package is wanted."""
    if release.packages is None:
        if release.sealed_for:
            raise PublishError(
                f"{release.bundle.program_id} is sealed, and a sealed version is nothing but a package"
            )
        return None
    filled = frozenset(file.path for file in rendered if file.filled)
    return Packaging(release.bundle, keys, release.packages, filled, release.sealed_for or ())


def package_key(keys: Keys, kind: kinds.DocumentKind, bundle: Bundle, *values: str) -> str:
    """The key of a document of the version's package."""
    return keys.key(kind, bundle.program_id, bundle.version, *values)


def is_of_package(keys: Keys, key: str) -> bool:
    """Whether `key` belongs to the package of any version."""
    found = keys.identify(key)
    return found is not None and found.kind in PACKAGE_KINDS
