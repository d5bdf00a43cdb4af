"""What a release changes against the version in force on its target: for a reviewer who wants to see it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError
from miniprogram.models import FrozenModel
from miniprogram.packages.release_record import ReleaseRecord, read_record
from miniprogram.refusals import NotFound
from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.strict_json import parse_json

MANIFEST = "manifest.json"
CONTEXT_LINES = 3
"""Shown around what changed in a screen."""


class MemberChange(FrozenModel):
    """A member that says something else. `old` and `new` as people read them; None where it is not said."""

    member: str
    old: str | None
    new: str | None


class FileChange(FrozenModel):
    """A file that differs. Sizes in bytes as published; None where the version does not have it."""

    path: str
    old_size: int | None
    new_size: int | None

    @property
    def change(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if self.old_size is None else "removed" if self.new_size is None else "changed"

    @property
    def screen(self) -> str | None:
        """The id of the screen it is, if it is one."""
        return _screen_id(self.path)


class VersionComparison(FrozenModel):
    """A version beside the one in force. `old_version` is None where nothing is: then everything is new.

    `widened` are domains and capabilities that the version in force did not have.
    """

    old_version: str | None
    new_version: str
    manifest: tuple[MemberChange, ...]
    configuration: tuple[MemberChange, ...]
    files: tuple[FileChange, ...]
    same_screens: tuple[str, ...]
    """Ids of the screens that are the same in both, sorted."""
    old_size: int
    new_size: int
    widened: tuple[str, ...]


def in_force(document: ReleaseDocument, release: Release) -> Release | None:
    """The release whose version hosts of the target get while `release` is decided about."""
    full = document.full(release.target)
    return document.fallback(release.target) if full is not None and full.id == release.id else full


def compare_versions(
    storage: EnvironmentStorage, document: ReleaseDocument, release: Release
) -> VersionComparison:
    """`release` beside the version in force. Raises StoreError, NotFound for a version that is not there."""
    before, program_id = in_force(document, release), document.mini_program_id
    new = _record(storage, program_id, release.version)
    old = None if before is None else _record(storage, program_id, before.version)
    new_manifest = _json(storage, program_id, release.version, MANIFEST)
    old_manifest = {} if before is None else _json(storage, program_id, before.version, MANIFEST)
    old_said = None if before is None else before.configuration
    return VersionComparison(
        old_version=None if before is None else before.version,
        new_version=release.version,
        manifest=tuple(_members(_object(old_manifest), _object(new_manifest))),
        configuration=tuple(_configurations(old_said, release.configuration)),
        files=tuple(_files(old, new)),
        same_screens=() if old is None else tuple(_same_screens(old, new)),
        old_size=0 if old is None else sum(_sizes(old).values()),
        new_size=sum(_sizes(new).values()),
        widened=tuple(_widened(old_said, release.configuration, _object(old_manifest), _object(new_manifest))),
    )


def widened_by(storage: EnvironmentStorage, document: ReleaseDocument, release: Release) -> tuple[str, ...]:
    """Domains and capabilities that the version in force did not have; a version that is not there has none."""
    before, program_id = in_force(document, release), document.mini_program_id
    manifests = [
        {} if version is None else _object(_json(storage, program_id, version, MANIFEST))
        for version in (before.version if before else None, release.version)
    ]
    old_said = None if before is None else before.configuration
    return tuple(_widened(old_said, release.configuration, *manifests))


def screen_lines(
    storage: EnvironmentStorage, program_id: str, old: str | None, new: str, screen: str
) -> tuple[tuple[str, str], ...]:
    """A screen line by line, as (mark, text): `+` only in `new`, `-` only in `old`, blank in both, `@` left out.

    Raises NotFound when neither version has it.
    """
    path = f"screens/{screen}.json"
    before = [] if old is None else _pretty(storage, program_id, old, path)
    after = _pretty(storage, program_id, new, path)
    if not before and not after:
        raise NotFound(f"neither version has a screen {screen}")
    found = difflib.unified_diff(before, after, lineterm="", n=CONTEXT_LINES)
    lines = [(line[:1].strip() or " ", line[1:]) for line in list(found)[2:]]
    return tuple(("@", "…") if mark == "@" else (mark, text) for mark, text in lines)


def _widened(
    old: Configuration | None, new: Configuration, old_manifest: Mapping[str, Any], new_manifest: Mapping[str, Any]
) -> Iterator[str]:
    for what, said in (("server domain", "server_domains"), ("web view domain", "webview_domains")):
        had = set() if old is None else set(getattr(old, said) or ())
        yield from (f"{what} {each}" for each in getattr(new, said) or () if each not in had)
    for what, member in (("capability", "requiredCapabilities"), ("permission", "permissions")):
        had = set(map(str, old_manifest.get(member) or ()))
        yield from (f"{what} {each}" for each in map(str, new_manifest.get(member) or ()) if each not in had)


def _members(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[MemberChange]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield MemberChange(member=name, old=_text(old.get(name)), new=_text(new.get(name)))


def _configurations(old: Configuration | None, new: Configuration) -> Iterator[MemberChange]:
    said = {} if old is None else old.model_dump(mode="json", by_alias=True)
    return _members({} if old is None else said, new.model_dump(mode="json", by_alias=True))


def _files(old: ReleaseRecord | None, new: ReleaseRecord) -> Iterator[FileChange]:
    before, sizes = ({}, {}) if old is None else (old.files, _sizes(old))
    new_sizes = _sizes(new)
    for path in sorted({*before, *new.files}):
        if before.get(path) != new.files.get(path):
            yield FileChange(
                path=path,
                old_size=sizes.get(path, 0) if path in before else None,
                new_size=new_sizes.get(path, 0) if path in new.files else None,
            )


def _same_screens(old: ReleaseRecord, new: ReleaseRecord) -> Iterator[str]:
    for path, digest in sorted(new.files.items()):
        screen = _screen_id(path)
        if screen is not None and old.files.get(path) == digest:
            yield screen


def _screen_id(path: str) -> str | None:
    is_screen = path.startswith("screens/") and path.endswith(".json")
    return path.removeprefix("screens/").removesuffix(".json") if is_screen else None


def _sizes(record: ReleaseRecord) -> dict[str, int]:
    """Bytes of each file, as far as the record says."""
    bundle = record.document.get("bundle")
    listed = bundle.get("files") if isinstance(bundle, dict) else None
    entries = listed.items() if isinstance(listed, dict) else ()
    return {
        path: entry["size"]
        for path, entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("size"), int)
    }


def _record(storage: EnvironmentStorage, program_id: str, version: str) -> ReleaseRecord:
    found = storage.store.get(storage.keys.release_record_key(program_id, version))
    record = None if found is None else read_record(found.body)
    if record is None:
        raise NotFound(f"{program_id} {version} is not published")
    return record


def _json(storage: EnvironmentStorage, program_id: str, version: str, path: str) -> Any:
    """A file of a version as JSON; None for one that is not there or is none."""
    found = storage.store.get(storage.keys.bundle_file_key(program_id, version, path))
    try:
        return None if found is None else parse_json(found.body, name=path)
    except DocumentError:
        return None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _pretty(storage: EnvironmentStorage, program_id: str, version: str, path: str) -> list[str]:
    value = _json(storage, program_id, version, path)
    return [] if value is None else json.dumps(value, indent=2, ensure_ascii=False).splitlines()


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return json.dumps(value, indent=1, ensure_ascii=False)
