"""Telling the index that somebody met a document that cannot be used, so that lists say so.

A row of the index is compiled when something is written. What is damaged afterwards, by hand or on a disk, is met
by whoever reads it: delivery, a page about the mini-program, a command. Their word goes into the row and stays
until one of its documents changes.
"""

from __future__ import annotations

from miniprogram.delivery.documents.contents.program_index import ProgramIndex
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.compile_row import unreadable_row
from miniprogram.documents.index.index_document import change_index
from miniprogram.errors import DocumentError, StoreError
from miniprogram.logs import get_log

log = get_log(__name__)


def note_damage(storage: EnvironmentStorage, program_id: str, key: str, reason: str) -> None:
    """Let lists show `program_id` as unreadable because of its document `key`. Never raises.

    Whoever may only read the store changes nothing; lists then show it when somebody else meets it.
    """

    def noted(index: ProgramIndex) -> ProgramIndex | None:
        row = unreadable_row(storage, program_id, key, reason)
        rows = {each.id: each for each in index.rows}
        if rows.get(program_id) == row:
            return None
        rows[program_id] = row
        return index._replace(rows=tuple(each for _, each in sorted(rows.items())))

    try:
        change_index(storage, noted)
    except (StoreError, DocumentError) as error:
        log.info("damage_not_noted", program_id=program_id, key=key, error=str(error))
