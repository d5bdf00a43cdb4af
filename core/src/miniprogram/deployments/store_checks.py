"""What `cloud doctor` looks at in any environment's store: foreign objects, and the index of its mini-programs."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.index_document import read_index
from miniprogram.documents.index.indexing import FEW_PROGRAMS, program_ids
from miniprogram.errors import StoreError
from miniprogram.seams.checks import Check

MOST_SHOWN = 5


def store_checks(storage: EnvironmentStorage) -> Iterator[Check]:
    """None raises: a store that fails is said by the provider's own checks."""
    try:
        yield _foreign_objects(storage)
        yield _index(storage)
    except StoreError as error:
        yield Check("Stored objects", "skipped", f"the store cannot be listed: {error}")


def _foreign_objects(storage: EnvironmentStorage) -> Check:
    """Folders beside those of the map. Looks at names of one level only, however many objects there are."""
    keys = storage.keys
    folder = keys.metadata_folder
    known = keys.known_names(folder)
    foreign = [
        folder + name
        for name in storage.store.list_names(folder)
        if name not in known and keys.identify(folder + name) is None
    ]
    if not foreign:
        return Check("Stored objects", "ok", "nothing that does not belong there")
    shown = ", ".join(foreign[:MOST_SHOWN]) + (", …" if len(foreign) > MOST_SHOWN else "")
    return Check("Stored objects", "warning", f"{len(foreign)} that no release of miniprogram writes: {shown}")


def _index(storage: EnvironmentStorage) -> Check:
    if read_index(storage) is not None:
        return Check("Index", "ok", "lists read it")
    if storage.store.get(storage.keys.program_index_key) is not None:
        return Check("Index", "warning", "it cannot be read, so lists read every document", _reindex(storage))
    if len(program_ids(storage, most=FEW_PROGRAMS + 1)) > FEW_PROGRAMS:
        return Check("Index", "warning", "there is none, so lists read every document", _reindex(storage))
    return Check("Index", "ok", "the next publish makes it")


def _reindex(storage: EnvironmentStorage) -> str:
    return f"Run `miniprogram cloud app reindex --env {storage.environment}`."
