"""The target: the static layout, put into the version that a site serves, and released at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import quote

from miniprogram.errors import PublishError
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.static import FOLDERS, static_layout
from miniprogram.publish.to_store import Outcome, publish_to_store
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt, Release
from miniprogram_firebase.hosting.serving_config import has_our_headers, with_our_headers
from miniprogram_firebase.hosting.settings import HostingSettings, seconds
from miniprogram_firebase.hosting.site import LIVE, Channel, HostingSite, SiteRelease, SiteVersion, is_disabled
from miniprogram_firebase.hosting.site_store import SiteStore

ATTEMPTS = 8
"""Releases tried. Each failure means that somebody else released meanwhile: their files stay, ours go on top."""
PAUSE_S = 0.5
"""Longest pause after the first failure; it grows with each further one."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A release laid out on top of a version of the site, and what that changes."""

    base: SiteVersion | None
    store: SiteStore
    release: Release
    outcome: Outcome
    removed: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return self.store.is_changed or self.base is None or not has_our_headers(self.base.config)


class HostingTarget:
    """Implements PublishTarget. Visitors see the site as it was, then with the whole release in it."""

    def __init__(
        self, site: HostingSite, settings: HostingSettings, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Raises PublishError for settings that would have no effect."""
        if settings.expires is not None and settings.channel is None:
            raise PublishError("--expires is about a preview channel: name it with --channel")
        self._site, self._settings, self._sleep = site, settings, sleep
        self._channel_name = settings.channel or LIVE

    def plan(self, release: Release) -> PublishPlan:
        """What the release would change. Makes no version and no channel."""
        draft = self._draft(release, self._look())
        return PublishPlan(
            self._location,
            draft.outcome.written,
            draft.outcome.unchanged,
            draft.removed,
            draft.release.base_url,
        )

    def publish(self, release: Release) -> PublishReceipt:
        """Release a version of the site that holds `release`, again when somebody was faster."""
        channel = self._open()
        for attempt in count(1):
            draft = self._draft(release, channel)
            if not draft.is_changed and channel.release is not None:
                return self._receipt(draft, channel, changed=False)
            if self._released(self._made(draft), channel):
                return self._receipt(draft, channel, changed=True)
            if attempt == ATTEMPTS:
                raise PublishError(
                    f"{self._location} was released by others during each of {ATTEMPTS} attempts",
                    hint="Run it again when they are done.",
                )
            self._sleep(random.uniform(0, PAUSE_S * attempt))  # noqa: S311 - no secret
            channel = self._look()
        raise AssertionError  # the loop ends by itself

    @property
    def _location(self) -> str:
        channel = self._settings.channel
        return f"{self._site.location}, channel {channel}" if channel else self._site.location

    def _open(self) -> Channel:
        """The channel to publish to, made or extended where that was asked for."""
        lives_s = seconds(self._settings.expires) if self._settings.expires else None
        if self._settings.channel is None:
            return self._look()
        found = self._site.channel(self._channel_name)
        if found is None:
            return self._site.make_channel(self._channel_name, lives_s=lives_s)
        return found if lives_s is None else self._site.extend_channel(self._channel_name, lives_s=lives_s)

    def _look(self) -> Channel:
        """The channel as it is. Its address is blank while there is none."""
        found = self._site.channel(self._channel_name) or Channel(self._channel_name, "", None)
        if is_disabled(found.release):
            raise PublishError(
                f"{self._site.location} was disabled by {found.release.user if found.release else 'somebody'}",
                hint="Enable it in the Firebase console, then publish again.",
            )
        return found

    def _base_of(self, channel: Channel) -> tuple[str | None, str]:
        """The version to build upon, and where it is served: the channel's, for a new preview the live site's."""
        serving = channel
        if channel.release is None and channel.name != LIVE:
            serving = self._site.channel(LIVE) or channel
        return serving.release.version if serving.release is not None else None, serving.url

    def _draft(self, release: Release, channel: Channel) -> _Draft:
        """Lay `release` out on top of what is served. Nothing is sent yet."""
        base, url = self._base_of(channel)
        version = self._site.version(base) if base else None
        placed = replace(release, base_url=release.base_url or (f"{channel.url}/" if channel.url else None))
        layout = static_layout(placed, alone=self._settings.clean)
        store = self._store(version, url)
        store.remember(file.body for file in layout.files)
        anyway = self._settings.clean
        outcome = publish_to_store(store, layout, allow_older=release.allow_older or anyway, replace=anyway)
        others = set(_others(store, layout)) if anyway else set()
        for key in others:
            store.delete(key)
        return _Draft(version, store, placed, outcome, tuple(sorted({*outcome.removed, *others})))

    def _store(self, version: SiteVersion | None, url: str) -> SiteStore:
        if version is None:
            return SiteStore({}, lambda _: None, location=self._location)
        mark = version.name.rpartition("/")[2]  # no cache has seen an address that names the version

        def read(path: str) -> bytes | None:
            return self._site.read(f"{url}/{quote(path)}?version={mark}")

        return SiteStore(self._site.files(version.name), read, location=self._location)

    def _made(self, draft: _Draft) -> str:
        bundle = draft.release.bundle
        labels = {"made-by": "miniprogram", "mini-program": bundle.program_id[:63].lower()}
        config = with_our_headers(draft.base.config if draft.base is not None else {})
        version = self._site.make_version(config, labels)
        self._site.fill(version, draft.store.files, draft.store.packed)
        self._site.finish(version)
        return version

    def _released(self, version: str, channel: Channel) -> bool:
        """Whether visitors get `version` now, and nobody's release was lost by it.

        Hosting takes a release whatever was released before it. Where another one came between our look and our
        release, it is put before visitors again, to be built upon.
        """
        known = channel.release.version if channel.release else None
        now = self._look().release
        if now is not None and now.version != known:
            return False
        ours = self._site.release(version, channel.name, message=self._message)
        since = list(_until(self._site.releases(channel.name), known))
        before_us = since[[each.name for each in since].index(ours.name) + 1 :]
        older = [each for each in before_us if each.version != version]  # a lost answer makes two releases of ours
        if not older:
            return True
        self._site.release(older[0].version, channel.name, message=f"{older[0].message} (again)".strip())
        return False

    @property
    def _message(self) -> str:
        return self._settings.message or "Published with miniprogram"

    def _receipt(self, draft: _Draft, channel: Channel, *, changed: bool) -> PublishReceipt:
        return PublishReceipt(
            location=self._location,
            written=draft.outcome.written if changed else (),
            unchanged=draft.outcome.unchanged,
            removed=draft.removed,
            changed=changed,
            delivery_api_base_url=draft.release.base_url,
            notes=tuple(self._notes(draft, channel)),
        )

    def _notes(self, draft: _Draft, channel: Channel) -> Iterator[str]:
        bundle = draft.release.bundle
        if not draft.outcome.is_latest:
            yield f"{bundle.program_id} {draft.outcome.served_before} stays the latest; it is higher"
        if channel.expires_at:
            yield f"The preview ends at {channel.expires_at}"


def _others(store: SiteStore, layout: Layout) -> Iterator[str]:
    """Files below the layout's folders that are not part of it."""
    ours = {file.key for file in layout.files} | {pointer.key for pointer in layout.pointers} | {layout.record_key}
    return (key for key in list(store.files) if key.partition("/")[0] in FOLDERS and key not in ours)


def _until(releases: Iterator[SiteRelease], version: str | None) -> Iterator[SiteRelease]:
    """The newest releases, up to the one of `version`."""
    for release in releases:
        if release.version == version:
            return
        yield release
