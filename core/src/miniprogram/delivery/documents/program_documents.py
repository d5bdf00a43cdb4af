"""What is stored about one program, as it is now.

A program is a handful of small documents. Each is kept in memory parsed and compiled until its marker changes,
so a warm look-up compares markers and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.contents.access_keys import AccessPolicy, compile_access_policy
from miniprogram.delivery.documents.contents.stored_manifest import StoredManifest, compile_manifest
from miniprogram.delivery.documents.layouts.layout import Layout
from miniprogram.delivery.documents.layouts.pointers import compile_catalog
from miniprogram.delivery.documents.segment_lists import SegmentLists
from miniprogram.delivery.evaluation.decision import Decision
from miniprogram.delivery.evaluation.errors import MissingDocument

if TYPE_CHECKING:
    from miniprogram.delivery.documents.kinds import DocumentKind
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy
    from miniprogram.delivery.evaluation.rules.capability_policy import CapabilityPolicy
    from miniprogram.delivery.evaluation.rules.rollout_rules import Rollout


class ProgramDocuments:
    """One program. Every method raises BrokenDocument for a document that is not what it must be."""

    __slots__ = ("_documents", "_keys", "_layout", "id", "lists")

    def __init__(self, program_id: str, layout: Layout, documents: DocumentCache, lists: SegmentLists) -> None:
        self.id = program_id
        self._layout, self._keys = layout, layout.keys
        self._documents = documents
        self.lists = lists

    def access_policy(self) -> AccessPolicy | None:
        document = self._documents.document(self._keys.access_keys_key(self.id), fails_closed=True)
        return None if document is None else self._documents.use(document, compile_access_policy)

    def rollout(self) -> Rollout | None:
        return self._documents.compiled(self._keys.rollout_rules_key(self.id), _compile_rollout)

    def policy(self) -> CapabilityPolicy | None:
        return self._documents.compiled(self._keys.capability_policy_key(self.id), _compile_policy)

    def release_policy(self) -> ReleasePolicy | None:
        """What its releases come to; None when the program has none."""
        compiled = self._documents.compiled(self._keys.release_document_key(self.id), self.lists.compile_policy)
        return None if compiled is None else compiled[0]

    def link_keys(self) -> Mapping[str, bytes]:
        """Secrets of signed links by key id; empty when there are none."""
        # only visitors with a link need it
        from miniprogram.delivery.documents.contents.link_keys import compile_link_keys

        document = self._documents.document(self._keys.link_keys_key(self.id), fails_closed=True)
        return {} if document is None else self._documents.use(document, compile_link_keys)

    def pointed_at(self) -> Decision:
        """The version the pointer names. Raises MissingDocument when there is none, or it leads nowhere."""
        return self._layout.follow_pointer(self.id, self._documents)

    def is_offline(self) -> bool:
        """Whether the program was disabled by taking its pointer away."""
        if not self._layout.offline_without_pointer:
            return False
        return not self._documents.has(self._layout.pointer_key(self.id), compile_catalog)

    def manifest(self, decision: Decision) -> StoredManifest:
        """The manifest of the version decided on. Raises MissingDocument."""
        key = decision.manifest_key or self.manifest_key(decision.version)
        document = self._documents.document(key, immutable=True)
        if document is None:
            raise MissingDocument(f"Version {decision.version} of mini-program {self.id} does not exist ({key}).")
        return self._documents.use(document, compile_manifest)

    def troubles(self) -> list[tuple[str, str]]:
        """Key and reason of every document of which an older state than the present one is used."""
        keys, documents = self._keys, self._documents
        named = (
            self._layout.pointer_key(self.id),
            keys.release_document_key(self.id),
            keys.rollout_rules_key(self.id),
            keys.capability_policy_key(self.id),
        )
        return [(key, reason) for key in named if (reason := documents.trouble(key)) is not None]

    def manifest_key(self, version: str) -> str:
        """The usual key of a version's manifest."""
        return self._keys.manifest_key(self.id, version)

    def versioned_manifest(self, version: str) -> Document | None:
        return self._documents.document(self.manifest_key(version), immutable=True)

    def screen(self, version: str, screen_id: str) -> Document | None:
        return self._documents.document(self._keys.screen_key(self.id, version, screen_id), immutable=True)

    def asset(self, version: str, path: str) -> Document | None:
        return self._documents.document(self._keys.asset_key(self.id, version, path), immutable=True)

    def of_package(self, kind: DocumentKind, version: str, *rest: str) -> Document | None:
        """A file beside the version for hosts that load packages. `rest`: the further fields of its kind."""
        return self._documents.document(self._keys.key(kind, self.id, version, *rest), immutable=True)


# Many programs have neither, and a cold start should not pay for reading them.
def _compile_rollout(document: Document) -> Rollout:
    from miniprogram.delivery.documents.contents.control_documents import compile_rollout

    return compile_rollout(document)


def _compile_policy(document: Document) -> CapabilityPolicy:
    from miniprogram.delivery.documents.contents.control_documents import compile_policy

    return compile_policy(document)
