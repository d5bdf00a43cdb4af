"""What CloudFront keeps at its edges, dropped as soon as it may have been withdrawn or protected."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from miniprogram.provider_kit.cdn_store import CdnStore, answered_paths
from miniprogram.seams.cloud_provider import StoreAddress
from miniprogram.seams.object_store import ObjectStore
from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.settings import AwsSettings


class EdgeCache:
    """Implements Cdn. `find_distribution` is asked until it names one; None when there is no CDN (yet)."""

    keeps_s = 60
    """What the cache policy of the stack allows."""

    def __init__(
        self, clients: AwsClients, address: StoreAddress, find_distribution: Callable[[], str | None]
    ) -> None:
        self._clients, self._address, self._find = clients, address, find_distribution
        self._distribution: str | None = None

    def invalidate(self, keys: Sequence[str]) -> None:
        """Raises AwsError when CloudFront refuses."""
        self._distribution = self._distribution or self._find()
        paths = answered_paths(self._address.keys, keys)
        if self._distribution is None or not paths:
            return
        with mapped("drop what CloudFront keeps", resource="the distribution", region=self._clients.region):
            self._clients.client("cloudfront").create_invalidation(
                DistributionId=self._distribution,
                InvalidationBatch={
                    "Paths": {"Quantity": len(paths), "Items": paths},
                    "CallerReference": secrets.token_hex(12),
                },
            )


def behind_cdn(
    store: ObjectStore, settings: AwsSettings, clients: AwsClients, deployment: AwsDeployment
) -> ObjectStore:
    """The bucket of `settings`, before whose delivery `deployment` has a CDN."""
    address = settings.address()
    edges = EdgeCache(clients, address, lambda: deployment.status().outputs.get("DistributionId"))
    return CdnStore(store, edges, address.keys)
