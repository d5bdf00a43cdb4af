"""The AWS provider: its address, store and deployment, and what `cloud doctor` looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from miniprogram.seams.abilities import ALL, PROTECTED_LISTS, SIGNED_LINKS, WINDOWS
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import DeploymentStatus, ProviderContext, StoreAddress
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.store.bucket import Bucket
from miniprogram_aws.store.checks import store_checks
from miniprogram_aws.store.s3_store import S3ObjectStore

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram.seams.backend_operator import BackendRequest
    from miniprogram_aws.backend.backend_operator import AwsBackend
    from miniprogram_aws.deployment.deployment import AwsDeployment


def open_provider(settings: AwsSettings, context: ProviderContext) -> AwsProvider:
    """The provider that `settings` describe: one that counts admissions only when there is a table for it."""
    return (CountingAwsProvider if settings.admission_table else AwsProvider)(settings, context)


class AwsProvider:
    """A bucket, and a stack with our delivery function. Nothing connects before it is asked for something."""

    def __init__(self, settings: AwsSettings, context: ProviderContext) -> None:
        self.settings, self.context = settings, context
        self.clients = AwsClients(settings, context)

    @property
    def address(self) -> StoreAddress:
        return StoreAddress(
            bucket=self.settings.bucket,
            region=self.settings.region,
            artifacts_prefix=self.settings.artifacts_prefix,
            metadata_prefix=self.settings.metadata_prefix,
            public_base_url=self.settings.cloudfront_base_url,
        )

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return {
            WINDOWS: "no table counts admissions; configure --admission-table and deploy",
            PROTECTED_LISTS: None,
            SIGNED_LINKS: None,
        }

    def store(self) -> S3ObjectStore:
        return self._store

    def deployment(self) -> AwsDeployment:
        from miniprogram_aws.deployment.deployment import AwsDeployment

        return AwsDeployment(self.settings, self.context, self.clients)

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        return {"stackName": status.name, "stageName": status.stage}

    def prepare(self) -> Iterator[str]:
        """Make the bucket, when `--create-bucket` asks for it."""
        settings = self.settings
        if settings.create_bucket:
            bucket = Bucket.of(settings, self.clients)
            yield from bucket.create(kms_key_id=settings.kms_key_id, versions=settings.require_versions)

    def publisher_backend(self, request: BackendRequest) -> AwsBackend:
        from miniprogram_aws.backend.backend_operator import AwsBackend

        return AwsBackend.of(self.settings, self.clients, request)

    def checks(self) -> Iterable[Check]:
        from miniprogram_aws.deployment.checks import deployment_checks

        store = list(store_checks(self.settings, self.clients))
        yield from store
        if store[0].status == "error":
            yield Check("AWS cloud stack", "skipped", "needs a sign-in")
            return
        yield from deployment_checks(self.settings, self.clients, self.deployment())

    @cached_property
    def _store(self) -> S3ObjectStore:
        return S3ObjectStore.of(self.settings, self.clients)


class CountingAwsProvider(AwsProvider):
    """The same with a table that counts admissions."""

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return dict.fromkeys(ALL)

    def ledger(self) -> AdmissionLedger:
        """The ledger its delivery function asks too."""
        from miniprogram_aws.deployment.admission_table import ledger_of

        return ledger_of(self.deployment().stack_name, self.clients)
