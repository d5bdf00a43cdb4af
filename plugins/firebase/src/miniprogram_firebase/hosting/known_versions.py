"""What the last version of a site serves, remembered between runs: a finished version never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.files import write_atomic
from miniprogram.strict_json import parse_json, read_bounded, to_canonical_json

SCHEMA = 1
MAX_BYTES = 64 * 1024 * 1024
"""Largest memory read: half a million files. A larger site is listed each time."""


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """As `SiteVersion` and `HostingSite.files` say it. `bodies` are of small files, in any order."""

    config: Mapping[str, Any]
    files: Mapping[str, str]
    bodies: tuple[bytes, ...] = ()


class KnownVersions:
    """A file that saves requests and decides nothing: without it, or with a broken one, the site is asked."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def find(self, name: str) -> KnownVersion | None:
        """What is known of the version `name`."""
        if self._path is None:
            return None
        try:
            body = read_bounded(self._path, max_bytes=MAX_BYTES)
            found = parse_json(body, name=str(self._path), max_bytes=MAX_BYTES)
            if (found["schemaVersion"], found["version"]) != (SCHEMA, _id(name)):
                return None
            config, files, texts = dict(found["config"]), dict(found["files"]), tuple(found["texts"])
            return KnownVersion(config, files, tuple(text.encode() for text in texts))
        except (MiniProgramError, LookupError, TypeError, ValueError, AttributeError):
            return None

    def keep(self, name: str, version: KnownVersion) -> None:
        """Remember it instead of the one before."""
        if self._path is None:
            return
        document = {
            "schemaVersion": SCHEMA,
            "version": _id(name),
            "config": version.config,
            "files": version.files,
            "texts": list(_texts(version.bodies)),
        }
        with suppress(MiniProgramError):  # a folder that cannot be written costs a few requests next time
            write_atomic(self._path, to_canonical_json(document), mode=0o600)


def _id(name: str) -> str:
    """`1a2b` of `sites/shop/versions/1a2b`: Google names a version with its project and without."""
    return name.rpartition("/")[2]


def _texts(bodies: Iterable[bytes]) -> Iterable[str]:
    for body in bodies:
        with suppress(UnicodeDecodeError):
            yield body.decode()
