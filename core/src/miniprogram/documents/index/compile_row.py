"""A row of the index, compiled from the documents of one mini-program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from miniprogram.delivery.documents.contents.program_index import (
    OWN,
    IndexedPointer,
    ProgramRow,
    summary_of,
)
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError
from miniprogram.packages.release_record import read_record
from miniprogram.seams.object_store import StoredObject
from miniprogram.strict_json import parse_json, require_object

RELEASE_MEMBERS = ("id", "version", "target", "kind", "state", "overlay", "grayscale", "updatedAt")
"""What a row keeps of a release."""
TAG_CHARACTERS = 16
"""Of a document's etag: enough to tell that it changed."""


class RowCompiler:
    """Reads what a row is made of, and remembers from what."""

    def __init__(self, storage: EnvironmentStorage, program_id: str) -> None:
        self._storage, self._program_id = storage, program_id
        self._read_from: dict[str, str] = {}
        self._problems: list[str] = []

    def row(self) -> ProgramRow:
        keys, program_id = self._storage.keys, self._program_id
        catalog = self._object(keys.catalog_pointer_key(program_id))
        disabled = None if catalog is not None else self._object(keys.disabled_pointer_key(program_id))
        releases = self._object(keys.release_document_key(program_id))
        broken = bool(self._problems)
        pointer = self._pointer(catalog or {}) if catalog is not None else None
        policy = (releases or {}).get("policy")
        policy = policy if policy is None or isinstance(policy, dict) else OWN
        return ProgramRow(
            program_id,
            pointer,
            # what nobody can read must not look like no policy: its own document decides
            OWN if broken else policy,
            dict(self._manifests(pointer, policy)),
            dict(self._read_from),
            "; ".join(self._problems) or None,
            _listing(catalog, disabled, releases),
        )

    def _pointer(self, catalog: Mapping[str, Any]) -> IndexedPointer | None:
        release_key = catalog.get("releaseKey")
        if not isinstance(release_key, str) or not release_key.strip("/"):
            self._problems.append(f"the pointer of {self._program_id} names no release")
            return None
        release_key = release_key.strip("/")
        found = self._storage.store.get(release_key)
        record = read_record(found.body) if found is not None else None
        manifest_key = record.manifest_key if record is not None else None
        version = catalog.get("latestVersion") or (record.document.get("version") if record is not None else None)
        if manifest_key is None or not isinstance(version, str):
            self._read_from[release_key] = _tag_of(found)
            self._problems.append(f"{release_key}, which the pointer of {self._program_id} names, is not whole")
            return None
        return IndexedPointer(version, manifest_key.strip("/"), release_key)

    def _manifests(
        self, pointer: IndexedPointer | None, policy: dict[str, Any] | str | None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        keys = {} if pointer is None else {pointer.version: pointer.manifest_key}
        for version in _versions_in(policy):
            keys.setdefault(version, self._storage.keys.manifest_key(self._program_id, version))
        for version, key in sorted(keys.items()):
            found = self._storage.store.get(key)
            try:
                members = None if found is None else require_object(parse_json(found.body, name=key), name=key)
            except DocumentError:
                continue  # whoever asks for it reads it, and says what is wrong
            if members is not None:
                yield version, summary_of(members)

    def _object(self, key: str) -> dict[str, Any] | None:
        found = self._storage.store.get(key)
        if found is None:
            return None
        self._read_from[key] = _tag_of(found)
        try:
            return require_object(parse_json(found.body, name=key), name=key)
        except DocumentError as error:
            self._problems.append(str(error))
            return {}


def compile_row(storage: EnvironmentStorage, program_id: str, known: ProgramRow | None = None) -> ProgramRow:
    """What the documents of `program_id` say now. A row with nothing in it when there are none.

    A row that is `known` to be unreadable stays so while its documents are the same: somebody looked closer.
    """
    row = RowCompiler(storage, program_id).row()
    if known is None or known.unreadable is None or row.unreadable is not None:
        return row
    if any(_tag(storage, row, key) != tag for key, tag in known.compiled_from.items()):
        return row
    return row._replace(
        policy=OWN, unreadable=known.unreadable, compiled_from={**known.compiled_from, **row.compiled_from}
    )


def unreadable_row(storage: EnvironmentStorage, program_id: str, key: str, reason: str) -> ProgramRow:
    """The row of a program of which the document `key` cannot be used, though it may be JSON."""
    row = compile_row(storage, program_id)
    return row._replace(
        policy=OWN,
        unreadable=row.unreadable or reason,
        compiled_from={**row.compiled_from, key: _tag_of(storage.store.get(key))},
    )


def _tag(storage: EnvironmentStorage, row: ProgramRow, key: str) -> str:
    return row.compiled_from.get(key) or _tag_of(storage.store.get(key))


def _tag_of(found: StoredObject | None) -> str:
    """Tells one content of a document from another; blank when it is not there."""
    return "" if found is None else found.etag[:TAG_CHARACTERS]


def _versions_in(policy: dict[str, Any] | str | None) -> Iterator[str]:
    if not isinstance(policy, dict):
        return
    targets = policy.get("targets")
    for target in targets if isinstance(targets, list) else ():
        releases = target.get("releases") if isinstance(target, dict) else None
        for release in releases.values() if isinstance(releases, dict) else ():
            version = release.get("version") if isinstance(release, dict) else None
            if isinstance(version, str):
                yield version


def _listing(
    catalog: Mapping[str, Any] | None, disabled: Mapping[str, Any] | None, releases: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What lists of people show: the version and since when, whether it is disabled, and its releases."""
    shown = catalog if catalog is not None else disabled
    members: dict[str, Any] = {}
    if shown is not None:
        members |= {name: shown[name] for name in ("latestVersion", "updatedAtUtc") if _is_text(shown.get(name))}
        members["state"] = "served" if catalog is not None else "disabled"
    if releases is not None:
        members["managed"] = True
        members["revision"] = releases.get("revision")
        members["releases"] = list(_releases_in(releases))
    return members


def _releases_in(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = document.get("releases")
    for release in found if isinstance(found, list) else ():
        if isinstance(release, dict):
            members = {name: release[name] for name in RELEASE_MEMBERS if release.get(name) is not None}
            waiting = list(_requests_in(release))
            if waiting:
                members["waiting"] = waiting
            if release.get("offlineRequest"):
                members["offlineRequested"] = True
            yield members


def _requests_in(release: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What of the release waits for a reviewer, and who asked for it when."""
    review = release.get("review") if release.get("state") == "in_review" else None
    for asks, request in (("release", review), ("offline", release.get("offlineRequest"))):
        if isinstance(request, dict):
            yield {"asks": asks, **{name: request.get(name) for name in ("applicant", "appliedAt")}}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
