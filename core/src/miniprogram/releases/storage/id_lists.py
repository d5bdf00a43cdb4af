"""The stored id lists of segments."""

from __future__ import annotations

from collections.abc import Iterable

from miniprogram.delivery.evaluation.conditions.id_list import IdList, changed_id_list
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import StoreError


def read_list(storage: EnvironmentStorage, key: str) -> IdList:
    """The list behind a segment's key. Raises StoreError when it is gone or broken."""
    full_key, body = _read(storage, key)
    try:
        return IdList.of(body, full_key)
    except ValueError as error:
        raise StoreError(str(error)) from error


def read_changed(
    storage: EnvironmentStorage, key: str, *, add: Iterable[str], remove: Iterable[str]
) -> tuple[bytes, int, int]:
    """The bytes of that list with ids more and others less, how many are new, and how many are gone.

    Raises StoreError when it is gone or broken.
    """
    full_key, body = _read(storage, key)
    try:
        return changed_id_list(body, full_key, add=add, remove=remove)
    except ValueError as error:
        raise StoreError(str(error)) from error


def _read(storage: EnvironmentStorage, key: str) -> tuple[str, bytes]:
    full_key = storage.keys.segment_ids_key(key)
    found = storage.store.get(full_key)
    if found is None:
        raise StoreError(f"{full_key} is gone")
    return full_key, found.body
