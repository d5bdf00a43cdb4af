"""What to say about a mini-program that nobody published yet: it may be early, or misspelt."""

from __future__ import annotations

from miniprogram.documents.index.listing import ProgramQuery, list_page
from miniprogram.documents.published_versions import recorded_versions
from miniprogram.environments.session import CloudSession, storage_of
from miniprogram.suggestions import closest


def unpublished_note(session: CloudSession, program_id: str) -> tuple[str, ...]:
    """A sentence when nothing of that id is published there, with what was probably meant."""
    if recorded_versions(session.store, session.keys, program_id):
        return ()
    near = closest(program_id, [row.id for row in list_page(storage_of(session), ProgramQuery()).rows])
    meant = f"; did you mean {near}?" if near else ""
    return (f"Nothing called {program_id} is published to {session.name} yet{meant}",)
