"""A copy of the last release document that could be read, for the day on which it cannot.

The document is what is changed; this is written after it, and never over a newer copy. Whoever crashes in between
leaves the copy to the next change.
"""

from __future__ import annotations

from miniprogram.delivery.documents.kinds import LAST_GOOD
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.stored_models import parse_stored
from miniprogram.errors import DocumentError
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.seams.object_store import StoredObject
from miniprogram.strict_json import to_pretty_json


def keep_copy(storage: EnvironmentStorage, document: ReleaseDocument) -> None:
    """Copy `document`, which was just read or written, unless the copy is as new."""
    key = storage.keys.last_good_key(document.mini_program_id)

    def body(stored: StoredObject | None) -> bytes | None:
        if stored is not None and _revision(stored.body, key) >= document.revision:
            return None
        return to_pretty_json(document.model_dump(mode="json", by_alias=True))

    conditional_write(storage.store, key, body, check=lambda _body: None, **LAST_GOOD.headers())


def read_copy(storage: EnvironmentStorage, program_id: str) -> ReleaseDocument | None:
    """The copy; None when there is none that can be read."""
    key = storage.keys.last_good_key(program_id)
    found = storage.store.get(key)
    if found is None:
        return None
    try:
        return parse_stored(ReleaseDocument, found.body, name=key)[0]
    except DocumentError:
        return None


def _revision(body: bytes, key: str) -> int:
    try:
        return parse_stored(ReleaseDocument, body, name=key)[0].revision
    except DocumentError:
        return -1
