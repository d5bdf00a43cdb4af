"""An environment's store as a delivery service reads it: what `serve --env` serves."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram.delivery.documents.profile import Profile, cloud_profile
from miniprogram.delivery.documents.sources import DocumentSource, FolderSource
from miniprogram.delivery.evaluation.strictness import STRICT, Strictness
from miniprogram.environments.session import CloudSession
from miniprogram.errors import DocumentError
from miniprogram.seams.setting_texts import truth
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore

REMOTE_STALENESS_S = 1.0
"""How long a revoked key or a moved pointer of a store behind a network may go unnoticed, in seconds."""

FOLDER_STALENESS_S = 0.02
"""The same for a folder. Looking at its files at every request would cost more than half of a decision."""


@dataclass(frozen=True, slots=True)
class EnvironmentDelivery:
    """What to hand to the delivery service."""

    source: DocumentSource
    profile: Profile
    max_staleness_s: float


def environment_delivery(session: CloudSession, *, strictness: Strictness = STRICT) -> EnvironmentDelivery:
    """The store and the settings of an environment as a source and a cloud profile.

    Raises DocumentError when
    `requireAccessKeys` of the environment is no truth value.
    """
    address = session.provider.address
    profile = cloud_profile(
        artifacts_prefix=address.artifacts_prefix,
        metadata_prefix=address.metadata_prefix,
        strictness=strictness,
        requires_access_keys=requires_access_keys(session),
    )
    store = session.store
    if isinstance(store, FilesystemObjectStore):
        return EnvironmentDelivery(FolderSource(str(store.root)), profile, FOLDER_STALENESS_S)
    return EnvironmentDelivery(StoreSource(store), profile, REMOTE_STALENESS_S)


def requires_access_keys(session: CloudSession) -> bool:
    """Whether programs without keys are closed. Raises DocumentError for a value that says neither."""
    stored = session.environment.values.get("requireAccessKeys", False)
    try:
        return bool(truth(stored))
    except ValueError as error:
        location = f"{session.resolved.path}: values of {session.environment.name}: requireAccessKeys"
        raise DocumentError(f"{location} {error}") from None
