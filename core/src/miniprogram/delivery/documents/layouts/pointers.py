"""Pointers: the documents that name the published version of a program, and the decision each leads to."""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import Document, parse_object
from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.contents.json_members import required_text
from miniprogram.delivery.evaluation.decision import NO_RULES, Decision
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.versions.manifest import stringified


def follow_latest(program_id: str, pointer_key: str, documents: DocumentCache) -> Decision:
    """The version a workspace's `latest.json` names. Raises MissingDocument or BrokenDocument."""
    decision = documents.compiled(pointer_key, _static_latest)
    if decision is None:
        raise _unpublished(program_id)
    return decision


def follow_catalog(program_id: str, pointer_key: str, documents: DocumentCache) -> Decision:
    """The version of the release record that a catalog pointer names. Raises MissingDocument or BrokenDocument."""
    catalog = documents.compiled(pointer_key, compile_catalog)
    if catalog is None:
        raise _unpublished(program_id)
    record = documents.document(catalog.release_key, immutable=True)
    if record is None:
        raise MissingDocument(f"Release {catalog.release_key} of mini-program {program_id} does not exist.")
    return catalog.decision_for(documents.use(record, _compile_release))


def _unpublished(program_id: str) -> MissingDocument:
    return MissingDocument(f"Mini-program {program_id} has no published version.")


class _Release:
    __slots__ = ("manifest_key", "version")

    def __init__(self, manifest_key: str, version: str | None) -> None:
        self.manifest_key, self.version = manifest_key, version


class _Catalog:
    """A pointer document, with the decision it leads to kept while the release it names stays the same."""

    __slots__ = ("_key", "_latest", "_latest_version", "release_key")

    def __init__(self, key: str, release_key: str, latest_version: str | None) -> None:
        self._key = key
        self.release_key = release_key
        self._latest_version = latest_version
        self._latest: tuple[_Release, Decision] | None = None

    def decision_for(self, release: _Release) -> Decision:
        """Raises BrokenDocument when neither names a version."""
        latest = self._latest
        if latest is None or latest[0] is not release:
            latest = self._latest = (release, self._decide(release))
        return latest[1]

    def _decide(self, release: _Release) -> Decision:
        version = self._latest_version or release.version
        if version is None:
            keys = {"catalogKey": self._key, "releaseKey": self.release_key}
            raise BrokenDocument(self._key, "neither it nor its release names a version", keys)
        return Decision(
            "catalog_latest",
            "catalog_metadata_latest",
            version,
            {},
            None,
            manifest_key=release.manifest_key,
            release_key=self.release_key,
        )


def _static_latest(document: Document) -> Decision:
    version = stringified(parse_object(document).get("version"))
    if version is None:
        raise BrokenDocument(document.key, "version must not be blank")
    return Decision("static_latest", "no_rollout_rules", version, {}, NO_RULES)


def compile_catalog(document: Document) -> _Catalog:
    """A pointer document. Raises BrokenDocument."""
    members = parse_object(document, unique_keys=True)
    release_key = required_text(document, members, "releaseKey").strip("/")
    if not release_key:
        raise BrokenDocument(document.key, "releaseKey must name an object")
    return _Catalog(document.key, release_key, stringified(members.get("latestVersion")))


def _compile_release(document: Document) -> _Release:
    members = parse_object(document, unique_keys=True)
    artifacts = members.get("artifacts")
    if not isinstance(artifacts, dict):
        raise BrokenDocument(document.key, "artifacts must be an object")
    manifest_key = required_text(document, artifacts, "manifestKey", path="artifacts.").strip("/")
    if not manifest_key:
        raise BrokenDocument(document.key, "artifacts.manifestKey must name an object")
    return _Release(manifest_key, stringified(members.get("version")))
