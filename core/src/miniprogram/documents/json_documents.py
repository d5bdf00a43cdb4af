"""JSON documents in an object store, changed by conditional writes: two people at once lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from miniprogram.delivery.documents.kinds import DocumentKind
from miniprogram.documents.conditional_write import conditional_delete, conditional_write, encode_document
from miniprogram.models import FrozenModel
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.stores.backoff import Backoff
from miniprogram.strict_json import parse_json, require_object

Model = TypeVar("Model", bound=FrozenModel)


def read_document(store: ObjectStore, key: str) -> dict[str, Any] | None:
    """The JSON object stored under `key`, or None. Raises DocumentError when it is something else."""
    found = store.get(key)
    return None if found is None else _object(key, found.body)


def change_document(
    store: ObjectStore,
    kind: DocumentKind,
    key: str,
    change: Callable[[dict[str, Any] | None], dict[str, Any]],
) -> dict[str, Any]:
    """Replace a document of `kind` by what `change` makes of it, unless somebody else wrote meanwhile.

    Then it is read and changed again, so `change` may run several times and must have no effect of its own.
    Returns what was written. What `change` raises ends it, with nothing written.
    """
    wanted: dict[str, Any] = {}

    def body(found: StoredObject | None) -> bytes | None:
        nonlocal wanted
        document = None if found is None else _object(key, found.body)
        wanted = change(document)
        return None if wanted == document else encode_document(key, lambda: wanted)

    conditional_write(store, key, body, check=lambda written: _object(key, written), **kind.headers())
    return wanted


def change_model(
    store: ObjectStore,
    kind: DocumentKind,
    key: str,
    change: Callable[[Model], Model],
    *,
    blank: Model,
    parse: Callable[[bytes], Model],
    backoff: Backoff | None = None,
) -> Model:
    """As `change_document`, for a document with a model: `blank` where there is none, `parse` reads it.

    `backoff` says how long to go on against others; without it, as long as every write.
    """
    made = blank

    def body(found: StoredObject | None) -> bytes | None:
        nonlocal made
        before = blank if found is None else parse(found.body)
        made = change(before)
        if found is not None and made == before:
            return None
        return encode_document(key, lambda: made.model_dump(mode="json", by_alias=True))

    conditional_write(store, key, body, check=parse, **kind.headers(), backoff=backoff)
    return made


def remove_document(store: ObjectStore, key: str, archive: Callable[[dict[str, Any]], None]) -> bool:
    """Delete the document under `key` once `archive` has put away exactly what is deleted.

    Returns False when there is none. `archive` runs again when somebody writes meanwhile; what it raises ends
    it, with nothing deleted.
    """
    return conditional_delete(store, key, lambda found: archive(_object(key, found.body)))


def _object(key: str, body: bytes) -> dict[str, Any]:
    return require_object(parse_json(body, name=key), name=key)
