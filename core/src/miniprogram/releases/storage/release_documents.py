"""The release document of a mini-program in its store, and the finished attempts beside it."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.delivery.documents.kinds import FINISHED_ATTEMPT, LAST_GOOD, RELEASE_DOCUMENT
from miniprogram.documents.audited import AuditedDocuments
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.indexing import indexed
from miniprogram.documents.last_good import keep_copy
from miniprogram.documents.stored_models import parse_stored
from miniprogram.errors import PreconditionFailed
from miniprogram.refusals import NotFound
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.releases.storage.compile import compile_policy
from miniprogram.releases.storage.withdrawn import copy_withdrawn, first_document
from miniprogram.strict_json import to_pretty_json
from miniprogram.targets import Target


def releases_of(storage: EnvironmentStorage, program_id: str) -> AuditedDocuments[ReleaseDocument]:
    """How the releases of `program_id` are read and changed."""

    def flush_outbox(document: ReleaseDocument) -> None:
        if document.revision:
            keep_copy(storage, LAST_GOOD, storage.keys.last_good_key(program_id), document)
        for release in document.outbox:
            _put_finished(storage, program_id, release, document.revision)
        if document.withdrawn_versions or _was_reopened(document):
            copy_withdrawn(storage, document)

    return AuditedDocuments(
        storage=storage,
        kind=RELEASE_DOCUMENT,
        key=storage.keys.release_document_key(program_id),
        chain=program_id,
        model=ReleaseDocument,
        blank=lambda: first_document(storage, program_id),
        compile=lambda document: document.model_copy(update={"policy": compile_policy(document)}),
        flush_outbox=flush_outbox,
        repair_hint=f"`release repair {program_id}` says what can be restored.",
        around=lambda: indexed(storage, program_id),
        clear_outbox=lambda document: document.model_copy(update={"outbox": ()}),
    )


def require_releases(storage: EnvironmentStorage, program_id: str) -> ReleaseDocument:
    """The release document of `program_id`. Raises NotFound when there is none."""
    document = releases_of(storage, program_id).read()
    if document is None:
        raise NotFound(
            f"{program_id} has no releases in {storage.environment}",
            hint=f"Start one with `miniprogram release create {program_id} VERSION --app APP`.",
        )
    return document


def programs_with_releases(storage: EnvironmentStorage) -> Iterator[str]:
    """Ids of all mini-programs that have a release document, ascending."""
    for name in storage.store.list_names(storage.keys.folder(RELEASE_DOCUMENT)):
        if name.endswith(".json"):
            yield name.removesuffix(".json")


def finished_attempts(
    storage: EnvironmentStorage, document: ReleaseDocument, version: str, target: Target
) -> list[Release]:
    """Finished attempts at a pair, oldest first. One finished just now may not have its own key yet."""
    where = (document.mini_program_id, version, *target.path.split("/"))
    folder = storage.keys.folder(FINISHED_ATTEMPT, *where)
    stored = [_stored(storage, folder + name) for name in storage.store.list_names(folder)]
    fresh = [each for each in document.outbox if each.version == version and each.target == target]
    return [*(each for each in stored if each is not None and each not in fresh), *fresh]


def all_finished(storage: EnvironmentStorage, document: ReleaseDocument) -> list[Release]:
    """Every finished attempt of a mini-program, newest ending first."""
    folder = storage.keys.folder(FINISHED_ATTEMPT, document.mini_program_id)
    found = ((info.key, storage.keys.identify(info.key)) for info in storage.store.list(folder))
    keys = [key for key, identified in found if identified is not None and identified.kind is FINISHED_ATTEMPT]
    by_revision = sorted(keys, key=lambda key: key.rpartition("-")[2], reverse=True)
    stored = [release for key in by_revision if (release := _stored(storage, key)) is not None]
    return [*reversed(document.outbox), *(each for each in stored if each not in document.outbox)]


def _was_reopened(document: ReleaseDocument) -> bool:
    """Whether the last change may have taken a version back from the withdrawn ones."""
    return any(event.command == "release reopen" for event in document.trail.latest)


def versions_to_return_to(storage: EnvironmentStorage, document: ReleaseDocument, target: Target) -> list[str]:
    """Versions that were full on `target` and were not removed since, the latest ending first."""
    there = [each for each in all_finished(storage, document) if each.target == target]
    latest = {each.version: each for each in reversed(there)}
    wanted = dict.fromkeys(each.version for each in there)
    return [
        version
        for version in wanted
        if latest[version].state is State.ARCHIVED
        and latest[version].full_at is not None
        and version not in document.withdrawn_versions
    ]


def _put_finished(storage: EnvironmentStorage, program_id: str, release: Release, revision: int) -> None:
    body = to_pretty_json(release.model_dump(mode="json", by_alias=True))
    try:
        app, stage = release.target.path.split("/")
        key = storage.keys.key(
            FINISHED_ATTEMPT, program_id, release.version, app, stage, release.attempt, revision
        )
        storage.store.put(key, body, **FINISHED_ATTEMPT.headers(), if_absent=True)
    except PreconditionFailed:
        return  # an earlier attempt got this far


def _stored(storage: EnvironmentStorage, key: str) -> Release | None:
    found = storage.store.get(key)
    return None if found is None else parse_stored(Release, found.body, name=key)[0]
