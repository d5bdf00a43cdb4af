"""The stored id lists of segments."""

from __future__ import annotations

from miniprogram.delivery.evaluation.conditions.id_list import IdList
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import StoreError


def read_list(storage: EnvironmentStorage, key: str) -> IdList:
    """The list behind a segment's key. Raises StoreError when it is gone or broken."""
    full_key = storage.keys.segment_ids_key(key)
    found = storage.store.get(full_key)
    if found is None:
        raise StoreError(f"{full_key} is gone")
    try:
        return IdList.of(found.body, full_key)
    except ValueError as error:
        raise StoreError(str(error)) from error
