"""The index of an environment's programs: what discovery needs of each, in one document.

An index has rows in ascending order of program ids. While they are few enough it holds them itself; more lie in
shards, documents of the same form that it names and that never change. What changed since is in the index and
stands for the rows of the same ids in the shards; a row with nothing but its id is of a program that is gone:

    {"formatVersion": 1, "programs": [ROW, …]}
    {"formatVersion": 1, "programs": [ROW, …],
     "shards": [{"key": "metadata/index/programs/…", "first": "aaa", "count": 4096}, …],
     "pending": {"shop": ["2030-01-02T03:04:05.000Z 1f6b"]}}

`pending` names the programs that somebody is changing at this moment, or was when their tool was killed. What the
index says about them may be out of date: they have to be read from their own documents.

A row says what was published and what decides about it, as far as it is small:

    {"id": "shop",
     "from": {"metadata/catalog/shop.json": "etag …"},
     "pointer": {"version": "1.2.0", "manifestKey": "artifacts/…", "releaseKey": "metadata/releases/…"},
     "policy": {…} | "own",
     "manifests": {"1.2.0": {"id": "shop", "version": "1.2.0", "title": "Shop", "entry": "home", …}},
     "unreadable": "why",
     "listing": {"updatedAtUtc": "…"}}

`from` names the documents the row was made of, with a tag of their content. `pointer` is absent while the
program is not published or disabled. `policy` is the compiled policy of its releases, `"own"` when it is too
large for a row, absent when there is none. `manifests` hold what is listed of the versions the pointer and the
policy name; a version that is missing here is read from its own document. `listing` is what lists of people show
beside, and nothing delivery asks. Rollout rules, capability policies and
access keys are never in the index: they may be written by hand, and what they say must hold at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import pairwise
from typing import Any, NamedTuple

from miniprogram.delivery.documents.cache.document import Document, parse_object
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.path_segments import is_safe_segment

FORMAT_VERSION = 1
MAX_INDEX_BYTES = 4_000_000
"""Largest index or shard that is written: what a cloud function can read at once."""
MAX_POLICY_BYTES = 8_192
"""Largest policy that is copied into a row."""
OWN = "own"

MANIFEST_MEMBERS = (
    "id", "version", "title", "description", "entry", "sdkVersionRange", "requiredCapabilities",
)  # fmt: skip
"""What a row keeps of a manifest."""


class IndexedPointer(NamedTuple):
    """The published version, and where its manifest and its release record lie."""

    version: str
    manifest_key: str
    release_key: str


class ProgramRow(NamedTuple):
    """What the index says about one program. `policy` is `OWN` when it has to be read from its own document."""

    id: str
    pointer: IndexedPointer | None = None
    policy: Mapping[str, Any] | str | None = None
    manifests: Mapping[str, Mapping[str, Any]] = {}
    compiled_from: Mapping[str, str] = {}
    unreadable: str | None = None
    listing: Mapping[str, Any] = {}

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left of the program."""
        return self.pointer is None and self.policy is None and self.unreadable is None and not self.listing


class ShardReference(NamedTuple):
    """A part of a large index: its key, the first program id in it, and how many there are."""

    key: str
    first: str
    size: int


class ProgramIndex(NamedTuple):
    """A parsed index or shard: rows, references to where more rows are, and the programs not to be believed."""

    rows: tuple[ProgramRow, ...] = ()
    shards: tuple[ShardReference, ...] = ()
    pending: Mapping[str, tuple[str, ...]] = {}


def summary_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a row keeps of `manifest`."""
    return {name: manifest[name] for name in MANIFEST_MEMBERS if name in manifest}


def format_rows(rows: Iterable[ProgramRow]) -> bytes:
    """An index or shard that holds `rows`, which ascend by id."""
    return _encode({"formatVersion": FORMAT_VERSION, "programs": [_row_members(row) for row in rows]})


def format_index(index: ProgramIndex) -> bytes:
    """The index: what changed since its shards were written, the shards by their first ids, and `pending`."""
    members: dict[str, Any] = {
        "formatVersion": FORMAT_VERSION,
        "programs": [_row_members(row) for row in index.rows],
    }
    if index.shards:
        named = [{"key": shard.key, "first": shard.first, "count": shard.size} for shard in index.shards]
        members["shards"] = named
    if index.pending:
        members["pending"] = {program_id: list(marks) for program_id, marks in sorted(index.pending.items())}
    return _encode(members)


def merged_rows(index: ProgramIndex, shards: Iterable[ProgramIndex]) -> Iterator[ProgramRow]:
    """The rows of all programs that are there, ascending by id. `shards` are those the index names, in order."""
    changed = {row.id: row for row in index.rows}
    stored = (row for shard in shards for row in shard.rows if row.id not in changed)
    for row in merge(stored, index.rows, key=lambda row: row.id):
        if not row.is_gone:
            yield row


def split_rows(rows: Iterable[ProgramRow], max_bytes: int = MAX_INDEX_BYTES) -> Iterator[list[ProgramRow]]:
    """`rows` in as few parts as fit `max_bytes` each. One part: the index holds them itself."""
    part: list[ProgramRow] = []
    size = 64
    for row in rows:
        cost = len(_encode(_row_members(row))) + 1
        if part and size + cost > max_bytes:
            yield part
            part, size = [], 64
        part.append(row)
        size += cost
    yield part


def parse_index(document: Document) -> ProgramIndex:
    """Raises BrokenDocument naming the member at fault, or for a format that is not known here."""
    members = parse_object(document, unique_keys=True)
    if members.get("formatVersion") != FORMAT_VERSION:
        raise BrokenDocument(document.key, f"formatVersion must be {FORMAT_VERSION}")
    try:
        rows = tuple(_row(item) for item in members.get("programs", ()))
        shards = tuple(_shard(item) for item in members.get("shards", ()))
        pending = {text: tuple(map(str, marks)) for text, marks in members.get("pending", {}).items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenDocument(document.key, f"not an index: {error!r}") from None
    for ids in ([row.id for row in rows], [shard.first for shard in shards]):
        if any(one >= other for one, other in pairwise(ids)):
            raise BrokenDocument(document.key, "the programs of an index ascend by id, each once")
    return ProgramIndex(rows, shards, pending)


def _row_members(row: ProgramRow) -> dict[str, Any]:
    members: dict[str, Any] = {"id": row.id}
    if row.compiled_from:
        members["from"] = dict(row.compiled_from)
    if row.pointer is not None:
        version, manifest_key, release_key = row.pointer
        members["pointer"] = {"version": version, "manifestKey": manifest_key, "releaseKey": release_key}
    if row.policy is not None:
        is_small = not isinstance(row.policy, str) and len(_encode(row.policy)) <= MAX_POLICY_BYTES
        members["policy"] = row.policy if is_small else OWN
    if row.manifests:
        members["manifests"] = {version: dict(summary) for version, summary in row.manifests.items()}
    if row.unreadable is not None:
        members["unreadable"] = row.unreadable
    if row.listing:
        members["listing"] = dict(row.listing)
    return members


def _row(item: Any) -> ProgramRow:
    program_id = item["id"]
    if not isinstance(program_id, str) or not is_safe_segment(program_id):
        raise ValueError(f"{program_id!r} is not the id of a program")
    pointer = item.get("pointer")
    policy = item.get("policy")
    if policy is not None and policy != OWN and not isinstance(policy, dict):
        raise ValueError(f"the policy of {program_id} is neither an object nor {OWN!r}")
    manifests = item.get("manifests", {})
    if not all(isinstance(summary, dict) for summary in manifests.values()):
        raise ValueError(f"a manifest of {program_id} is not an object")
    return ProgramRow(
        program_id,
        None if pointer is None else _pointer(pointer),
        policy,
        manifests,
        item.get("from", {}),
        item.get("unreadable"),
        item.get("listing", {}),
    )


def _pointer(item: Any) -> IndexedPointer:
    pointer = IndexedPointer(item["version"], item["manifestKey"], item["releaseKey"])
    if not all(isinstance(text, str) and text for text in pointer):
        raise ValueError("a pointer has a version, a manifestKey and a releaseKey")
    return pointer


def _shard(item: Any) -> ShardReference:
    shard = ShardReference(item["key"], item["first"], item["count"])
    if not isinstance(shard.key, str) or not isinstance(shard.first, str) or not isinstance(shard.size, int):
        raise ValueError("a shard has a key, a first id and a count")
    return shard


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=False).encode("ascii")
