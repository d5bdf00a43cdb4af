"""A publish target that keeps what it was given."""

from __future__ import annotations

from miniprogram.errors import PublishError
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt, Release


class MemoryTarget:
    """Remembers releases in `published`. With `refusal` every call raises it."""

    location = "memory:"

    def __init__(self, *, refusal: PublishError | None = None) -> None:
        self.published: list[Release] = []
        self._refusal = refusal

    def plan(self, release: Release) -> PublishPlan:
        self._refuse()
        return PublishPlan(self.location, written=self._paths(release))

    def publish(self, release: Release) -> PublishReceipt:
        self._refuse()
        changed = release.bundle.digest not in {known.bundle.digest for known in self.published}
        self.published.append(release)
        paths = self._paths(release)
        return PublishReceipt(
            self.location,
            written=paths if changed else (),
            unchanged=() if changed else paths,
            changed=changed,
            delivery_api_base_url=release.base_url,
        )

    def _refuse(self) -> None:
        if self._refusal is not None:
            raise self._refusal

    @staticmethod
    def _paths(release: Release) -> tuple[str, ...]:
        return tuple(file.path for file in release.bundle.files)
