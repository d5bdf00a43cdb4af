"""A folder in the static layout as a publish target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.publish.folder.cleaning import other_files, remove_files
from miniprogram.publish.folder.output_folder import require_cleanable, require_harmless
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.static import KEYS, static_layout, static_pointers
from miniprogram.publish.to_store import Outcome, plan_to_store, publish_to_store
from miniprogram.publish.versions.going_back import PointedStore
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt, Release
from miniprogram.seams.version_keeping import HeldVersions, RollbackReceipt, StoredVersion
from miniprogram.stores.filesystem import FilesystemObjectStore


class FolderTarget:
    """A folder any web server can serve. Releases of all programs gather in it, unless it is cleaned.

    Cleaning comes last: until the new release is there whole, hosts get the previous one.
    """

    seals = True

    def __init__(self, output: Path, *, clean: bool = False, program_root: Path | None = None) -> None:
        """Raises PublishError when publishing into `output` would touch the sources in `program_root`."""
        if program_root is not None:
            require_harmless(output, program_root)
        if clean:
            require_cleanable(output, program_root)
        self._clean = clean
        self._store = FilesystemObjectStore(output)

    def plan(self, release: Release) -> PublishPlan:
        layout = static_layout(release, alone=self._clean)
        outcome = plan_to_store(
            self._store, layout, allow_older=release.allow_older or self._clean, replace=self._clean
        )
        removed = self._others(layout) | set(outcome.removed)
        return PublishPlan(
            self._store.location,
            outcome.written,
            outcome.unchanged,
            tuple(sorted(removed)),
            published_at=outcome.published_at,
            package=outcome.package,
        )

    def publish(self, release: Release) -> PublishReceipt:
        layout = static_layout(release, alone=self._clean)
        outcome = publish_to_store(
            self._store, layout, allow_older=release.allow_older or self._clean, replace=self._clean
        )
        others = self._others(layout)
        remove_files(self._store.root, others)
        self._store.flush()
        self._store.sweep()
        return PublishReceipt(
            location=self._store.location,
            written=outcome.written,
            unchanged=outcome.unchanged,
            removed=tuple(sorted({*outcome.removed, *others})),
            changed=outcome.changed or bool(others),
            delivery_api_base_url=release.base_url,
            published_at=outcome.published_at,
            package=outcome.package,
            notes=tuple(self._notes(release, outcome)),
        )

    @contextmanager
    def opened_store(self, message: str) -> Iterator[tuple[ObjectStore, Keys]]:
        del message  # a folder keeps none
        yield self._store, KEYS
        self._store.flush()

    def held_versions(self, program_id: str) -> HeldVersions:
        return self._pointed("").held(program_id)

    def served_version(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        return self._pointed("").served(program_id, known=known)

    def roll_back(self, program_id: str, version: str, *, now: datetime, dry_run: bool = False) -> RollbackReceipt:
        receipt = self._pointed(to_iso(now)).roll_back(program_id, version, dry_run=dry_run)
        if dry_run or not receipt.written:
            return receipt
        self._store.flush()
        return replace(receipt, notes=(f"Upload these again: {', '.join(receipt.written)}",))

    def _pointed(self, stamp: str) -> PointedStore:
        return PointedStore(self._store, KEYS, lambda manifest, body: static_pointers(manifest, body, stamp))

    def _others(self, layout: Layout) -> set[str]:
        return other_files(self._store.root, layout) if self._clean else set()

    def _notes(self, release: Release, outcome: Outcome) -> Iterator[str]:
        program_id = release.bundle.program_id
        stays = outcome.stays_latest(release.bundle)
        if stays is not None:
            yield stays
        if release.base_url is None:
            yield "Upload the contents of the folder; its public URL is what hosts are given"
        else:
            check = f"{release.base_url}{KEYS.latest_manifest_key(program_id)}"
            yield f"Upload the contents of the folder, then open {check}"
