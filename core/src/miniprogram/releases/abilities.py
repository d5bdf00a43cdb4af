"""What a place must be able to do for a release, and which places cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, runtime_checkable

from miniprogram.delivery.ledger import AdmissionLedger
from miniprogram.releases.apps import AppEnvironment
from miniprogram.releases.configuration import segments_in
from miniprogram.releases.document import ReleaseDocument
from miniprogram.releases.release import Release
from miniprogram.releases.states import Kind

WINDOWS = "time windows"
PROTECTED_LISTS = "protected lists"
SIGNED_LINKS = "signed links"

STATIC_HOST = {
    WINDOWS: "a static host hands out files and counts nobody",
    PROTECTED_LISTS: "a static host hands its files to everybody, lists of ids too",
    SIGNED_LINKS: "a static host cannot check a signature",
}
"""What a web server that only hands out files cannot do."""


@runtime_checkable
class LimitedPlace(Protocol):
    """A cloud provider whose delivery cannot do everything."""

    @property
    def cannot(self) -> Mapping[str, str]:
        """Names of abilities (constants of this module) that are missing, each with the reason."""
        ...


@runtime_checkable
class CountingPlace(Protocol):
    """A cloud provider that counts admissions to time windows."""

    def ledger(self) -> AdmissionLedger:
        """The ledger its delivery service asks too."""
        ...


def limits_of(place: object, environment: AppEnvironment | None) -> dict[str, str]:
    """What releases to `environment` cannot have at `place`, by name."""
    own = dict(place.cannot) if isinstance(place, LimitedPlace) else {}
    return {**own, **STATIC_HOST} if environment is not None and environment.static_host else own


def needed_abilities(document: ReleaseDocument, release: Release) -> Iterator[str]:
    """What `release` asks of the place it goes to."""
    if release.configuration.window is not None:
        yield WINDOWS
    names = segments_in(release.configuration.audience)
    if any(segment.name in names and segment.kind == "ids" for segment in document.segments):
        yield PROTECTED_LISTS
    if release.kind is not Kind.OFFICIAL:
        yield SIGNED_LINKS
