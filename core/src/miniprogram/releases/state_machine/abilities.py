"""What a target must be able to do for a release, and which targets cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.seams.abilities import PROTECTED_LISTS, SIGNED_LINKS, WINDOWS
from miniprogram.targets import AppEnvironment, Kind

STATIC_HOST = {
    WINDOWS: "a static host hands out files and counts nobody",
    PROTECTED_LISTS: "a static host hands its files to everybody, lists of ids too",
    SIGNED_LINKS: "a static host cannot check a signature",
}
"""What a web server that only hands out files cannot do."""


def limits_of(environment: AppEnvironment | None, cannot: Mapping[str, str]) -> dict[str, str]:
    """What releases to `environment` cannot have, by name; `cannot` is what its storage is unable to do."""
    static = environment is not None and environment.static_host
    return {**cannot, **STATIC_HOST} if static else dict(cannot)


def needed_abilities(document: ReleaseDocument, release: Release) -> Iterator[str]:
    """What `release` asks of the target it goes to."""
    if release.configuration.window is not None:
        yield WINDOWS
    names = segments_in(release.configuration.audience)
    if any(segment.name in names and segment.kind == "ids" for segment in document.segments):
        yield PROTECTED_LISTS
    if release.kind is not Kind.OFFICIAL:
        yield SIGNED_LINKS
