"""The versions in an environment's store: its catalogue, rollout rules and releases give them to hosts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import read_document
from miniprogram.errors import DocumentError
from miniprogram.publish.versions.going_back import rules_name
from miniprogram.publish.versions.held import held_in, stored_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.states import FINISHED
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.releases.storage.withdrawn import read_withdrawn
from miniprogram.seams.version_keeping import HeldVersion, HeldVersions, StoredVersion

LATEST, DISABLED, RULES = "latest", "disabled", "rollout rules"


def held_in_environment(storage: EnvironmentStorage, program_id: str) -> HeldVersions:
    """Its versions, with what points at each. Raises StoreError, and DocumentError for a broken document."""
    latest = _named_in(storage, storage.keys.catalog_pointer_key(program_id))
    pointing: dict[str, list[str]] = defaultdict(list)
    for version, name in _pointing(storage, program_id, latest):
        pointing[version].append(name)
    withdrawn = set(read_withdrawn(storage, program_id).withdrawn_versions)
    versions = held_in(storage.store, storage.keys, program_id, pointing=pointing)
    marked = tuple(_marked(each, withdrawn) for each in versions)
    return HeldVersions(storage.store.location, latest, marked)


def served_in_environment(
    storage: EnvironmentStorage, program_id: str, *, known: Mapping[str, str]
) -> StoredVersion | None:
    """The version of the catalogue's pointer; see `KeepsVersions.served_version`."""
    latest = _named_in(storage, storage.keys.catalog_pointer_key(program_id))
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


def _pointing(storage: EnvironmentStorage, program_id: str, latest: str | None) -> Iterator[tuple[str, str]]:
    if latest is not None:
        yield latest, LATEST
    disabled = _named_in(storage, storage.keys.disabled_pointer_key(program_id)) if latest is None else None
    if disabled is not None:
        yield disabled, DISABLED
    for version in rules_name(storage.store, storage.keys, program_id):
        yield version, RULES
    document = releases_of(storage, program_id).read()
    yield from _released(document) if document is not None else ()


def _released(document: ReleaseDocument) -> Iterator[tuple[str, str]]:
    fallbacks = {record.fallback for record in document.targets}
    for release in sorted(document.releases, key=lambda each: str(each.target)):
        if release.state not in FINISHED:
            overlay = f", {release.overlay}" if release.overlay else ""
            yield release.version, f"{release.target} ({release.state}{overlay})"
        elif release.id in fallbacks:
            yield release.version, f"{release.target} (fallback)"


def _named_in(storage: EnvironmentStorage, key: str) -> str | None:
    document = read_document(storage.store, key)
    version = (document or {}).get("latestVersion")
    if document is not None and not isinstance(version, str):
        raise DocumentError(f"{key} names no latestVersion")
    return version
