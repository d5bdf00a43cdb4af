"""A package on disk: the archive of one version, compressed unless its name ends in `.tar`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from miniprogram.errors import DocumentError
from miniprogram.files import write_atomic
from miniprogram.packages.archive import read_archive, write_archive
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
from miniprogram.packages.zstd import MAGIC, compress, decompress
from miniprogram.strict_json import read_bounded

SUFFIX = ".tar.zst"
PLAIN = ".tar"


@dataclass(frozen=True, slots=True)
class Package:
    """One version as it travels. `archive` is uncompressed; deltas are made of it and build upon it."""

    bundle: Bundle
    archive: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Of the archive, in hex: the name by which a delta knows what it builds upon."""
        return hashlib.sha256(self.archive).hexdigest()


def package_of(bundle: Bundle) -> Package:
    return Package(bundle, write_archive(bundle))


def file_name(bundle: Bundle) -> str:
    """What the package of `bundle` is called where nobody chose a name."""
    return f"{bundle.program_id}-{bundle.version}{SUFFIX}"


def write_package(path: Path, package: Package) -> int:
    """Write `package`, whole or not at all. Returns the size of the file in bytes."""
    body = package.archive if path.suffix == PLAIN else compress(package.archive)
    write_atomic(path, body)
    return len(body)


def read_package(path: Path) -> Package:
    """The package in a file, every byte of it checked against its own index.

    Raises DocumentError naming the file for anything `write_package` would not have written.
    """
    body = read_bounded(path, max_bytes=MAX_ARCHIVE_BYTES)
    if body.startswith(b"MPSEAL"):
        raise DocumentError(f"{path} is sealed: `miniprogram package inspect` says for whom")
    if body.startswith(MAGIC):
        body = decompress(body, max_size=MAX_ARCHIVE_BYTES, name=str(path))
    return open_archive(body, name=str(path))


def open_archive(archive: bytes, *, name: str) -> Package:
    """The package whose archive these bytes are.

    Raises DocumentError unless they are, byte for byte, what `write_archive` makes.
    """
    bundle = read_archive(archive, name=name)
    if write_archive(bundle) != archive:
        raise DocumentError(f"{name} holds a version, but not in the canonical form that deltas build upon")
    return Package(bundle, archive)
