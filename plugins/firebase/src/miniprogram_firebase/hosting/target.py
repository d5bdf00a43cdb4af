"""The target: the static layout, put into the version that a site serves, and released at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import TypeVar

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import PublishError
from miniprogram.provider_kit.early_answer import EarlyAnswer
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.static import FOLDERS, KEYS, static_layout, static_pointers
from miniprogram.publish.to_store import publish_to_store
from miniprogram.publish.versions.going_back import PointedStore
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import Members, PublishPlan, PublishReceipt, Release
from miniprogram.seams.version_keeping import HeldVersions, RollbackReceipt, StoredVersion
from miniprogram_firebase.hosting.draft import Draft
from miniprogram_firebase.hosting.known_versions import KnownVersions
from miniprogram_firebase.hosting.members import site_members
from miniprogram_firebase.hosting.served_version import remember, served_store
from miniprogram_firebase.hosting.serving_config import with_our_headers
from miniprogram_firebase.hosting.settings import HostingSettings, seconds
from miniprogram_firebase.hosting.site import LIVE, Channel, HostingSite, SiteRelease, SiteVersion, is_disabled
from miniprogram_firebase.hosting.site_store import SiteStore

Receipt = TypeVar("Receipt", PublishReceipt, RollbackReceipt)
Copy = EarlyAnswer[str | None]

ATTEMPTS = 8
"""Releases tried. Each failure means that somebody else released meanwhile: their files stay, ours go on top."""
LABELS = {"made-by": "miniprogram"}
PAUSE_S = 0.5
"""Longest pause after the first failure; it grows with each further one."""


class HostingTarget:
    """Implements KeepsVersions and OpensStore. Visitors see the site as it was, then the whole release in it."""

    seals = True

    def __init__(
        self,
        site: HostingSite,
        settings: HostingSettings,
        *,
        known: KnownVersions | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises PublishError for settings that would have no effect."""
        if settings.expires is not None and settings.channel is None:
            raise PublishError("--expires is about a preview channel: name it with --channel")
        self._site, self._settings, self._sleep = site, settings, sleep
        self._known = known or KnownVersions()
        self._channel_name = settings.channel or LIVE
        self._early: EarlyAnswer[Channel | None] | None = None

    def look_early(self) -> None:
        """Have Google say how the channel is while the release is built. Who releases after it is noticed."""
        self._early = EarlyAnswer(lambda: self._site.channel(self._channel_name))
        self._early.begin()

    def plan(self, release: Release) -> PublishPlan:
        """What the release would change. Makes no version and no channel."""
        channel = self._look()
        draft = self._draft(release, channel, *self._served(channel))
        return draft.plan(self._location, self._members(draft.release, channel, deployed=False))

    def publish(self, release: Release) -> PublishReceipt:
        """Release a version of the site that holds `release`, again when somebody was faster."""
        message = self._settings.message or f"Publish {release.bundle.program_id} {release.bundle.version}"

        def attempt(channel: Channel) -> PublishReceipt | None:
            base, store = self._served(channel)
            copy = self._copy(base)
            draft = self._draft(release, channel, base, store, on_change=copy.begin)
            members = self._members(draft.release, channel, deployed=True)
            if not draft.is_changed and channel.release is not None:
                return draft.receipt(self._location, channel, members, changed=False)
            made = self._made(copy, base, store, _labels(release.bundle.program_id))
            if not self._released(made.name, channel, message):
                return None
            remember(self._known, made, draft.store)
            return draft.receipt(self._location, channel, members, changed=True)

        return self._repeated(self._open(), attempt)

    def held_versions(self, program_id: str) -> HeldVersions:
        """What the site serves now. Changes nothing."""
        return _pointed(self._served(self._present())[1]).held(program_id)

    def served_version(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        """For a preview that is not there yet: what it would be made of."""
        return _pointed(self._served(self._look())[1]).served(program_id, known=known)

    def roll_back(self, program_id: str, version: str, *, now: datetime, dry_run: bool = False) -> RollbackReceipt:
        """Release a version of the site whose pointers name `version`; every other file stays."""
        message = self._settings.message or f"Go back to {program_id} {version}"

        def attempt(channel: Channel) -> RollbackReceipt | None:
            base, store = self._served(channel)
            receipt = _pointed(store, to_iso(now)).roll_back(program_id, version, dry_run=dry_run)
            if dry_run or not store.is_changed:
                return receipt
            made = self._made(self._copy(base), base, store, _labels(program_id))
            if not self._released(made.name, channel, message):
                return None
            remember(self._known, made, store)
            return receipt

        return self._repeated(self._present(), attempt)

    @contextmanager
    def opened_store(self, message: str) -> Iterator[tuple[ObjectStore, Keys]]:
        """What the channel serves; what was written is released at the end, all of it or nothing."""
        channel = self._present()
        base, store = self._served(channel)
        yield store, KEYS
        if not store.is_changed:
            return
        made = self._made(self._copy(base), base, store, LABELS)
        if not self._released(made.name, channel, self._settings.message or message):
            raise PublishError(
                f"{self._location} was released by others meanwhile", hint="Nothing was written. Run it again."
            )
        remember(self._known, made, store)

    def _repeated(self, channel: Channel, attempt: Callable[[Channel], Receipt | None]) -> Receipt:
        """What `attempt` returns, which releases; made again while others release in between."""
        for number in count(1):
            receipt = attempt(channel)
            if receipt is not None:
                return receipt
            if number == ATTEMPTS:
                break
            self._sleep(random.uniform(0, PAUSE_S * number))  # noqa: S311 - no secret
            channel = self._look()
        raise PublishError(
            f"{self._location} was released by others during each of {ATTEMPTS} attempts",
            hint="Run it again when they are done.",
        )

    def _members(self, release: Release, channel: Channel, *, deployed: bool) -> Members:
        return site_members(self._site, self._settings, release, deployed=deployed, expires_at=channel.expires_at)

    @property
    def _location(self) -> str:
        channel = self._settings.channel
        return f"{self._site.location}, channel {channel}" if channel else self._site.location

    def _open(self) -> Channel:
        """The channel to publish to, made or extended where that was asked for."""
        lives_s = seconds(self._settings.expires) if self._settings.expires else None
        if self._settings.channel is None:
            return self._look()
        found = self._found()
        if found is None:
            return self._site.make_channel(self._channel_name, lives_s=lives_s)
        return found if lives_s is None else self._site.extend_channel(self._channel_name, lives_s=lives_s)

    def _present(self) -> Channel:
        """The channel as it is. Raises PublishError for a preview that was never made, or has ended."""
        found = self._look()
        if found.name != LIVE and not found.url:
            raise PublishError(
                f"there is no preview channel {found.name} of {self._site.location}",
                hint="It may have ended: publish to it with --channel, which makes it again.",
            )
        return found

    def _look(self) -> Channel:
        """The channel as it is. Its address is blank while there is none."""
        found = self._found() or Channel(self._channel_name, "", None)
        if is_disabled(found.release):
            raise PublishError(
                f"{self._site.location} was disabled by {found.release.user if found.release else 'somebody'}",
                hint="Enable it in the Firebase console, then publish again.",
            )
        return found

    def _found(self) -> Channel | None:
        early, self._early = self._early, None
        return early.result() if early is not None else self._site.channel(self._channel_name)

    def _copy(self, base: SiteVersion | None) -> Copy:
        """Google's own copy of `base`, which it takes a while for."""
        return EarlyAnswer(lambda: self._site.copy_version(base.name) if base is not None else None)

    def _base_of(self, channel: Channel) -> tuple[str | None, str]:
        """The version to build upon, and where it is served: the channel's, for a new preview the live site's."""
        serving = channel
        if channel.release is None and channel.name != LIVE:
            serving = self._site.channel(LIVE) or channel
        return serving.release.version if serving.release is not None else None, serving.url

    def _draft(
        self,
        release: Release,
        channel: Channel,
        base: SiteVersion | None,
        store: SiteStore,
        *,
        on_change: Callable[[], None] = lambda: None,
    ) -> Draft:
        """Lay `release` out on top of `base` in `store`. `on_change` is called before the first file is put."""
        placed = replace(release, base_url=release.base_url or (f"{channel.url}/" if channel.url else None))
        layout = static_layout(placed, alone=self._settings.clean)
        store.remember(file.body for file in layout.files)
        store.remember(body for pointer in layout.pointers if (body := pointer.change(None)) is not None)
        store.fetch([layout.record_key, *(pointer.key for pointer in layout.pointers)])
        anyway = self._settings.clean
        allow_older = release.allow_older or anyway
        outcome = publish_to_store(store, layout, allow_older=allow_older, replace=anyway, permit=on_change)
        others = set(_others(store, layout)) if anyway else set()
        for key in others:
            store.delete(key)
        return Draft(base, store, placed, outcome, tuple(sorted({*outcome.removed, *others})))

    def _served(self, channel: Channel) -> tuple[SiteVersion | None, SiteStore]:
        """The version to build upon, and its files as a store."""
        base, url = self._base_of(channel)
        if base is None:
            return None, SiteStore({}, lambda _: None, location=self._location)
        return served_store(self._site, self._known, base, url, self._location)

    def _made(
        self, copy: Copy, base: SiteVersion | None, store: SiteStore, labels: Mapping[str, str]
    ) -> SiteVersion:
        """A finished version that serves what is in `store`: a copy of `base` with what is otherwise there."""
        config = with_our_headers(base.config if base is not None else {})
        name = copy.result()
        if name is not None:
            self._site.fill(name, store.changes, store.packed)
        else:
            name = self._site.make_version()
            self._site.fill(name, store.files, store.packed)
        self._site.finish(name, config, labels)
        return SiteVersion(name, config)

    def _released(self, version: str, channel: Channel, message: str) -> bool:
        """Whether visitors get `version` now, and nobody's release was lost by it.

        Hosting takes a release whatever was released before it. Where another one came between our look and our
        release, it is put before visitors again, to be built upon.
        """
        known = channel.release.version if channel.release else None
        now = self._look().release
        if now is not None and now.version != known:
            return False
        ours = self._site.release(version, channel.name, message=message)
        since = list(_until(self._site.releases(channel.name), known))
        before_us = since[[each.name for each in since].index(ours.name) + 1 :]
        older = [each for each in before_us if each.version != version]  # a lost answer makes two releases of ours
        if not older:
            return True
        self._site.release(older[0].version, channel.name, message=f"{older[0].message} (again)".strip())
        return False


def _labels(program_id: str) -> dict[str, str]:
    return {**LABELS, "mini-program": program_id[:63].lower()}


def _pointed(store: SiteStore, stamp: str = "") -> PointedStore:
    return PointedStore(store, KEYS, lambda manifest, body: static_pointers(manifest, body, stamp))


def _others(store: SiteStore, layout: Layout) -> Iterator[str]:
    """Files below the layout's folders that are not part of it."""
    yield from layout.others(key for key in list(store.files) if key.partition("/")[0] in FOLDERS)


def _until(releases: Iterator[SiteRelease], version: str | None) -> Iterator[SiteRelease]:
    """The newest releases, up to the one of `version`."""
    for release in releases:
        if release.version == version:
            return
        yield release
