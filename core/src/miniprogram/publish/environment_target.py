"""`publish --target cloud`: into the store of a named environment, whatever its provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from miniprogram.catalogue.rollback import rollback
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.index.indexing import indexed
from miniprogram.environments.session import storage_of
from miniprogram.errors import PublishError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.to_store import Outcome, plan_to_store, publish_to_store
from miniprogram.publish.versions.held import require_whole
from miniprogram.publish.versions.in_environment import (
    decided_by_releases,
    held_in_environment,
    served_in_environment,
)
from miniprogram.refusals import Refused
from miniprogram.seams.cloud_provider import OpenedEnvironment
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt, Release
from miniprogram.seams.version_keeping import HeldVersions, RollbackReceipt, StoredVersion


class EnvironmentTarget:
    """The store of an environment, in the cloud layout."""

    seals = True

    def __init__(self, environment: OpenedEnvironment) -> None:
        self._environment = environment

    def plan(self, release: Release) -> PublishPlan:
        outcome = plan_to_store(self._environment.store, self._layout(release), allow_older=release.allow_older)
        if outcome.written:
            self._refuse_withdrawn(release)
        return PublishPlan(
            self._environment.store.location,
            outcome.written,
            outcome.unchanged,
            outcome.removed,
            delivery_api_base_url=release.base_url or self._url,
            published_at=outcome.published_at,
            package=outcome.package,
        )

    def publish(self, release: Release) -> PublishReceipt:
        outcome = publish_to_store(
            self._environment.store,
            self._layout(release),
            allow_older=release.allow_older,
            permit=lambda: self._refuse_withdrawn(release),
            around=lambda: self._allowed_and_indexed(release),
        )
        return PublishReceipt(
            location=self._environment.store.location,
            written=outcome.written,
            unchanged=outcome.unchanged,
            removed=outcome.removed,
            changed=outcome.changed,
            delivery_api_base_url=release.base_url or self._url,
            published_at=outcome.published_at,
            package=outcome.package,
            notes=tuple(self._notes(release, outcome)),
        )

    @property
    def _url(self) -> str | None:
        """What hosts are given."""
        return f"{self._environment.api_base_url}/" if self._environment.api_base_url else None

    @contextmanager
    def opened_store(self, message: str) -> Iterator[tuple[ObjectStore, Keys]]:
        del message  # a store keeps none
        storage = storage_of(self._environment)
        yield storage.store, storage.keys

    def held_versions(self, program_id: str) -> HeldVersions:
        return held_in_environment(storage_of(self._environment), program_id)

    def served_version(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        return served_in_environment(storage_of(self._environment), program_id, known=known)

    def roll_back(self, program_id: str, version: str, *, now: datetime, dry_run: bool = False) -> RollbackReceipt:
        storage = storage_of(self._environment)
        require_whole(storage.store, storage.keys, program_id, version)  # every file, not the manifest alone
        try:
            report = rollback(storage, program_id, version, now=now, dry_run=dry_run)
        except Refused as refusal:
            raise PublishError(str(refusal), hint=refusal.hint) from refusal
        moved = report.previous_version != report.version
        others = decided_by_releases(storage, program_id, version)
        return RollbackReceipt(
            location=storage.store.location,
            previous=report.previous_version,
            version=version,
            written=(report.catalog_key,) if moved else (),
            notes=(f"Releases decide first: {', '.join(others)}. `miniprogram release rollback` undoes those.",)
            if others
            else (),
        )

    @contextmanager
    def _allowed_and_indexed(self, release: Release) -> Iterator[None]:
        """Around a pointer that moves. Publishing what is there already asks nothing further."""
        self._refuse_withdrawn(release)
        with indexed(storage_of(self._environment), release.bundle.program_id, make=True):
            yield

    def _refuse_withdrawn(self, release: Release) -> None:
        """Raises PublishError for a version that an inspector removed, also after the program was deleted."""
        from miniprogram.releases.storage.withdrawn import refuse_withdrawn  # deferred: brings the release model

        try:
            refuse_withdrawn(storage_of(self._environment), release.bundle.program_id, release.bundle.version)
        except Refused as refusal:
            raise PublishError(str(refusal), hint=refusal.hint) from refusal

    def _layout(self, release: Release) -> Layout:
        try:
            return cloud_layout(release, cloud_location(self._environment))
        except PublishError as error:
            if release.base_url is not None or self._environment.api_base_url is not None:
                raise
            deploy = f"miniprogram cloud deploy --env {self._environment.name}"
            hint = f"Run `{deploy}` first: it gives the environment its address. Or name one with --base-url."
            raise PublishError(str(error), hint=hint) from error

    def _notes(self, release: Release, outcome: Outcome) -> Iterator[str]:
        name = self._environment.name
        yield f"Environment: {name} ({self._environment.provider_name})"
        stays = outcome.stays_latest(release.bundle)
        if stays is not None:
            yield stays
        if self._environment.api_base_url is None:
            yield f"Nothing serves it yet; run `miniprogram cloud deploy --env {name}`."


def cloud_location(environment: OpenedEnvironment) -> CloudLocation:
    """Where releases go in the store, and how documents name it."""
    address = environment.provider.address
    public = address.public_base_url
    return CloudLocation(
        provider=environment.provider_name,
        environment=environment.name,
        bucket=address.bucket,
        region=address.region,
        keys=address.keys,
        public_base_url=public.rstrip("/") if public else None,
        api_base_url=environment.api_base_url,
    )
