"""One launch of a mini-program: its files, and the word whether it started."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from miniprogram.client.cache import ProgramCache
from miniprogram.client.offers import Update, Upgrade
from miniprogram.client.state import HeldVersion
from miniprogram.errors import MiniProgramError
from miniprogram.packages.manifest import Manifest
from miniprogram.strict_json import parse_json, require_object

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from miniprogram.packages.package_file import Package

Source = Literal["delivered", "cached", "embedded"]
"""What was launched: the version delivery decided on, another that was kept, or one embedded in the host."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Why this version. `reason` is a sentence where it is not the one delivery decided on."""

    source: Source
    update: Update | None = None
    upgrade: Upgrade = field(default_factory=Upgrade)
    reason: str | None = None


class Launch:
    """A version that was handed out. Say `started()` once its first screen is shown.

    As a context manager, one that ends without `started()` counts as a version that did not start: it is never
    handed out again, and the last good one comes back. So does one whose process ends without a word.
    """

    def __init__(
        self,
        cache: ProgramCache,
        package: Package,
        version: HeldVersion,
        circumstances: Circumstances,
        lock: BaseFileLock | None,
    ) -> None:
        self._cache, self._held, self._lock = cache, version, lock
        self._files = {file.path: file.body for file in package.bundle.files}
        self._is_settled = False
        self.manifest: Manifest = package.bundle.manifest
        self.circumstances = circumstances

    @property
    def version(self) -> str:
        return self._held.version

    @property
    def digest(self) -> str:
        """Of the version: the one that `publish` printed."""
        return self._held.digest

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file: `manifest.json`, `screens/…`, `assets/…`."""
        return tuple(self._files)

    def read(self, path: str) -> bytes:
        """A file as its author made it. Raises KeyError when the version has none of that path."""
        return self._files[path]

    def screen(self, screen_id: str) -> Mapping[str, Any]:
        """A screen. Its images are `assets/…`, to be found with `read`. Raises KeyError when there is none."""
        path = f"screens/{screen_id}.json"
        return require_object(parse_json(self._files[path], name=path), name=path)

    def started(self) -> None:
        """The version works: it is what comes back when a later one does not."""
        self._cache.change(lambda state: state.with_started(self._held))
        self._settle()
        with suppress(MiniProgramError, OSError):  # tidying up must not stop what runs
            self._tidy()

    def failed(self) -> None:
        """The version does not work. It is never handed out again on this host."""
        self._cache.change(lambda state: state.with_failed(self._held))
        self._settle()

    def _tidy(self) -> None:
        """Delete what no launch needs any more, unless somebody is loading."""
        with self._cache.updating(0):
            state = self._cache.state()
            named = (state.current, state.good, state.trying)
            self._cache.forget_all_but({each.archive for each in named if each is not None})

    def _settle(self) -> None:
        self._is_settled = True
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_settled:
            self.failed()
