"""The release document of a mini-program in its store, and the finished attempts beside it."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.documents import parse_json, parse_model, to_pretty_json
from miniprogram.errors import PreconditionFailed
from miniprogram.releases.apps import Target
from miniprogram.releases.chained_document import Kept
from miniprogram.releases.compile import compile_policy
from miniprogram.releases.document import ReleaseDocument
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.refusals import NotFound
from miniprogram.releases.release import Release


def releases_of(place: ReleasePlace, program_id: str) -> Kept[ReleaseDocument]:
    """How the releases of `program_id` are read and changed."""

    def put_away(document: ReleaseDocument) -> None:
        for release in document.outbox:
            _put_finished(place, program_id, release, document.revision)

    return Kept(
        place=place,
        key=place.document(program_id),
        chain=program_id,
        model=ReleaseDocument,
        blank=lambda: ReleaseDocument(mini_program_id=program_id),
        finish=lambda document: document.model_copy(update={"policy": compile_policy(document)}),
        put_away=put_away,
        begin=lambda document: document.model_copy(update={"outbox": ()}),
    )


def require_releases(place: ReleasePlace, program_id: str) -> ReleaseDocument:
    """The release document of `program_id`. Raises NotFound when there is none."""
    document = releases_of(place, program_id).read()
    if document is None:
        raise NotFound(
            f"{program_id} has no releases in {place.environment}",
            hint=f"Start one with `miniprogram release create {program_id} VERSION --app APP`.",
        )
    return document


def programs_with_releases(place: ReleasePlace) -> Iterator[str]:
    """Ids of all mini-programs that have a release document, ascending."""
    for info in place.store.list(place.programs):
        name = info.key.removeprefix(place.programs)
        if "/" not in name and name.endswith(".json"):
            yield name.removesuffix(".json")


def finished_attempts(
    place: ReleasePlace, document: ReleaseDocument, version: str, target: Target
) -> list[Release]:
    """Finished attempts at a pair, oldest first. One finished just now may not have its own key yet."""
    prefix = place.attempts(document.mini_program_id, version, target)
    stored = [_stored(place, info.key) for info in place.store.list(prefix)]
    fresh = [each for each in document.outbox if each.version == version and each.target == target]
    return [*(each for each in stored if each is not None and each not in fresh), *fresh]


def all_finished(place: ReleasePlace, document: ReleaseDocument) -> list[Release]:
    """Everything put away of a mini-program, newest ending first."""
    prefix = f"{place.programs}{document.mini_program_id}/"
    keys = [info.key for info in place.store.list(prefix) if info.key.count("/") == prefix.count("/") + 3]
    by_revision = sorted(keys, key=lambda key: key.rpartition("-")[2], reverse=True)
    stored = [release for key in by_revision if (release := _stored(place, key)) is not None]
    return [*reversed(document.outbox), *(each for each in stored if each not in document.outbox)]


def _put_finished(place: ReleasePlace, program_id: str, release: Release, revision: int) -> None:
    body = to_pretty_json(release.model_dump(mode="json", by_alias=True))
    try:
        key = place.finished(program_id, release, revision)
        place.store.put(key, body, content_type="application/json", if_absent=True)
    except PreconditionFailed:
        return  # an earlier attempt got this far


def _stored(place: ReleasePlace, key: str) -> Release | None:
    found = place.store.get(key)
    return None if found is None else parse_model(Release, parse_json(found.body, name=key), name=key)
