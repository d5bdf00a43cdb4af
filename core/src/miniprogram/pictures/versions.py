"""Two versions of a mini-program as a person sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from miniprogram.packages.bundle import Bundle
from miniprogram.packages.comparison import Comparison
from miniprogram.pictures.comparison import PictureDifference, ScreenChange, compare_pictures
from miniprogram.pictures.html_report import Side, html_report
from miniprogram.pictures.shots import Wanted, shots_of, take_pictures
from miniprogram.plugins.specs import ScreenPainterSpec
from miniprogram.seams.screen_painter import Picture


@dataclass(frozen=True, slots=True)
class PicturedVersions:
    """The pictures of every screen of two versions, and what differs."""

    old: tuple[Picture, ...]
    new: tuple[Picture, ...]
    difference: PictureDifference


class PackageDifference(Comparison):
    """`pictures` is what differs to the eye, where somebody asked for it."""

    pictures: tuple[ScreenChange, ...] | None = None


def picture_versions(
    painters: Sequence[ScreenPainterSpec], old: Bundle, new: Bundle, wanted: Wanted, environ: Mapping[str, str]
) -> PicturedVersions:
    """Draw every screen of both versions and compare them. Raises like `take_pictures`."""
    every = replace(wanted, screens=(), all_screens=True)
    before, after = (
        tuple(take_pictures(painters, bundle, shots_of(bundle, every), environ)) for bundle in (old, new)
    )
    return PicturedVersions(before, after, compare_pictures(before, after))


def difference_page(pictured: PicturedVersions, old: Bundle, new: Bundle) -> bytes:
    """One HTML file for people, as `html_report` makes it."""
    title = new.manifest.title or new.program_id
    return html_report(
        title, pictured.difference, Side(old.version, pictured.old), Side(new.version, pictured.new)
    )
