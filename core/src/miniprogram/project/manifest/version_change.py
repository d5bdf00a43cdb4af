"""Change the version in a manifest, and nothing else in the file: people keep it in git."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from miniprogram.errors import DocumentError, ProjectError, UsageError
from miniprogram.files import real_path, write_atomic
from miniprogram.packages.publishable import check_version
from miniprogram.project.location import MANIFEST_NAME, ProgramLocation
from miniprogram.strict_json import parse_json, read_bounded, require_object

Part = Literal["major", "minor", "patch"]

_blank = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class VersionChange:
    """The version before and after. Equal versions: nothing had to change."""

    path: Path
    before: str
    after: str


def next_version(version: str, part: Part) -> str:
    """The version after `version`. A pre-release leads to its release: patch makes 1.2.0 of 1.2.0-rc.1.

    Raises ProjectError when `version` is none that can be counted up from.
    """
    import semver  # deferred: only this needs it

    try:
        found = semver.Version.parse(version)
    except ValueError:
        raise ProjectError(
            f"the version {version!r} cannot be counted up from",
            hint="Set one with `miniprogram version set 1.0.0`.",
        ) from None
    return str(found.next_version(part))


def read_version(location: ProgramLocation) -> str:
    """The version in the manifest. Raises DocumentError when it is no text."""
    path = location.root / MANIFEST_NAME
    found = require_object(parse_json(read_bounded(path), name=str(path)), name=str(path)).get("version")
    if not isinstance(found, str):
        raise DocumentError(f"{path}: version must be a text such as 1.0.0")
    return found


def change_version(location: ProgramLocation, version: str) -> VersionChange:
    """Write `version` into the manifest. Raises UsageError for one that no target could publish."""
    try:
        check_version(version)
    except ProjectError as error:
        raise UsageError(str(error).removeprefix("manifest.json: "), hint=error.hint) from None
    path = location.root / MANIFEST_NAME
    before = read_version(location)
    if before != version:
        text = read_bounded(path).decode("utf-8")
        start, end = _span_of_version(text)
        body = f"{text[:start]}{json.dumps(version)}{text[end:]}".encode()
        write_atomic(real_path(path), body, mode=path.stat().st_mode & 0o777)
    return VersionChange(path, before, version)


def _span_of_version(text: str) -> tuple[int, int]:
    """Where the value of the outermost member `version` stands in a JSON object that was parsed already."""
    return next((start, end) for name, start, end in _members(text) if name == "version")


def _members(text: str) -> Iterator[tuple[str, int, int]]:
    """The members of the outermost object, each with where its value starts and ends."""
    decoder = json.JSONDecoder()
    at = text.index("{") + 1
    while True:
        at = _skip(text, at)
        if text[at] == "}":
            return
        name, at = decoder.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)  # over the colon
        _, end = decoder.raw_decode(text, start)
        yield name, start, end
        at = _skip(text, end)
        at += text[at] == ","


def _skip(text: str, at: int) -> int:
    blank = _blank.match(text, at)
    return blank.end() if blank is not None else at
