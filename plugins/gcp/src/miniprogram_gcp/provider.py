"""Cloud Storage as an environment's store, and our delivery server on a machine of yours before it.

With delivery on Cloud Run it is `run.provider` that stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from miniprogram.provider_kit.checks import deployment_check
from miniprogram.provider_kit.self_hosted import SelfHostedDeployment
from miniprogram.seams.abilities import ALL
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import DeliveryDeployment, DeploymentStatus, ProviderContext, StoreAddress
from miniprogram_gcp.apis import enable_apis, needed_apis
from miniprogram_gcp.bucket import bucket_checks, create_bucket
from miniprogram_gcp.calls import StorageCalls
from miniprogram_gcp.gcs_store import GcsObjectStore
from miniprogram_gcp.settings import GcpSettings

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram.seams.signing_key import SigningKey


class GcpProvider:
    """Implements PreparingProvider. Nothing connects before it is asked for something."""

    def __init__(self, settings: GcpSettings, context: ProviderContext) -> None:
        self._settings, self._context = settings, context

    @property
    def address(self) -> StoreAddress:
        settings = self._settings
        return settings.store_address(settings.bucket, settings.region, settings.cdn_base_url)

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return dict.fromkeys(ALL)

    def store(self) -> GcsObjectStore:
        return self._store

    def deployment(self) -> DeliveryDeployment:
        return SelfHostedDeployment(self._settings, self._context, store_name=self._store.location)

    def ledger(self) -> AdmissionLedger:
        """Admissions are counted in the bucket."""
        from miniprogram.documents.store_ledger import ObjectStoreLedger

        return ObjectStoreLedger(self._store, self.address.keys)

    def signing_key(self, name: str) -> SigningKey:
        """A version of a key in Cloud KMS."""
        from miniprogram_gcp.kms_key import KmsSigningKey

        return KmsSigningKey(name, self._context.environ, self._context.environment)

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        del status  # where the server is found stands in its own record
        return {}

    def prepare(self) -> Iterator[str]:
        """Do what `--enable-apis` and `--create-bucket` ask for."""
        if self._settings.enable_apis:
            yield from enable_apis(self._context, self._settings.project_id, needed_apis(self._settings))
        if self._settings.create_bucket:
            yield from create_bucket(self.calls, self._settings)

    def checks(self) -> Iterator[Check]:
        yield from bucket_checks(self.calls, self._settings, self._store)
        yield deployment_check("Delivery server", self.deployment())

    @cached_property
    def calls(self) -> StorageCalls:
        return StorageCalls(self._settings, self._context.environ)

    @cached_property
    def _store(self) -> GcsObjectStore:
        return GcsObjectStore(self.calls, require_versions=self._settings.require_versions)
