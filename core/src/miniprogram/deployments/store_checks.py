"""What `cloud doctor` looks at in any environment's store: foreign objects, and the index of its mini-programs."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.index_document import read_index
from miniprogram.documents.index.indexing import FEW_PROGRAMS, compile_rows, program_ids
from miniprogram.documents.index.listing import ProgramQuery, list_page
from miniprogram.errors import StoreError
from miniprogram.seams.checks import Check

MOST_SHOWN = 5
MOST_COMPARED = 500
"""Mini-programs whose documents are held against the index: a few requests for each."""


def store_checks(storage: EnvironmentStorage) -> Iterator[Check]:
    """None raises: a store that fails is said by the provider's own checks."""
    try:
        yield _foreign_objects(storage)
        yield from _index(storage)
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
    what = f"{len(foreign)} that no release of miniprogram writes: {_some(foreign)}"
    return Check("Stored objects", "warning", what)


def _index(storage: EnvironmentStorage) -> Iterator[Check]:
    if read_index(storage) is None:
        yield _no_index(storage)
        return
    rows = list_page(storage, ProgramQuery(limit=MOST_COMPARED)).rows
    now = {row.id: row for row in compile_rows(storage, [row.id for row in rows])}
    stale = [row.id for row in rows if row.id not in now or row.compiled_from != now[row.id].compiled_from]
    if stale:
        what = f"documents were changed behind it, of {_some(stale)}"
        yield Check("Index", "warning", what, _reindex(storage))
    else:
        yield Check("Index", "ok", "lists read it")
    broken = [row for row in now.values() if row.unreadable]
    if broken:
        first = broken[0]
        what = f"documents cannot be read, of {_some([row.id for row in broken])}"
        repair = f"{first.unreadable}. See `miniprogram release repair {first.id} --env {storage.environment}`."
        yield Check("Mini-programs", "error", what, repair)


def _no_index(storage: EnvironmentStorage) -> Check:
    if storage.store.get(storage.keys.program_index_key) is not None:
        return Check("Index", "warning", "it cannot be read, so lists read every document", _reindex(storage))
    if len(program_ids(storage, most=FEW_PROGRAMS + 1)) > FEW_PROGRAMS:
        return Check("Index", "warning", "there is none, so lists read every document", _reindex(storage))
    return Check("Index", "ok", "the next publish makes it")


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST_SHOWN]) + (", …" if len(names) > MOST_SHOWN else "")


def _reindex(storage: EnvironmentStorage) -> str:
    return f"Run `miniprogram cloud app reindex --env {storage.environment}`."
