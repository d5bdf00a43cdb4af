"""A screen of a published version with the pictures of its own that it shows: for somebody who looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError
from miniprogram.packages.release_record import ReleaseRecord, read_record
from miniprogram.refusals import NotFound, Unacceptable
from miniprogram.strict_json import parse_json, require_object

MAX_SHOWN_BYTES = 2_000_000
MAX_SHOWN_DEPTH = 200
"""Objects and lists inside each other. A version that was published by this tool is never deeper."""
MAX_PICTURE_BYTES = 6_000_000
"""Of all pictures of a screen together."""


@dataclass(frozen=True, slots=True)
class StoredScreen:
    """`document` is Stac JSON that names its own pictures by their paths, `assets/logo.png`, and not by addresses.

    `left_out` are pictures that are too large to be looked at beside the others.
    """

    document: Mapping[str, Any] = field(repr=False)
    pictures: Mapping[str, bytes] = field(repr=False)
    left_out: tuple[str, ...] = ()


def read_screen(storage: EnvironmentStorage, program_id: str, version: str, screen: str) -> StoredScreen:
    """One screen of a version.

    Raises NotFound when the version has no such screen, Unacceptable when it is too large or too deep to be shown.
    """
    record, path = _record(storage, program_id, version), f"screens/{screen}.json"
    if record is None or path not in record.files:
        raise NotFound(f"{program_id} {version} has no screen {screen}")
    named = _Pictures(record)
    document = named.by_path(_document(storage, program_id, version, path))
    pictures: dict[str, bytes] = {}
    left_out = []
    for name in sorted(named.found):
        stored = storage.store.get(storage.keys.bundle_file_key(program_id, version, name))
        if stored is None:
            continue
        if sum(map(len, pictures.values())) + len(stored.body) > MAX_PICTURE_BYTES:
            left_out.append(name)
        else:
            pictures[name] = stored.body
    return StoredScreen(document, pictures, tuple(left_out))


def has_screen(storage: EnvironmentStorage, program_id: str, version: str, screen: str) -> bool:
    """Whether a version has a screen."""
    record = _record(storage, program_id, version)
    return record is not None and f"screens/{screen}.json" in record.files


def _record(storage: EnvironmentStorage, program_id: str, version: str) -> ReleaseRecord | None:
    found = storage.store.get(storage.keys.release_record_key(program_id, version))
    return None if found is None else read_record(found.body)


def _document(storage: EnvironmentStorage, program_id: str, version: str, path: str) -> dict[str, Any]:
    stored = storage.store.get(storage.keys.bundle_file_key(program_id, version, path))
    if stored is None:
        raise NotFound(f"{program_id} {version}: {path} is not in the store")
    if len(stored.body) > MAX_SHOWN_BYTES:
        raise Unacceptable(
            f"{path} has {len(stored.body):,} bytes; a screen of at most {MAX_SHOWN_BYTES:,} is shown"
        )
    try:
        document = require_object(parse_json(stored.body, name=path), name=path)
    except DocumentError as error:
        raise Unacceptable(f"{path} cannot be shown: {error}") from error
    if _is_deeper(document, MAX_SHOWN_DEPTH):
        raise Unacceptable(f"{path} is nested more than {MAX_SHOWN_DEPTH} levels deep, and is not shown")
    return dict(document)


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (each for each in value.values() if isinstance(each, dict | list))
    elif isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict | list))


class _Pictures:
    """Which files below `assets/` a screen names; a publish may have put an address before them."""

    def __init__(self, record: ReleaseRecord) -> None:
        self._files = {path for path in record.files if path.startswith("assets/")}
        self._address = record.assets_url
        self.found: set[str] = set()

    def by_path(self, value: Any) -> Any:
        """`value` with its own pictures by path."""
        if isinstance(value, dict):
            return {name: self.by_path(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.by_path(each) for each in value]
        return self._named(value) if isinstance(value, str) and self._files else value

    def _named(self, text: str) -> str:
        name = text
        if self._address and text.startswith(self._address):
            name = unquote(text.removeprefix(self._address))
        path = f"assets/{name.removeprefix('assets/')}"
        if path not in self._files:
            return text
        self.found.add(path)
        return text if name == text else path
