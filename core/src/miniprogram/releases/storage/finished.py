"""The attempts of a mini-program that ended, each under a key of its own and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

from miniprogram.delivery.documents.kinds import FINISHED_ATTEMPT
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.stored_models import parse_stored
from miniprogram.errors import PreconditionFailed
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.strict_json import to_pretty_json
from miniprogram.targets import ANY_HOST, Stage, Target


class FinishedPage(NamedTuple):
    """Finished attempts, the newest ending first. `next_before` is a revision; None: there are no older ones."""

    attempts: list[Release]
    next_before: int | None = None


def finished_page(
    storage: EnvironmentStorage,
    document: ReleaseDocument,
    *,
    limit: int | None = None,
    before: int | None = None,
    target: Target | None = None,
) -> FinishedPage:
    """Attempts of a mini-program that ended before a revision, `limit` of them and what ended with the last.

    With a `target` only those on it; what is not wanted is not read.
    """
    fresh = document.outbox if before is None or document.revision < before else ()
    keys = _finished_keys(storage, document.mini_program_id, target)
    older = sorted(((_revision(key), key) for key in keys), reverse=True)
    older = [(revision, key) for revision, key in older if before is None or revision < before]
    next_before = None
    if limit is not None and len(older) > limit:
        last = older[limit - 1][0]
        older = [(revision, key) for revision, key in older if revision >= last]
        next_before = last if any(_revision(key) < last for key in keys) else None
    with ThreadPoolExecutor(max(1, storage.store.parallel_writes)) as pool:
        stored = list(pool.map(lambda found: _stored(storage, found[1]), older))
    shown = [each for each in reversed(fresh) if target is None or each.target == target]
    shown += [each for each in stored if each is not None and each not in document.outbox]
    return FinishedPage(shown, next_before)


class NamedAttempt(NamedTuple):
    """A finished attempt as its key names it; nothing was read. `attempt` is there when it has no key yet."""

    revision: int
    version: str
    target: Target
    key: str
    attempt: Release | None = None


def named_attempts(storage: EnvironmentStorage, document: ReleaseDocument) -> list[NamedAttempt]:
    """Every finished attempt of a mini-program, the newest ending first, found without reading one."""
    found: dict[tuple[str, str, int], NamedAttempt] = {}
    for info in storage.store.list(storage.keys.folder(FINISHED_ATTEMPT, document.mini_program_id)):
        fields = storage.keys.names_in(FINISHED_ATTEMPT, info.key)
        if fields is not None:
            target = _target(fields["app"], fields["stage"])
            each = NamedAttempt(int(fields["revision"]), fields["version"], target, info.key)
            found[each.version, target.path, int(fields["attempt"])] = each
    for fresh in document.outbox:
        name = (fresh.version, fresh.target.path, fresh.attempt)
        if name not in found:
            found[name] = NamedAttempt(document.revision, fresh.version, fresh.target, "", fresh)
    return sorted(found.values(), key=lambda each: (each.revision, each.key), reverse=True)


@lru_cache(maxsize=1_024)
def _target(app: str, stage: str) -> Target:
    """As `Target.path` spells it."""
    return Target(host_app=ANY_HOST if app == "~any" else app, environment=Stage(stage))


def read_attempts(storage: EnvironmentStorage, named: Sequence[NamedAttempt]) -> list[Release]:
    """These attempts, in their order; those that are gone are left out."""
    with ThreadPoolExecutor(max(1, storage.store.parallel_writes)) as pool:
        read = pool.map(lambda each: each.attempt or _stored(storage, each.key), named)
        return [each for each in read if each is not None]


def finished_attempts(
    storage: EnvironmentStorage, document: ReleaseDocument, version: str, target: Target
) -> list[Release]:
    """Finished attempts at a pair, oldest first. One finished just now may not have its own key yet."""
    where = (document.mini_program_id, version, *target.path.split("/"))
    folder = storage.keys.folder(FINISHED_ATTEMPT, *where)
    stored = [_stored(storage, folder + name) for name in storage.store.list_names(folder)]
    fresh = [each for each in document.outbox if each.version == version and each.target == target]
    return [*(each for each in stored if each is not None and each not in fresh), *fresh]


def versions_to_return_to(storage: EnvironmentStorage, document: ReleaseDocument, target: Target) -> list[str]:
    """Versions that were full on `target` and were not removed since, the latest ending first."""
    there = finished_page(storage, document, target=target).attempts
    latest = {each.version: each for each in reversed(there)}
    wanted = dict.fromkeys(each.version for each in there)
    return [
        version
        for version in wanted
        if latest[version].state is State.ARCHIVED
        and latest[version].full_at is not None
        and version not in document.withdrawn_versions
    ]


def put_finished(storage: EnvironmentStorage, program_id: str, release: Release, revision: int) -> None:
    """Put an attempt that ended with `revision` under its key, unless it is there."""
    body = to_pretty_json(release.model_dump(mode="json", by_alias=True))
    try:
        app, stage = release.target.path.split("/")
        key = storage.keys.key(
            FINISHED_ATTEMPT, program_id, release.version, app, stage, release.attempt, revision
        )
        storage.store.put(key, body, **FINISHED_ATTEMPT.headers(), if_absent=True)
    except PreconditionFailed:
        return  # an earlier attempt got this far


def _finished_keys(storage: EnvironmentStorage, program_id: str, target: Target | None) -> list[str]:
    folder = storage.keys.folder(FINISHED_ATTEMPT, program_id)
    there = "" if target is None else f"/{target.path}/"
    keys = (info.key for info in storage.store.list(folder) if there in info.key)
    found = ((key, storage.keys.identify(key)) for key in keys)
    return [key for key, identified in found if identified is not None and identified.kind is FINISHED_ATTEMPT]


def _revision(key: str) -> int:
    return int(key.rpartition("-")[2].removesuffix(".json"))


def _stored(storage: EnvironmentStorage, key: str) -> Release | None:
    found = storage.store.get(key)
    return None if found is None else parse_stored(Release, found.body, name=key)[0]
