"""What CloudFront keeps at its edges, dropped as soon as something about a mini-program is withdrawn or protected.

Without it an edge goes on for the minute that the cache policy allows. So who may not drop it, or asks too often,
is told, and the change itself is done.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from miniprogram.delivery.documents import kinds
from miniprogram.errors import MiniProgramError
from miniprogram.logs import get_log
from miniprogram.seams.cloud_provider import StoreAddress
from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.settings import AwsSettings
from miniprogram_s3.s3_store import S3ObjectStore

CLOSING = {
    kind.name
    for kind in (
        kinds.ACCESS_KEYS, kinds.CAPABILITY_POLICY, kinds.LINK_KEYS, kinds.RELEASE_DOCUMENT, kinds.ROLLOUT_RULES,
        kinds.WITHDRAWN,
    )
}  # fmt: skip
"""Documents that may close what was open, when they are written or deleted."""
_ROUTES = ("manifests", "screens", "assets")

log = get_log(__name__)


class EdgeCache:
    """The edges before one deployment. `find_distribution` is asked once; None when there is no CDN (yet)."""

    def __init__(self, clients: AwsClients, find_distribution: Callable[[], str | None]) -> None:
        self._clients, self._find = clients, find_distribution
        self._distribution: str | None = None

    def drop(self, program_id: str) -> None:
        """All that was answered about `program_id`, and lists. Raises AwsError when CloudFront refuses."""
        self._distribution = self._distribution or self._find()
        if self._distribution is None:
            return
        paths = [f"/api/{route}/{quote(program_id)}/*" for route in _ROUTES] + ["/api/discovery/*"]
        with mapped("drop what CloudFront keeps", resource="the distribution", region=self._clients.region):
            self._clients.client("cloudfront").create_invalidation(
                DistributionId=self._distribution,
                InvalidationBatch={
                    "Paths": {"Quantity": len(paths), "Items": paths},
                    "CallerReference": secrets.token_hex(12),
                },
            )


class EdgeAwareStore(S3ObjectStore):
    """The bucket behind a CDN: whatever door a change comes through, the edges forget what it closed."""

    edges: EdgeCache
    address: StoreAddress

    def put(self, key: str, body: bytes, **options: Any) -> str:
        etag = super().put(key, body, **options)
        self._changed(key, closing=CLOSING)
        return etag

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        super().delete(key, if_match=if_match)
        self._changed(key, closing={*CLOSING, kinds.CATALOG_POINTER.name})

    def _changed(self, key: str, *, closing: set[str]) -> None:
        found = self.address.keys.identify(key)
        if found is None or found.kind.name not in closing:
            return
        program_id = found.fields["program"]
        try:
            self.edges.drop(program_id)
        except MiniProgramError as error:
            log.warning("edges_not_dropped", program_id=program_id, reason=str(error), gone_within_s=60)


def store_behind_cdn(settings: AwsSettings, clients: AwsClients, deployment: AwsDeployment) -> EdgeAwareStore:
    """The bucket of `settings`, before whose delivery `deployment` has a CDN."""
    store = EdgeAwareStore.of(settings, clients)
    store.edges = EdgeCache(clients, lambda: deployment.status().outputs.get("DistributionId"))
    store.address = settings.address()
    return store
