"""The versions a host has: kept in its cache, and embedded in it when it was built."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from miniprogram.client.cache import ProgramCache
from miniprogram.client.state import HeldVersion
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.errors import DocumentError
from miniprogram.logs import get_log
from miniprogram.packages.package_file import SUFFIX, Package, open_archive, read_package

log = get_log(__name__)


class LocalVersions:
    """Archives of one mini-program, by sha256, wherever they are. `presets`: the folder of embedded packages."""

    def __init__(self, cache: ProgramCache, presets: Path | None) -> None:
        self._cache, self._presets = cache, presets

    def archive(self, sha256: str) -> bytes | None:
        """The archive; None when the host does not have it."""
        found = self._cache.archive(sha256)
        if found is not None:
            return found
        return next((preset.archive for preset in self._embedded if preset.sha256 == sha256), None)

    def package(self, held: HeldVersion) -> Package | None:
        """The version, whole; None when the host does not have it any more."""
        body = self.archive(held.archive)
        return None if body is None else open_archive(body, name=f"{self._cache.program_id} {held.version}")

    def packages(self) -> Iterator[Package]:
        """Every version the host has."""
        yield from self._embedded
        for sha256 in self._cache.archives():
            body = self._cache.archive(sha256)
            if body is not None:
                yield open_archive(body, name=f"{self._cache.program_id} {sha256[:16]}…")

    def keep(self, archive: bytes) -> str:
        return self._cache.keep(archive)

    def part_file(self, sha256: str) -> Path:
        return self._cache.part_file(sha256)

    def embedded(self, *, except_for: tuple[str, ...]) -> HeldVersion | None:
        """The highest embedded version; `except_for` are digests that are passed over."""
        usable = [preset for preset in self._embedded if preset.bundle.digest not in except_for]
        best = max(usable, key=lambda preset: Version.parse(preset.bundle.version), default=None)
        return None if best is None else held(best)

    @cached_property
    def _embedded(self) -> tuple[Package, ...]:
        """What the host was built with. A package that is damaged is passed over: the host still runs."""
        return tuple(self._read_embedded())

    def _read_embedded(self) -> Iterator[Package]:
        if self._presets is None:
            return
        for path in sorted(self._presets.glob(f"{self._cache.program_id}-*{SUFFIX}")):
            try:
                package = read_package(path)
            except DocumentError as error:
                log.warning("preset_unreadable", path=str(path), reason=str(error))
                continue
            if package.bundle.program_id == self._cache.program_id:
                yield package


def held(package: Package) -> HeldVersion:
    """How a package is remembered."""
    return HeldVersion(version=package.bundle.version, digest=package.bundle.digest, archive=package.sha256)
