"""Where documents lie: the local workspace and the cloud object layout (layout contract, sections 1 and 3)."""

from __future__ import annotations

from typing import Protocol

from miniprogram.delivery.documents.cache import DocumentCache
from miniprogram.delivery.documents.pointers import follow_catalog, follow_latest
from miniprogram.delivery.evaluation.decision import Decision


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
        return follow_latest(program_id, self.pointer_key(program_id), documents)


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
        return follow_catalog(program_id, self.pointer_key(program_id), documents)
