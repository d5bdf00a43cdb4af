"""`storage prune`: delete old versions of an environment that nothing refers to any more.

Whoever points to a version looks at its release record first. So that record is replaced by a claim before
anything goes; then the documents that may point are written anew, so that whoever looked before the claim has to
look again; then what refers to what is read once more. A version that somebody pointed to meanwhile gets its
record back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from miniprogram.catalogue.references import referring
from miniprogram.delivery.documents.kinds import CATALOG_POINTER, PROVENANCE, RELEASE_RECORD
from miniprogram.documents.audited import Change
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_document
from miniprogram.documents.published_versions import highest_first, recorded_versions
from miniprogram.errors import PreconditionFailed
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import environment_documents
from miniprogram.identity.roles import ADMIN
from miniprogram.packages.release_record import claim_document, read_record
from miniprogram.progress import counted
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.seams.object_store import StoredObject
from miniprogram.strict_json import to_pretty_json

COMMAND = "storage prune"
PRUNING = "pruning"
"""Member of a claim: the release record as it was."""


@dataclass(frozen=True, slots=True)
class Going:
    """A version that goes, or went. `size` in bytes."""

    version: str
    digest: str | None
    keys: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Staying:
    """A version that stays, and why: `one of the 5 highest`, or what refers to it."""

    version: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgramPlan:
    """One mini-program: what goes, and what stays, each the highest first."""

    mini_program_id: str
    going: tuple[Going, ...]
    staying: tuple[Staying, ...]


def plan_prune(storage: EnvironmentStorage, program_ids: Iterable[str], *, keep: int) -> list[ProgramPlan]:
    """What `prune` would do. Raises StoreError, and DocumentError for a document that cannot be read: whatever it
    refers to is not known then, and nothing may go."""
    return [_plan(storage, program_id, keep) for program_id in program_ids]


def prune(context: CommandContext, program_ids: Iterable[str], *, keep: int) -> list[ProgramPlan]:
    """Delete what nothing refers to, and tell the environment's trail of it, in one event.

    What stays is said as it is afterwards. Raises Denied without the role for it, and as `plan_prune`; running it
    again goes on where it was interrupted.
    """
    storage = context.storage
    require_role(context, ADMIN, COMMAND)
    done = [_prune(context, plan, keep) for plan in plan_prune(storage, program_ids, keep=keep)]
    pruned = {
        plan.mini_program_id: {each.version: each.digest for each in plan.going} for plan in done if plan.going
    }
    if pruned:
        sizes = [each for plan in done for each in plan.going]
        details: dict[str, Any] = {
            "keep": keep,
            "versions": pruned,
            "objectCount": sum(len(each.keys) for each in sizes),
            "bytes": sum(each.size for each in sizes),
        }
        event = context.event(COMMAND, details=details)
        environment_documents(storage).change(lambda document: Change(document, [event]), now=context.stamp)
    return done


def _plan(storage: EnvironmentStorage, program_id: str, keep: int) -> ProgramPlan:
    records = {
        version: storage.store.get(storage.keys.release_record_key(program_id, version))
        for version in recorded_versions(storage.store, storage.keys, program_id)
    }
    whole = [version for version, found in records.items() if found is not None and _is_finished(found)]
    because: dict[str, list[str]] = defaultdict(list)
    for version in whole[:keep]:
        because[version].append("the highest" if keep == 1 else f"one of the {keep} highest")
    for version, name in referring(storage, program_id, returns=keep):
        because[version].append(name)
    claimed = [version for version, found in records.items() if found is not None and _was(found) is not None]
    going = [version for version in highest_first({*whole, *claimed}) if version not in because]
    return ProgramPlan(
        program_id,
        tuple(_going(storage, program_id, version, records[version]) for version in going),
        tuple(Staying(version, tuple(because[version])) for version in whole if version in because),
    )


def _going(storage: EnvironmentStorage, program_id: str, version: str, record: StoredObject | None) -> Going:
    folders = storage.keys.version_folders(program_id, version)
    found = [info for folder in folders for info in storage.store.list(folder)]
    read = read_record(record.body) if record is not None else None
    sizes = {info.key: info.size for info in found}
    provenance = storage.store.get(storage.keys.key(PROVENANCE, program_id, version))
    if provenance is not None:
        sizes[provenance.key] = len(provenance.body)
    digest = read.digest if read is not None else None
    return Going(version, digest, tuple(sorted(sizes)), sum(sizes.values()))


def _prune(context: CommandContext, plan: ProgramPlan, keep: int) -> ProgramPlan:
    storage, program_id = context.storage, plan.mini_program_id
    claims = {each.version: claim for each in plan.going if (claim := _claimed(storage, program_id, each.version))}
    if not claims:
        return ProgramPlan(program_id, (), plan.staying)
    _make_others_look_again(context, program_id)
    named: dict[str, list[str]] = defaultdict(list)
    for version, name in referring(storage, program_id, returns=keep):
        named[version].append(name)
    gone = []
    for each in plan.going:
        claim = claims.get(each.version)
        if claim is None:
            continue
        if each.version in named:
            _give_back(storage, claim)
        elif _delete(storage, each, claim):
            gone.append(each)
    saved = (Staying(version, tuple(named[version])) for version in claims if version in named)
    return ProgramPlan(program_id, tuple(gone), (*plan.staying, *saved))


def _claimed(storage: EnvironmentStorage, program_id: str, version: str) -> StoredObject | None:
    """The claim in place of the version's record; None when somebody else was faster."""
    key = storage.keys.release_record_key(program_id, version)
    found = storage.store.get(key)
    if found is None:
        return None
    if _was(found) is not None:
        return found  # an earlier run got this far
    record = read_record(found.body)
    if record is None or not record.finished:
        return None
    bundle = record.document.get("bundle")
    claim = {
        **claim_document(program_id, version, bundle if isinstance(bundle, dict) else {}),
        PRUNING: record.document,
    }
    body = to_pretty_json(claim)
    try:
        etag = storage.store.put(key, body, **RELEASE_RECORD.headers(), if_match=found.etag)
    except PreconditionFailed:
        return None
    return StoredObject(key, body, etag)


def _make_others_look_again(context: CommandContext, program_id: str) -> None:
    """Write the documents that point to versions anew: a conditional write that read them before is repeated."""
    storage = context.storage
    key = storage.keys.catalog_pointer_key(program_id)
    if storage.store.get(key) is not None:
        change_document(
            storage.store, CATALOG_POINTER, key, lambda found: {**(found or {}), "prunedAtUtc": context.stamp}
        )
    documents = releases_of(storage, program_id)
    if documents.read() is not None:
        documents.change(lambda document: Change(document, []), now=context.stamp)


def _give_back(storage: EnvironmentStorage, claim: StoredObject) -> None:
    body = to_pretty_json(_was(claim))
    with suppress(PreconditionFailed):  # published again meanwhile
        storage.store.put(claim.key, body, **RELEASE_RECORD.headers(), if_match=claim.etag)


def _delete(storage: EnvironmentStorage, going: Going, claim: StoredObject) -> bool:
    """Delete the files of a version, then its claim. False when somebody publishes it again: theirs stays."""

    def delete(key: str) -> bool:
        before = storage.store.get(key)
        if before is None:
            return True
        if not _holds(storage, claim):
            return False
        storage.store.delete(key, if_match=before.etag)
        if _holds(storage, claim):
            return True
        _put_back(storage, before)  # whoever publishes it may have found the file there
        return False

    with ThreadPoolExecutor(max(1, storage.store.parallel_writes)) as pool:
        if not all(counted(pool.map(delete, going.keys), "deleting files", len(going.keys))):
            return False
    try:
        storage.store.delete(claim.key, if_match=claim.etag)
    except PreconditionFailed:
        return False
    return True


def _put_back(storage: EnvironmentStorage, before: StoredObject) -> None:
    found = storage.keys.identify(before.key)
    headers = RELEASE_RECORD.headers() if found is None else found.kind.headers(before.key)
    with suppress(PreconditionFailed):  # written again by whoever publishes
        storage.store.put(before.key, before.body, **headers, if_absent=True)


def _holds(storage: EnvironmentStorage, claim: StoredObject) -> bool:
    found = storage.store.get(claim.key)
    return found is not None and found.body == claim.body


def _is_finished(record: StoredObject) -> bool:
    read = read_record(record.body)
    return read is not None and read.finished


def _was(record: StoredObject) -> dict[str, Any] | None:
    """The record that a claim of a prune stands in place of; None for any other."""
    read = read_record(record.body)
    was = None if read is None or read.finished else read.document.get(PRUNING)
    return was if isinstance(was, dict) else None


def programs_with_versions(storage: EnvironmentStorage) -> list[str]:
    """Every mini-program that has a record of a version, ascending."""
    names = storage.store.list_names(storage.keys.folder(RELEASE_RECORD))
    return [name.removesuffix("/") for name in names if name.endswith("/")]
