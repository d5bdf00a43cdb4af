"""`cloud app delete`: remove what an environment stores about a mini-program, by the map of the store.

The audit trail stays, and what an inspector withdrew. The environment's own trail says who deleted what, with the
length and the head hash of the trail that ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from miniprogram.documents.audited import Change
from miniprogram.documents.conditional_write import conditional_delete
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.indexing import indexed
from miniprogram.errors import DocumentError
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import environment_documents
from miniprogram.identity.roles import ADMIN
from miniprogram.progress import counted
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.releases.storage.withdrawn import Withdrawn, copy_ended, read_withdrawn
from miniprogram.seams.object_store import StoredObject

COMMAND = "app delete"
ROUNDS = 3
"""How often the store is listed again for what a publish wrote meanwhile."""


@dataclass(frozen=True, slots=True)
class DeletionReport:
    """The keys that are gone, ascending, and what stays of the program's releases."""

    mini_program_id: str
    removed: tuple[str, ...]
    remaining: Withdrawn


def plan_delete(storage: EnvironmentStorage, program_id: str) -> list[str]:
    """The keys `delete_program` removes, ascending. The three pointers are named even when they are not there."""
    return sorted({*_pointers(storage, program_id), *_records(storage, program_id), *_files(storage, program_id)})


def delete_program(context: CommandContext, program_id: str) -> DeletionReport:
    """Delete every object of `program_id` but its audit trail and what an inspector withdrew.

    The pointer goes first, so nothing half deleted is served; the release document goes once its trail is
    complete, copied and told of; the access keys go after what they protect, the mark of a disabled program last.
    Repeating is fine. Raises Denied without the role for it, StoreError when something is left: then again.
    """
    storage = context.storage
    require_role(context, ADMIN, COMMAND, program_id=program_id)
    with indexed(storage, program_id):
        removed = _delete(context, program_id)
    return DeletionReport(program_id, tuple(sorted(removed)), read_withdrawn(storage, program_id))


def _delete(context: CommandContext, program_id: str) -> set[str]:
    storage = context.storage
    catalog, access_keys, disabled = _pointers(storage, program_id)
    removed = {catalog, access_keys, disabled}
    storage.store.delete(catalog)
    removed |= set(_end_trail(context, program_id))
    for _ in range(ROUNDS):
        found = {*_remove(storage, _records(storage, program_id)), *_remove(storage, _files(storage, program_id))}
        removed |= found
        if not found:
            break
    for key in (catalog, access_keys, disabled):
        storage.store.delete(key)
    return removed


def _end_trail(context: CommandContext, program_id: str) -> list[str]:
    """Delete the release document, if there is one, once nothing of it is lost. Tells the environment's trail."""
    storage, documents = context.storage, releases_of(context.storage, program_id)

    def end(found: StoredObject) -> None:
        try:
            document = documents.parse(found.body)
        except DocumentError:
            # a document nobody can read: what was copied of it before is all there is
            _tell(context, read_withdrawn(storage, program_id), unreadable=True)
            return
        documents.flush(document)
        copy_ended(storage, document)
        _tell(context, _ended(document))

    if conditional_delete(storage.store, documents.key, end):
        return [documents.key]
    _tell(context, read_withdrawn(storage, program_id))
    return []


def _ended(document: ReleaseDocument) -> Withdrawn:
    return Withdrawn(
        mini_program_id=document.mini_program_id,
        withdrawn_versions=document.withdrawn_versions,
        revision=document.revision,
        next_number=document.next_number,
        trail_length=document.trail.length,
        trail_hash=document.trail.hash,
    )


def _tell(context: CommandContext, ended: Withdrawn, *, unreadable: bool = False) -> None:
    """Put the deletion on record in the environment's own trail."""
    details: dict[str, Any] = {
        "trailLength": ended.trail_length,
        "trailHash": ended.trail_hash,
        "withdrawnVersions": list(ended.withdrawn_versions),
    }
    details |= {"releasesUnreadable": True} if unreadable else {}
    event = context.event(COMMAND, subject=ended.mini_program_id, details=details)
    environment_documents(context.storage).change(lambda document: Change(document, [event]), now=context.stamp)


def _pointers(storage: EnvironmentStorage, program_id: str) -> tuple[str, str, str]:
    keys = storage.keys
    return (
        keys.catalog_pointer_key(program_id),
        keys.access_keys_key(program_id),
        keys.disabled_pointer_key(program_id),
    )


def _records(storage: EnvironmentStorage, program_id: str) -> list[str]:
    pointers = _pointers(storage, program_id)
    single = (key for key in storage.keys.program_keys(program_id) if key not in pointers)
    return [key for key in single if storage.store.get(key) is not None]


def _files(storage: EnvironmentStorage, program_id: str) -> list[str]:
    folders = storage.keys.program_folders(program_id)
    return [info.key for folder in folders for info in storage.store.list(folder)]


def _remove(storage: EnvironmentStorage, keys: Iterable[str]) -> list[str]:
    listed = list(keys)
    with ThreadPoolExecutor(max(1, storage.store.parallel_writes)) as pool:
        for _ in counted(pool.map(storage.store.delete, listed), "deleting files", len(listed)):
            pass
    return listed
