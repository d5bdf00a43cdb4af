"""The two layouts a server reads, and how each follows a pointer (layout contract, sections 1 and 3)."""

from __future__ import annotations

from typing import Protocol

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.documents.layouts.pointers import follow_catalog, follow_latest
from miniprogram.delivery.evaluation.decision import Decision


class Layout(Protocol):
    """Where a server's documents lie, and how it follows a pointer."""

    keys: Keys
    catalog_prefix: str
    """Below it lies one entry per program."""
    offline_without_pointer: bool
    """Whether removing the pointer takes the program offline altogether."""

    def pointer_key(self, program_id: str) -> str:
        """The document that names the version a program without releases is served in."""
        ...

    def program_id(self, listed: str) -> str | None:
        """The program a key below `catalog_prefix` stands for, if any."""
        ...

    def follow_pointer(self, program_id: str, documents: DocumentCache) -> Decision:
        """The version the pointer names. Raises MissingDocument or BrokenDocument."""
        ...


class LocalLayout:
    """Files below `backend/api/` of a workspace."""

    offline_without_pointer = False

    def __init__(self) -> None:
        self.keys = Keys("local")
        self.catalog_prefix = self.keys.folder(kinds.LATEST_MANIFEST)

    def pointer_key(self, program_id: str) -> str:
        return self.keys.latest_manifest_key(program_id)

    def program_id(self, listed: str) -> str | None:
        name = listed.removeprefix(self.catalog_prefix)
        return name[:-1] if name.endswith("/") else None

    def follow_pointer(self, program_id: str, documents: DocumentCache) -> Decision:
        return follow_latest(program_id, self.pointer_key(program_id), documents)


class CloudLayout:
    """Objects below two prefixes, each given as `a/b`: no slash at either end."""

    offline_without_pointer = True

    def __init__(self, artifacts_prefix: str, metadata_prefix: str) -> None:
        self.keys = Keys("cloud", artifacts=artifacts_prefix, metadata=metadata_prefix)
        self.catalog_prefix = self.keys.folder(kinds.CATALOG_POINTER)

    def pointer_key(self, program_id: str) -> str:
        return self.keys.catalog_pointer_key(program_id)

    def program_id(self, listed: str) -> str | None:
        name = listed.removeprefix(self.catalog_prefix)
        return name.removesuffix(".json") if name.endswith(".json") else None

    def follow_pointer(self, program_id: str, documents: DocumentCache) -> Decision:
        return follow_catalog(program_id, self.pointer_key(program_id), documents)
