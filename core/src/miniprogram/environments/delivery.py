"""An environment's store as a delivery service reads it: what `serve --env` serves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from miniprogram.delivery.documents.bounded_looks import BoundedLooks, BoundedSource
from miniprogram.delivery.documents.outage import DEFAULT_STALE_IF_ERROR_S, MAX_STALE_IF_ERROR_S, OutageTolerance
from miniprogram.delivery.documents.profile import Profile, cloud_profile
from miniprogram.delivery.documents.sources import DocumentSource, FolderSource
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.rules.strictness import STRICT, Strictness
from miniprogram.environments.session import CloudSession
from miniprogram.errors import DocumentError, StoreError
from miniprogram.seams.change_feed import ChangeFeed, TellsChanges
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.setting_texts import truth
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore

REMOTE_STALENESS_S = 1.0
"""How long a revoked key or a moved pointer of a store behind a network may go unnoticed, in seconds."""

FOLDER_STALENESS_S = 0.1
"""The same for a folder: short for who edits, long enough for a busy machine to look beside its answers."""


LOOK_S = 1.0
"""How long one look at a store may take, in seconds. Requests have two to three."""

FIRST_LOOK_S = 10.0
"""How long the first one may take, before the first request."""

HARD_S = 15.0
"""How old a document may get while looks at such a store fail, before operators hear of it and keys are closed."""


@dataclass(frozen=True, slots=True)
class EnvironmentDelivery:
    """What to hand to the delivery service."""

    source: DocumentSource
    profile: Profile
    max_staleness_s: float
    tolerance: OutageTolerance


def environment_delivery(
    session: CloudSession,
    *,
    strictness: Strictness = STRICT,
    stale_if_error: float | None = None,
    max_staleness_s: float | None = None,
) -> EnvironmentDelivery:
    """The store and the settings of an environment as a source and a cloud profile.

    `max_staleness_s` is how old what is known may get unasked; as its store needs it unless given.
    Raises DocumentError when `requireAccessKeys` of the environment is no truth value, or
    `staleIfErrorSeconds` no number of seconds.
    """
    address = session.provider.address
    profile = cloud_profile(
        artifacts_prefix=address.artifacts_prefix,
        metadata_prefix=address.metadata_prefix,
        strictness=strictness,
        requires_access_keys=requires_access_keys(session),
    )
    seconds = stale_if_error_s(session) if stale_if_error is None else stale_if_error
    store = session.store
    age_s = max_staleness_s
    if age_s is None:
        age_s = FOLDER_STALENESS_S if isinstance(store, FilesystemObjectStore) else REMOTE_STALENESS_S
    # the first look that fails finds what it asks about as old as that already
    tolerance = OutageTolerance(max(HARD_S, 2 * age_s), seconds)
    if isinstance(store, FilesystemObjectStore):
        folder = BoundedSource(FolderSource(str(store.root)), LOOK_S)  # it may be one of a network
        return EnvironmentDelivery(folder, profile, age_s, tolerance)
    _look_once(store, session.keys.program_index_key)
    return EnvironmentDelivery(StoreSource(store, look_s=LOOK_S), profile, age_s, tolerance)


def change_feed(session: CloudSession, max_staleness_s: float) -> ChangeFeed | None:
    """What tells of changes in the store of an environment sooner than their age; None where nothing does."""
    provider = session.provider
    if isinstance(provider, TellsChanges):
        return provider.change_feed()
    from miniprogram.documents.polled_changes import EVERY_S, PolledChanges  # deferred: few need it

    return PolledChanges(session.store, session.keys) if max_staleness_s > EVERY_S else None


def _look_once(store: ObjectStore, key: str) -> None:
    """The first look at a cloud imports its SDK and signs in: no host should wait for that, or be refused for it.

    A store that fails is found out by the looks that count.
    """
    with suppress(SourceUnavailable, StoreError):
        BoundedLooks().run(key, lambda: store.get(key), FIRST_LOOK_S)


def requires_access_keys(session: CloudSession) -> bool:
    """Whether programs without keys are closed. Raises DocumentError for a value that says neither."""
    stored = session.environment.in_force.get("requireAccessKeys", False)
    try:
        return bool(truth(stored))
    except ValueError as error:
        location = f"{session.resolved.path}: values of {session.environment.name}: requireAccessKeys"
        raise DocumentError(f"{location} {error}") from None


def stale_if_error_s(session: CloudSession) -> float:
    """How long pointers and policies go on while the store fails, in seconds. Raises DocumentError."""
    stored = session.environment.in_force.get("staleIfErrorSeconds", DEFAULT_STALE_IF_ERROR_S)
    try:
        seconds = float(str(stored))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MAX_STALE_IF_ERROR_S:
        location = f"{session.resolved.path}: values of {session.environment.name}: staleIfErrorSeconds"
        raise DocumentError(f"{location} must be a number from 0 to {MAX_STALE_IF_ERROR_S:.0f}")
    return seconds
