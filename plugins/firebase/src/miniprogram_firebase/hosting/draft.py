"""A release laid out on top of a version of the site, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from miniprogram.publish.to_store import Outcome
from miniprogram.seams.publish_target import Members, PublishPlan, PublishReceipt, Release
from miniprogram_firebase.hosting.serving_config import has_our_headers
from miniprogram_firebase.hosting.site import Channel, SiteVersion
from miniprogram_firebase.hosting.site_store import SiteStore


@dataclass(frozen=True, slots=True)
class Draft:
    """What `release` changes in the version `base`, which `store` holds."""

    base: SiteVersion | None
    store: SiteStore
    release: Release
    outcome: Outcome
    removed: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return self.store.is_changed or self.base is None or not has_our_headers(self.base.config)

    def plan(self, location: str, members: Members) -> PublishPlan:
        return PublishPlan(
            location,
            self.outcome.written,
            self.outcome.unchanged,
            self.removed,
            delivery_api_base_url=self.release.base_url,
            published_at=self.outcome.published_at,
            package=self.outcome.package,
            members=members,
        )

    def receipt(self, location: str, channel: Channel, members: Members, *, changed: bool) -> PublishReceipt:
        return PublishReceipt(
            location=location,
            written=self.outcome.written if changed else (),
            unchanged=self.outcome.unchanged,
            removed=self.removed,
            changed=changed,
            delivery_api_base_url=self.release.base_url,
            published_at=self.outcome.published_at,
            package=self.outcome.package,
            notes=tuple(self._notes(channel)),
            members=members,
        )

    def _notes(self, channel: Channel) -> Iterator[str]:
        stays = self.outcome.stays_latest(self.release.bundle)
        if stays is not None:
            yield stays
        if channel.expires_at:
            yield f"The preview ends at {channel.expires_at}"
