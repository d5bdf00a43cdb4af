"""A version that a site serves, as a store; what is known of it is remembered for the next command."""

from __future__ import annotations

from urllib.parse import quote

from miniprogram.delivery.documents import kinds
from miniprogram.publish.layouts.static import KEYS
from miniprogram_firebase.hosting.known_versions import KnownVersion, KnownVersions
from miniprogram_firebase.hosting.site import HostingSite, SiteVersion
from miniprogram_firebase.hosting.site_store import SiteStore

READ_FIRST = (
    kinds.LATEST_MANIFEST,
    kinds.CATALOG_POINTER,
    kinds.STATIC_CATALOGUE,
    kinds.INSTRUCTIONS,
    kinds.TRUST_TIMESTAMP,
    kinds.TRUST_METADATA,
)
"""What a publish reads before it writes: remembered, so that the next one need not fetch it."""


def served_store(
    site: HostingSite, known: KnownVersions, name: str, url: str, location: str
) -> tuple[SiteVersion, SiteStore]:
    """The version `name`, which is served at `url` without a slash at its end."""
    mark = name.rpartition("/")[2]  # no cache has seen an address that names the version

    def read(path: str) -> bytes | None:
        return site.read(f"{url}/{quote(path)}?version={mark}")

    found = known.find(name)
    if found is None:
        found = KnownVersion(site.version(name).config, site.files(name))
        known.keep(name, found)
    store = SiteStore(found.files, read, location=location)
    store.remember(found.bodies)
    return SiteVersion(name, found.config), store


def remember(known: KnownVersions, made: SiteVersion, store: SiteStore) -> None:
    """Keep what is in `store`, which `made` serves now."""
    first = (key for key in store.files if (found := KEYS.identify(key)) and found.kind in READ_FIRST)
    known.keep(made.name, KnownVersion(made.config, store.files, tuple(store.bodies(first))))
