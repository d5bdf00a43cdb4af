"""The releases document of the program in the path, as far as it may be read."""

from __future__ import annotations

from miniprogram.refusals import NotFound
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.queries.listing import find_release
from miniprogram.releases.queries.readable import readable_document
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram_server.console.page_request import PageRequest


def document_of(request: PageRequest) -> ReleaseDocument:
    """A blank one for a program that was published and never released. Raises NotFound for any other."""
    storage, program_id = request.context.storage, request.program_id
    found = releases_of(storage, program_id).read()
    if found is None and storage.store.get(storage.keys.catalog_pointer_key(program_id)) is None:
        raise NotFound(f"there is no mini-program {program_id}")
    return readable_document(found or ReleaseDocument(mini_program_id=program_id), request.context.actor)


def find(request: PageRequest, document: ReleaseDocument) -> Release:
    """The attempt under way, else the last finished one. Raises NotFound."""
    return find_release(request.context.storage, document, request.names["version"], request.target)
