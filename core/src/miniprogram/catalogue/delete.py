"""`cloud app delete`: remove everything an environment stores about a mini-program."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from miniprogram.environments.session import CloudSession

ROUNDS = 3
"""How often the store is listed again for what a publish wrote meanwhile."""


def plan_delete(session: CloudSession, program_id: str) -> list[str]:
    """The keys `delete` removes, ascending. The three pointers are named even when they are not there."""
    return sorted({*_pointers(session, program_id), *_records(session, program_id), *_files(session, program_id)})


def delete(session: CloudSession, program_id: str) -> list[str]:
    """Delete every object of `program_id`; returns the keys, ascending.

    The pointer goes first, so nothing half deleted is served; the key policy goes after the files it protects,
    the mark of a disabled program last. Repeating is fine. Raises StoreError; what is left can be deleted later.
    """
    keys = session.keys
    catalog, policy, disabled = _pointers(session, program_id)
    removed = {catalog, policy, disabled}
    session.store.delete(catalog)
    for _ in range(ROUNDS):
        found = {*_remove(session, _records(session, program_id)), *_remove(session, _files(session, program_id))}
        removed |= found
        if not found:
            break
    session.store.delete(keys.catalog_pointer_key(program_id))
    session.store.delete(policy)
    session.store.delete(disabled)
    return sorted(removed)


def holds_anything(session: CloudSession, program_id: str) -> bool:
    """Whether the environment stores anything about `program_id`."""
    if _records(session, program_id) or _files(session, program_id):
        return True
    return any(session.store.get(key) is not None for key in _pointers(session, program_id))


def _pointers(session: CloudSession, program_id: str) -> tuple[str, str, str]:
    keys = session.keys
    return (
        keys.catalog_pointer_key(program_id),
        keys.access_keys_key(program_id),
        keys.disabled_pointer_key(program_id),
    )


def _records(session: CloudSession, program_id: str) -> list[str]:
    pointers = _pointers(session, program_id)
    single = (key for key in session.keys.program_keys(program_id) if key not in pointers)
    return [key for key in single if session.store.get(key) is not None]


def _files(session: CloudSession, program_id: str) -> list[str]:
    folders = session.keys.program_folders(program_id)
    return [info.key for folder in folders for info in session.store.list(folder)]


def _remove(session: CloudSession, keys: Iterable[str]) -> list[str]:
    listed = list(keys)
    with ThreadPoolExecutor(max(1, session.store.parallel_writes)) as pool:
        for _ in pool.map(session.store.delete, listed):
            pass
    return listed
