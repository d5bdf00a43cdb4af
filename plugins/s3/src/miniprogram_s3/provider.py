"""A bucket as an environment's store, and our delivery server on a machine of yours before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from miniprogram.provider_kit.checks import deployment_check
from miniprogram.provider_kit.self_hosted import SelfHostedDeployment
from miniprogram.seams.abilities import ALL
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import DeploymentStatus, ProviderContext, StoreAddress
from miniprogram_s3.bucket import Bucket
from miniprogram_s3.checks import store_checks
from miniprogram_s3.client import S3Clients
from miniprogram_s3.s3_store import S3ObjectStore
from miniprogram_s3.settings import S3Settings, S3StoreSettings

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram.seams.object_store import ObjectStore


class BucketProvider:
    """A bucket as a store, whoever delivers from it. Nothing connects before it is asked for something."""

    def __init__(self, settings: S3StoreSettings, context: ProviderContext, clients: S3Clients) -> None:
        self._settings, self._context, self._clients = settings, context, clients

    @property
    def address(self) -> StoreAddress:
        return self._settings.address()

    def store(self) -> ObjectStore:
        return self._store

    def prepare(self) -> Iterator[str]:
        """Make the bucket, when `--create-bucket` asks for it."""
        settings = self._settings
        if settings.create_bucket:
            bucket = Bucket.of(settings, self._clients)
            yield from bucket.create(kms_key_id=settings.kms_key_id, versions=settings.require_versions)

    @cached_property
    def _store(self) -> ObjectStore:
        return S3ObjectStore.of(self._settings, self._clients)


class ServedBucket(BucketProvider):
    """A CloudProvider whose delivery server runs on a machine of yours."""

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return dict.fromkeys(ALL)

    def deployment(self) -> SelfHostedDeployment:
        return SelfHostedDeployment(self._settings, self._context, store_name=self._store.location)

    def ledger(self) -> AdmissionLedger:
        """Admissions are counted in the bucket."""
        from miniprogram.documents.store_ledger import ObjectStoreLedger

        return ObjectStoreLedger(self._store, self.address.keys)

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        del status  # where the server is found stands in its own record
        return {}

    def checks(self) -> Iterator[Check]:
        yield from store_checks(self._settings, self._clients)
        yield from self.delivery_checks()

    def delivery_checks(self) -> Iterator[Check]:
        yield deployment_check("Delivery server", self.deployment())


class S3Provider(ServedBucket):
    """The provider `s3`."""

    def __init__(self, settings: S3Settings, context: ProviderContext) -> None:
        super().__init__(settings, context, S3Clients(settings, context))
        self._public_base_url = settings.cdn_base_url

    @property
    def address(self) -> StoreAddress:
        return self._settings.address(self._public_base_url)
