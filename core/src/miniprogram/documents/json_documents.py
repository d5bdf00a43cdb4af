"""JSON documents in an object store, changed by compare-and-swap: two people at once lose nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.stores.cache_control import POINTER
from miniprogram.strict_json import parse_json, require_object, to_pretty_json

ATTEMPTS = 60
LONGEST_PAUSE_S = 0.2


def read_document(store: ObjectStore, key: str) -> dict[str, Any] | None:
    """The JSON object stored under `key`, or None. Raises DocumentError when it is something else."""
    return _document(store.get(key), key)


def change_document(
    store: ObjectStore, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any]]
) -> dict[str, Any]:
    """Replace the document under `key` by what `change` makes of it, unless somebody else wrote meanwhile.

    Then it is read and changed again, so `change` may run several times and must have no effect of its own.
    Returns what was written. What `change` raises ends it, with nothing written.
    """
    for attempt in range(ATTEMPTS):
        found = store.get(key)
        document = _document(found, key)
        changed = change(document)
        if changed == document:
            return changed
        try:
            store.put(
                key,
                to_pretty_json(changed),
                content_type="application/json",
                cache_control=POINTER,
                if_match=found.etag if found else None,
                if_absent=found is None,
            )
        except PreconditionFailed:
            _pause(attempt)
        else:
            return changed
    raise StoreError(f"{key} is being changed by others all the time", hint="Try again in a moment.")


def remove_document(store: ObjectStore, key: str, archive: Callable[[dict[str, Any]], None]) -> bool:
    """Delete the document under `key` once `archive` has put away exactly what is deleted.

    Returns False when there is none. `archive` runs again when somebody writes meanwhile; what it raises ends
    it, with nothing deleted.
    """
    for attempt in range(ATTEMPTS):
        found = store.get(key)
        document = _document(found, key)
        if found is None or document is None:
            return False
        archive(document)
        try:
            store.delete(key, if_match=found.etag)
        except PreconditionFailed:
            _pause(attempt)
        else:
            return True
    raise StoreError(f"{key} is being changed by others all the time", hint="Try again in a moment.")


def _document(found: StoredObject | None, key: str) -> dict[str, Any] | None:
    return None if found is None else require_object(parse_json(found.body, name=key), name=key)


def _pause(attempt: int) -> None:
    # spread the racing writers, or they meet again
    time.sleep(random.uniform(0, min(0.005 * 2**attempt, LONGEST_PAUSE_S)))  # noqa: S311 - not a secret
