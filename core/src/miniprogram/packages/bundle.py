"""The bundle: everything a host loads of one version, as bytes that cannot change any more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from miniprogram.packages.manifest import Manifest
from miniprogram.strict_json import to_canonical_json


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file. `path` is relative with `/`: `manifest.json`, `screens/<id>.json`, `assets/…`."""

    path: str
    body: bytes = field(repr=False)
    sha256: str
    """Lower-case hex."""

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.body)

    @classmethod
    def of(cls, path: str, body: bytes) -> BundleFile:
        return cls(path, body, hashlib.sha256(body).hexdigest())


@dataclass(frozen=True)
class Bundle:
    """A version of a mini-program. `files` are sorted by path and hold one `manifest.json`."""

    manifest: Manifest
    files: tuple[BundleFile, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Sentences about what was left out."""

    @classmethod
    def of(cls, manifest: Manifest, files: Iterable[BundleFile], *, notes: Iterable[str] = ()) -> Bundle:
        return cls(manifest, tuple(sorted(files, key=lambda file: file.path)), tuple(notes))

    @property
    def manifest_file(self) -> BundleFile:
        return next(file for file in self.files if file.path == "manifest.json")

    @property
    def program_id(self) -> str:
        return self.manifest.id

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def screens(self) -> tuple[BundleFile, ...]:
        return tuple(file for file in self.files if file.path.startswith("screens/"))

    @property
    def assets(self) -> tuple[BundleFile, ...]:
        return tuple(file for file in self.files if file.path.startswith("assets/"))

    @cached_property
    def digest(self) -> str:
        """`sha256:` and the hex digest of the canonical list of (path, sha256, size).

        The same sources give the same digest on every machine; no time, mode or absolute path goes in.
        """
        listing = [[file.path, file.sha256, file.size] for file in self.files]
        return "sha256:" + hashlib.sha256(to_canonical_json(listing)).hexdigest()
