"""A labelled folder as a publish target."""

from __future__ import annotations

from pathlib import Path

from miniprogram.files import write_atomic
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.to_store import plan_to_store, publish_to_store
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt, Release
from miniprogram.stores.filesystem import FilesystemObjectStore


class ShelfTarget:
    """Writes the static layout, and a label beside it. The order of writing and its safety come with the core."""

    def __init__(self, shelf: Path, *, label: str) -> None:
        self._shelf, self._label = shelf, label
        self._store = FilesystemObjectStore(shelf)

    def plan(self, release: Release) -> PublishPlan:
        outcome = plan_to_store(self._store, static_layout(release), allow_older=release.allow_older)
        return PublishPlan(self._store.location, outcome.written, outcome.unchanged, package=outcome.package)

    def publish(self, release: Release) -> PublishReceipt:
        outcome = publish_to_store(self._store, static_layout(release), allow_older=release.allow_older)
        self._store.flush()
        write_atomic(self._shelf / "LABEL.txt", f"{self._label}\n".encode())
        return PublishReceipt(
            location=self._store.location,
            written=outcome.written,
            unchanged=outcome.unchanged,
            changed=outcome.changed,
            package=outcome.package,
            delivery_api_base_url=release.base_url,
            notes=(f"The shelf says {self._label!r}",),
        )
