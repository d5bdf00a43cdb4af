"""What in an environment names a version, so that it must stay: pointers, rules, releases, deltas in use."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.delivery.documents.kinds import PACKAGE_INDEX, SIGNED_VERSION
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import read_document
from miniprogram.documents.rollout_versions import versions_in_rules
from miniprogram.errors import DocumentError
from miniprogram.packages.package_index import read_index
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.states import FINISHED
from miniprogram.releases.storage.finished import versions_to_return_to
from miniprogram.releases.storage.release_documents import releases_of

LATEST, DISABLED, RULES, SIGNED = "latest", "disabled", "rollout rules", "signed"


def pointing(storage: EnvironmentStorage, program_id: str) -> Iterator[tuple[str, str]]:
    """Versions that hosts are given or would be, each with what gives it. Raises DocumentError."""
    latest = latest_version(storage, program_id)
    if latest is not None:
        yield latest, LATEST
    disabled = _named_in(storage, storage.keys.disabled_pointer_key(program_id)) if latest is None else None
    if disabled is not None:
        yield disabled, DISABLED
    for version in versions_in_rules(storage.store, storage.keys, program_id):
        yield version, RULES
    document = releases_of(storage, program_id).read()
    yield from _released(document) if document is not None else ()


def latest_version(storage: EnvironmentStorage, program_id: str) -> str | None:
    """The version of the catalogue's pointer; None of a program that is disabled or was never published."""
    return _named_in(storage, storage.keys.catalog_pointer_key(program_id))


def referring(storage: EnvironmentStorage, program_id: str, *, returns: int) -> Iterator[tuple[str, str]]:
    """As `pointing`, and what else must stay: versions a release may go back to, `returns` on each target, those
    from which deltas lead to a version that hosts are given, and those that are signed. Raises DocumentError."""
    given = list(pointing(storage, program_id))
    yield from given
    document = releases_of(storage, program_id).read()
    if document is not None:
        for record in document.targets:
            for version in versions_to_return_to(storage, document, record.target)[:returns]:
                yield version, f"{record.target} (to go back to)"
    for version in dict.fromkeys(version for version, _ in given):
        for base in delta_bases(storage, program_id, version):
            yield base, f"delta to {version}"
    for version in signed_versions(storage, program_id):
        yield version, SIGNED


def delta_bases(storage: EnvironmentStorage, program_id: str, version: str) -> list[str]:
    """Versions from which a delta leads to `version`; none where it has no package."""
    key = storage.keys.key(PACKAGE_INDEX, program_id, version)
    found = storage.store.get(key)
    return [] if found is None else [delta.base_version for delta in read_index(found.body, name=key).deltas]


def signed_versions(storage: EnvironmentStorage, program_id: str) -> list[str]:
    """Versions whose signed list of files is stored: hosts that pin a root were promised them."""
    keys = storage.keys
    if not keys.has(SIGNED_VERSION):
        return []
    listed = storage.store.list(keys.folder(SIGNED_VERSION, program_id))
    return sorted({named["version"] for each in listed if (named := keys.names_in(SIGNED_VERSION, each.key))})


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
