"""Where documents lie: the local workspace and the cloud object layout (layout contract, sections 1 and 3)."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from miniprogram.delivery.documents.cache import DocumentCache
from miniprogram.delivery.documents.document import Document, parse_object
from miniprogram.delivery.documents.json_members import required_text
from miniprogram.delivery.evaluation.decision import NO_RULES, Decision
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.manifest import stringified

SECURE_POLICY_KEY = "secure-api-policies/feedback_submit.json"


class Layout(Protocol):
    """Keys of one program's documents. Ids, versions and screen ids are safe segments."""

    catalog_prefix: str
    """Below it lies one entry per program."""
    offline_without_pointer: bool
    """Whether removing the pointer takes the program offline altogether."""

    def pointer_key(self, program_id: str) -> str: ...

    def rollout_key(self, program_id: str) -> str: ...

    def policy_key(self, program_id: str) -> str: ...

    def access_key(self, program_id: str) -> str: ...

    def releases_key(self, program_id: str) -> str: ...

    def link_keys_key(self, program_id: str) -> str: ...

    def segment_key(self, key: str) -> str:
        """The object behind a segment's `key`."""
        ...

    def manifest_key(self, program_id: str, version: str) -> str: ...

    def screen_key(self, program_id: str, version: str, screen_id: str) -> str: ...

    def asset_key(self, program_id: str, version: str, path: str) -> str: ...

    def program_id(self, listed: str) -> str | None:
        """The program a key below `catalog_prefix` stands for, if any."""
        ...

    def follow_pointer(self, program_id: str, documents: DocumentCache) -> Decision:
        """The version the pointer names. Raises MissingDocument or BrokenDocument."""
        ...


class LocalLayout:
    """Files below `backend/api/` of a workspace."""

    catalog_prefix = "manifests/"
    offline_without_pointer = False

    def pointer_key(self, program_id: str) -> str:
        return f"manifests/{program_id}/latest.json"

    def rollout_key(self, program_id: str) -> str:
        return f"rollout-rules/{program_id}.json"

    def policy_key(self, program_id: str) -> str:
        return f"capability-policies/{program_id}.json"

    def access_key(self, program_id: str) -> str:
        return f"access_keys/{program_id}.json"

    def releases_key(self, program_id: str) -> str:
        return f"releases/{program_id}.json"

    def link_keys_key(self, program_id: str) -> str:
        return f"link_keys/{program_id}.json"

    def segment_key(self, key: str) -> str:
        return key

    def manifest_key(self, program_id: str, version: str) -> str:
        return f"manifests/{program_id}/versions/{version}.json"

    def screen_key(self, program_id: str, version: str, screen_id: str) -> str:
        return f"screens/{program_id}/{version}/{screen_id}.json"

    def asset_key(self, program_id: str, version: str, path: str) -> str:
        return f"assets/{program_id}/{version}/{path}"

    def program_id(self, listed: str) -> str | None:
        name = listed.removeprefix(self.catalog_prefix)
        return name[:-1] if name.endswith("/") else None

    def follow_pointer(self, program_id: str, documents: DocumentCache) -> Decision:
        document = documents.document(self.pointer_key(program_id))
        if document is None:
            raise MissingDocument(f"Mini-program {program_id} has no published version.")
        return document.compiled(_static_latest)


class CloudLayout:
    """Objects below two prefixes, each given as `a/b`: no slash at either end."""

    offline_without_pointer = True

    def __init__(self, artifacts_prefix: str, metadata_prefix: str) -> None:
        self._artifacts = artifacts_prefix
        self._metadata = metadata_prefix
        self.catalog_prefix = f"{metadata_prefix}/catalog/"

    def pointer_key(self, program_id: str) -> str:
        return f"{self._metadata}/catalog/{program_id}.json"

    def rollout_key(self, program_id: str) -> str:
        return f"{self._metadata}/rollout-rules/{program_id}.json"

    def policy_key(self, program_id: str) -> str:
        return f"{self._metadata}/capability-policies/{program_id}.json"

    def access_key(self, program_id: str) -> str:
        return f"{self._metadata}/access_keys/{program_id}.json"

    def releases_key(self, program_id: str) -> str:
        return f"{self._metadata}/releases/{program_id}.json"

    def link_keys_key(self, program_id: str) -> str:
        return f"{self._metadata}/link_keys/{program_id}.json"

    def segment_key(self, key: str) -> str:
        return f"{self._metadata}/{key}"

    def manifest_key(self, program_id: str, version: str) -> str:
        return f"{self._artifacts}/{program_id}/{version}/manifest.json"

    def screen_key(self, program_id: str, version: str, screen_id: str) -> str:
        return f"{self._artifacts}/{program_id}/{version}/screens/{screen_id}.json"

    def asset_key(self, program_id: str, version: str, path: str) -> str:
        return f"{self._artifacts}/{program_id}/{version}/assets/{path}"

    def program_id(self, listed: str) -> str | None:
        name = listed.removeprefix(self.catalog_prefix)
        return name.removesuffix(".json") if name.endswith(".json") else None

    def follow_pointer(self, program_id: str, documents: DocumentCache) -> Decision:
        document = documents.document(self.pointer_key(program_id))
        if document is None:
            raise MissingDocument(f"Mini-program {program_id} has no published version.")
        catalog = document.compiled(_compile_catalog)
        record = documents.document(catalog.release_key, immutable=True)
        if record is None:
            raise MissingDocument(f"Release {catalog.release_key} of mini-program {program_id} does not exist.")
        return catalog.decision_for(record.compiled(_compile_release))


class _Release(NamedTuple):
    manifest_key: str
    version: str | None


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


def _compile_catalog(document: Document) -> _Catalog:
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
