"""The release document of a mini-program in its store, and the finished attempts beside it."""

from __future__ import annotations

from miniprogram.delivery.documents.kinds import LAST_GOOD, RELEASE_DOCUMENT
from miniprogram.documents.audited import AuditedDocuments
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.damage import note_damage
from miniprogram.documents.index.indexing import indexed
from miniprogram.documents.last_good import keep_copy
from miniprogram.refusals import NotFound
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.storage.compile import compile_policy
from miniprogram.releases.storage.finished import put_finished
from miniprogram.releases.storage.withdrawn import copy_withdrawn, first_document


def releases_of(storage: EnvironmentStorage, program_id: str) -> AuditedDocuments[ReleaseDocument]:
    """How the releases of `program_id` are read and changed."""

    key = storage.keys.release_document_key(program_id)

    def flush_outbox(document: ReleaseDocument) -> None:
        if document.revision:
            keep_copy(storage, LAST_GOOD, storage.keys.last_good_key(program_id), document)
        for release in document.outbox:
            put_finished(storage, program_id, release, document.revision)
        if document.withdrawn_versions or _was_reopened(document):
            copy_withdrawn(storage, document)

    return AuditedDocuments(
        storage=storage,
        kind=RELEASE_DOCUMENT,
        key=key,
        chain=program_id,
        model=ReleaseDocument,
        blank=lambda: first_document(storage, program_id),
        compile=lambda document: document.model_copy(update={"policy": compile_policy(document)}),
        flush_outbox=flush_outbox,
        repair_hint=f"`release repair {program_id}` says what can be restored.",
        problem=lambda document: foreign(document, program_id),
        note_damage=lambda reason: note_damage(storage, program_id, key, reason),
        around=lambda: indexed(storage, program_id),
        clear_outbox=lambda document: document.model_copy(update={"outbox": ()}),
    )


def foreign(document: ReleaseDocument, program_id: str) -> str | None:
    """What is wrong with a document that lies where those of `program_id` do and is another's."""
    of = document.mini_program_id
    return None if of == program_id else f"it is the document of {of}"


def require_releases(storage: EnvironmentStorage, program_id: str) -> ReleaseDocument:
    """The release document of `program_id`. Raises NotFound when there is none."""
    document = releases_of(storage, program_id).read()
    if document is None:
        raise NotFound(
            f"{program_id} has no releases in {storage.environment}",
            hint=f"Start one with `miniprogram release create {program_id} VERSION --app APP`.",
        )
    return document


def _was_reopened(document: ReleaseDocument) -> bool:
    """Whether the last change may have taken a version back from the withdrawn ones."""
    return any(event.command == "release reopen" for event in document.trail.latest)
