"""The programs of an environment as its index tells of them: a list without opening documents one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.contents.access_keys import AccessPolicy
from miniprogram.delivery.documents.contents.program_index import OWN, ProgramIndex, ProgramRow, parse_index
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.segment_lists import SegmentLists
from miniprogram.delivery.evaluation.decision import Decision
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.rules.capability_policy import CapabilityPolicy
from miniprogram.delivery.evaluation.rules.rollout_rules import Rollout
from miniprogram.delivery.evaluation.versions.manifest import Manifest

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy

FindProgram = Callable[[str], ProgramDocuments]

BY_HAND = (kinds.ACCESS_KEYS, kinds.ROLLOUT_RULES, kinds.CAPABILITY_POLICY)
"""Kinds that people may write without a tool: which programs have one is looked up, never taken from the index."""


class IndexedProgram:
    """One program by its row; what a row does not have is read from the program's `own` documents."""

    __slots__ = ("_by_hand", "_compiled", "_own", "id")

    def __init__(
        self, compiled: _CompiledRow, own: ProgramDocuments, by_hand: Mapping[str, frozenset[str]]
    ) -> None:
        self.id = own.id
        self._compiled = compiled
        self._own = own
        self._by_hand = by_hand

    def access_policy(self) -> AccessPolicy | None:
        return self._own.access_policy() if self._has(kinds.ACCESS_KEYS) else None

    def rollout(self) -> Rollout | None:
        return self._own.rollout() if self._has(kinds.ROLLOUT_RULES) else None

    def policy(self) -> CapabilityPolicy | None:
        return self._own.policy() if self._has(kinds.CAPABILITY_POLICY) else None

    def release_policy(self) -> ReleasePolicy | None:
        if self._compiled.row.policy == OWN:
            return self._own.release_policy()
        return self._compiled.policy(self._own.lists)

    def link_keys(self) -> Mapping[str, bytes]:
        return self._own.link_keys()

    def pointed_at(self) -> Decision:
        decision = self._compiled.decision
        if decision is None:
            raise MissingDocument(f"Mini-program {self.id} has no published version.")
        return decision

    def is_offline(self) -> bool:
        return self._compiled.row.pointer is None

    def manifest(self, decision: Decision) -> Manifest:
        found = self._compiled.manifest(decision, self._own.manifest_key(decision.version))
        return found or self._own.manifest(decision)

    def _has(self, kind: kinds.DocumentKind) -> bool:
        return self.id in self._by_hand[kind.name]


class IndexedPrograms:
    """All programs, ascending by id. `find` gives the documents of one."""

    def __init__(
        self,
        rows: Mapping[str, _CompiledRow],
        pending: frozenset[str],
        by_hand: Mapping[str, frozenset[str]],
        find: FindProgram,
    ) -> None:
        self.ids = sorted(rows.keys() | pending)
        self._rows = rows
        self._pending = pending
        self._by_hand = by_hand
        self._find = find

    def program(self, program_id: str) -> IndexedProgram | ProgramDocuments:
        """The program by its row; by its documents while somebody changes it, or when its row is no help."""
        own = self._find(program_id)
        compiled = self._rows.get(program_id)
        if compiled is None or program_id in self._pending or compiled.row.unreadable is not None:
            return own
        return IndexedProgram(compiled, own, self._by_hand)


def indexed_programs(documents: DocumentCache, keys: Keys, find: FindProgram) -> IndexedPrograms | None:
    """The programs by the index of the environment; None when it has none that can be used."""
    if not keys.has(kinds.PROGRAM_INDEX):
        return None
    try:
        head = documents.compiled(keys.program_index_key, _compile_rows)
        if head is None:
            return None
        rows: dict[str, _CompiledRow] = {}
        for shard in head.index.shards:
            document = documents.document(shard.key, immutable=True)
            if document is None:
                return None
            rows |= document.compiled(_compile_rows).rows
        rows |= head.rows
    except BrokenDocument:
        return None
    present = {program_id: compiled for program_id, compiled in rows.items() if not compiled.row.is_gone}
    return IndexedPrograms(present, frozenset(head.index.pending), _by_hand(documents, keys), find)


def _by_hand(documents: DocumentCache, keys: Keys) -> dict[str, frozenset[str]]:
    """Which programs have a document of each kind that people write by hand."""
    folders = documents.listing(keys.metadata_folder) or ()
    found: dict[str, frozenset[str]] = {}
    for kind in BY_HAND:
        folder = keys.folder(kind)
        names = documents.listing(folder) or () if folder in folders else ()
        found[kind.name] = frozenset(name.removeprefix(folder).removesuffix(".json") for name in names)
    return found


class _CompiledRow:
    """A row with what decisions make of it, made once."""

    __slots__ = ("_manifests", "_policy", "decision", "row")

    def __init__(self, row: ProgramRow) -> None:
        self.row = row
        self.decision = None if row.pointer is None else _decision(row)
        self._policy: ReleasePolicy | BrokenDocument | None = None
        self._manifests: dict[str, Manifest] = {}

    def policy(self, lists: SegmentLists) -> ReleasePolicy | None:
        members = self.row.policy
        if members is None:
            return None
        if self._policy is None:
            try:
                self._policy = lists.compile_members(f"index: {self.row.id}", members)
            except BrokenDocument as error:
                self._policy = error
        if isinstance(self._policy, BrokenDocument):
            raise BrokenDocument(self._policy.key, self._policy.reason)
        return self._policy

    def manifest(self, decision: Decision, usual_key: str) -> Manifest | None:
        """The manifest a decision leads to, if the row has it under the key the decision means."""
        version = decision.version
        found = self._manifests.get(version)
        if found is None:
            members = self.row.manifests.get(version)
            if members is None:
                return None
            pointer = self.row.pointer
            is_pointed_at = pointer is not None and pointer.version == version
            key = pointer.manifest_key if pointer is not None and is_pointed_at else usual_key
            found = self._manifests[version] = Manifest(key, dict(members))
        return found if (decision.manifest_key or usual_key) == found.key else None


class _Rows:
    """A parsed index or shard with its rows by id."""

    __slots__ = ("index", "rows")

    def __init__(self, index: ProgramIndex) -> None:
        self.index = index
        self.rows: Mapping[str, _CompiledRow] = {row.id: _CompiledRow(row) for row in index.rows}


def _compile_rows(document: Document) -> _Rows:
    return _Rows(parse_index(document))


def _decision(row: ProgramRow) -> Decision:
    assert row.pointer is not None  # noqa: S101 - the caller looked
    version, manifest_key, release_key = row.pointer
    further: dict[str, Any] = {}
    return Decision(
        "catalog_latest",
        "catalog_metadata_latest",
        version,
        further,
        None,
        manifest_key=manifest_key,
        release_key=release_key,
    )
