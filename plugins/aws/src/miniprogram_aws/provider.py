"""The AWS provider: a bucket, a deployment, and what `cloud doctor` looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from miniprogram.provider_kit.checks import looked_at
from miniprogram.provider_kit.resource_names import delivery_name
from miniprogram.seams.abilities import ALL, PROTECTED_LISTS, SIGNED_LINKS, WINDOWS
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import CloudProvider, DeploymentStatus, ProviderContext, StoreAddress
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.settings import AwsSettings
from miniprogram_s3.checks import store_checks
from miniprogram_s3.provider import BucketProvider, ServedBucket
from miniprogram_s3.s3_store import S3ObjectStore

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram.seams.backend_operator import BackendRequest
    from miniprogram.seams.object_store import ObjectStore
    from miniprogram_aws.backend.backend_operator import AwsBackend
    from miniprogram_aws.deployment.deployment import AwsDeployment


def open_provider(settings: AwsSettings, context: ProviderContext) -> CloudProvider:
    """The provider that `settings` describe, by who delivers and whether a table counts admissions."""
    if settings.delivery == "self":
        return SelfServedAws(settings, context)
    return (CountingAwsProvider if settings.admission_table else AwsProvider)(settings, context)


class AwsBucket(BucketProvider):
    """What all of them share: a bucket on AWS."""

    def __init__(self, settings: AwsSettings, context: ProviderContext) -> None:
        self.settings, self.context = settings, context
        self.clients = AwsClients(settings, context)
        super().__init__(settings, context, self.clients)

    @property
    def address(self) -> StoreAddress:
        return self.settings.address(self.settings.cloudfront_base_url)

    def publisher_backend(self, request: BackendRequest) -> AwsBackend:
        from miniprogram_aws.backend.backend_operator import AwsBackend

        return AwsBackend.of(self.settings, self.clients, request)

    def permission_policy(self) -> Mapping[str, object]:
        from miniprogram_aws.deployment.permissions import needed_actions, policy

        clients, stack_name = self.clients, self.settings.stack_name or delivery_name(self.context.environment)
        return policy(
            needed_actions(
                self.settings, partition=clients.partition, region=clients.region, stack_name=stack_name
            )
        )

    def _checks(self, then: Iterable[Check], *, without_sign_in: str) -> Iterator[Check]:
        """The sign-in, the store and `then`; nothing else can be told `without_sign_in`."""
        signed_in = looked_at("AWS sign-in", self._sign_in)
        yield signed_in
        if signed_in.status == "error":
            for label in ("Bucket", "Bucket versions", without_sign_in):
                yield Check(label, "skipped", "needs a sign-in")
            return
        yield from store_checks(self.settings, self.clients)
        yield from then

    def _sign_in(self) -> str:
        return "signed in as " + " ".join(self.clients.identity()["Arn"].split(":")[5].split("/")[:2])


class SelfServedAws(AwsBucket, ServedBucket):
    """With our delivery server on a machine of yours before it."""

    def checks(self) -> Iterator[Check]:
        return self._checks(self.delivery_checks(), without_sign_in="Delivery server")


class AwsProvider(AwsBucket):
    """With a stack that holds our delivery function. Implements KnowsAccount."""

    account_is, account_now = "account", "you are signed in to"

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return {
            WINDOWS: "no table counts admissions; configure --admission-table and deploy",
            PROTECTED_LISTS: None,
            SIGNED_LINKS: None,
        }

    @cached_property
    def _store(self) -> ObjectStore:
        store = S3ObjectStore.of(self.settings, self.clients)
        if not self.settings.cdn:
            return store
        from miniprogram_aws.deployment.edge_cache import behind_cdn

        return behind_cdn(store, self.settings, self.clients, self.deployment())

    def deployment(self) -> AwsDeployment:
        from miniprogram_aws.deployment.deployment import AwsDeployment

        return AwsDeployment(self.settings, self.context, self.clients)

    def account(self) -> str:
        return str(self.clients.identity()["Account"])

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        return {"stackName": status.name, "stageName": status.stage}

    def checks(self) -> Iterator[Check]:
        from miniprogram_aws.deployment.checks import deployment_checks

        stack = deployment_checks(self.settings, self.clients, self.deployment())
        return self._checks(stack, without_sign_in="AWS cloud stack")


class CountingAwsProvider(AwsProvider):
    """The same with a table that counts admissions."""

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return dict.fromkeys(ALL)

    def ledger(self) -> AdmissionLedger:
        """The ledger its delivery function asks too."""
        from miniprogram_aws.deployment.admission_table import ledger_of

        return ledger_of(self.deployment().stack_name, self.clients)
