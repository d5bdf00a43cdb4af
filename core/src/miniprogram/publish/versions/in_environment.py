"""The versions in an environment's store: its catalogue, rollout rules and releases give them to hosts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from miniprogram.catalogue.references import latest_version, pointing
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.publish.versions.held import held_in, stored_in
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.releases.storage.withdrawn import read_withdrawn
from miniprogram.seams.version_keeping import HeldVersion, HeldVersions, StoredVersion


def held_in_environment(storage: EnvironmentStorage, program_id: str) -> HeldVersions:
    """Its versions, with what points at each. Raises StoreError, and DocumentError for a broken document."""
    latest = latest_version(storage, program_id)
    named: dict[str, list[str]] = defaultdict(list)
    for version, name in pointing(storage, program_id):
        named[version].append(name)
    withdrawn = set(read_withdrawn(storage, program_id).withdrawn_versions)
    versions = held_in(storage.store, storage.keys, program_id, pointing=named)
    marked = tuple(_marked(each, withdrawn) for each in versions)
    return HeldVersions(storage.store.location, latest, marked)


def served_in_environment(
    storage: EnvironmentStorage, program_id: str, *, known: Mapping[str, str]
) -> StoredVersion | None:
    """The version of the catalogue's pointer; see `KeepsVersions.served_version`."""
    latest = latest_version(storage, program_id)
    return None if latest is None else stored_in(storage.store, storage.keys, program_id, latest, known=known)


def _marked(held: HeldVersion, withdrawn: set[str]) -> HeldVersion:
    return replace(held, state="withdrawn") if held.version in withdrawn else held


def decided_by_releases(storage: EnvironmentStorage, program_id: str, version: str) -> list[str]:
    """Targets whose releases give hosts another version than `version`, with the one they give, sorted."""
    document = releases_of(storage, program_id).read()
    if document is None:
        return []
    full = ((record.target, document.full(record.target)) for record in document.targets)
    return sorted(
        f"{target} ({release.version})"
        for target, release in full
        if release is not None and release.version != version
    )
