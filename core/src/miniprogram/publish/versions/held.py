"""Which versions of a mini-program a store holds, and whether hosts can be given them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.published_versions import highest_first, named_versions, recorded_versions
from miniprogram.errors import PublishError
from miniprogram.packages.release_record import ReleaseRecord, read_record
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.version_keeping import HeldVersion, StoredVersion, VersionState

Pointing = Mapping[str, Iterable[str]]
"""What gives a version to hosts, by version."""


def held_in(store: ObjectStore, keys: Keys, program_id: str, *, pointing: Pointing) -> tuple[HeldVersion, ...]:
    """Every version there is a record or a manifest of, the highest first. Raises StoreError."""
    files = _files(store, keys, program_id)
    versions = highest_first({*recorded_versions(store, keys, program_id), *files})
    with ThreadPoolExecutor(max(1, store.parallel_writes)) as pool:
        records = pool.map(lambda version: _record(store, keys, program_id, version), versions)
        return tuple(
            replace(
                _as_recorded(version, record),
                state=_state(record, _expected(keys, program_id, version, record) <= files.get(version, set())),
                pointed_at_by=tuple(pointing.get(version, ())),
            )
            for version, record in zip(versions, records, strict=True)
        )


def stored_in(
    store: ObjectStore, keys: Keys, program_id: str, version: str, *, known: Mapping[str, str]
) -> StoredVersion:
    """One version, with the bodies of its manifest and of screens whose sha256 is not as in `known`.

    Raises PublishError when it is not there whole, naming the versions that are.
    """
    record = require_whole(store, keys, program_id, version)
    if record is None or not record.files:
        return _unlisted(store, keys, program_id, version)
    files = record.files
    shown = (path for path in files if not path.startswith("assets/"))
    paths = sorted(path for path in shown if files[path] != known.get(path))
    with ThreadPoolExecutor(max(1, store.parallel_writes)) as pool:
        found = pool.map(lambda path: store.get(keys.bundle_file_key(program_id, version, path)), paths)
        bodies = {path: stored.body for path, stored in zip(paths, found, strict=True) if stored is not None}
    return StoredVersion(version, files, record.assets_url, bodies)


def _unlisted(store: ObjectStore, keys: Keys, program_id: str, version: str) -> StoredVersion:
    """A version that another tool published, without a listing of its files: their bytes have to tell."""
    present = sorted(_files(store, keys, program_id).get(version, ()))
    found = {key: stored.body for key in present if (stored := store.get(key)) is not None}
    bodies = {path: body for key, body in found.items() if (path := keys.bundle_path(key)) is not None}
    return StoredVersion(version, {path: sha256(body).hexdigest() for path, body in bodies.items()}, None, bodies)


def require_whole(store: ObjectStore, keys: Keys, program_id: str, version: str) -> ReleaseRecord | None:
    """The record of a version with all its files; None of one that another tool published without a record.

    Raises PublishError naming a file that is missing, or the versions that are there when this one is not.
    """
    files = _files(store, keys, program_id).get(version, set())
    found = store.get(keys.release_record_key(program_id, version))
    record = read_record(found.body) if found is not None else None
    if found is None and not files:
        there = named_versions(recorded_versions(store, keys, program_id))
        raise PublishError(f"{program_id} {version} was never published to {store.location}{there}")
    if record is not None and not record.finished:
        raise PublishError(
            f"{program_id} {version} was never published whole to {store.location}", hint="Publish it again."
        )
    missing = sorted(_expected(keys, program_id, version, record) - files)
    if missing:
        raise PublishError(
            f"{program_id} {version} cannot be served from {store.location}: {missing[0]} is gone",
            hint="Publish it again from its sources.",
        )
    return record


def _as_recorded(version: str, record: ReleaseRecord | None) -> HeldVersion:
    if record is None:
        return HeldVersion(version, "whole")
    return HeldVersion(version, "whole", record.published_at, record.published_by, record.digest)


def _state(record: ReleaseRecord | None, has_files: bool) -> VersionState:
    if record is not None and not record.finished:
        return "unfinished"
    return "whole" if has_files else "damaged"


def _expected(keys: Keys, program_id: str, version: str, record: ReleaseRecord | None) -> set[str]:
    """Keys of the files that have to be there. Of a version without a listing, the manifest."""
    listed = record.files if record is not None else {}
    return {keys.bundle_file_key(program_id, version, path) for path in {*listed, "manifest.json"}}


def _files(store: ObjectStore, keys: Keys, program_id: str) -> dict[str, set[str]]:
    """Keys of the files of versions, by version, also of those without a record."""
    of_versions = (kinds.MANIFEST, kinds.SCREEN, kinds.ASSET)
    found: dict[str, set[str]] = defaultdict(set)
    for folder in dict.fromkeys(keys.folder(kind, program_id) for kind in of_versions):
        for info in store.list(folder):
            version = _version_of(keys, info.key)
            if version is not None:
                found[version].add(info.key)
    return found


def _version_of(keys: Keys, key: str) -> str | None:
    identified = keys.identify(key)
    return identified.fields.get("version") if identified is not None else None


def _record(store: ObjectStore, keys: Keys, program_id: str, version: str) -> ReleaseRecord | None:
    found = store.get(keys.release_record_key(program_id, version))
    return read_record(found.body) if found is not None else None
