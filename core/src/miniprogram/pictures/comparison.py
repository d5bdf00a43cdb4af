"""What a reviewer sees of two versions: which screens look different, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from miniprogram.models import CamelModel
from miniprogram.pictures.areas import Area, changed_areas
from miniprogram.pictures.png import read_png
from miniprogram.seams.screen_painter import Picture, Shot, Theme

Change = Literal["added", "removed", "changed", "unchanged"]


class ScreenChange(CamelModel):
    """One screen in one theme at one width. `areas` are left, top, width and height in logical pixels."""

    screen_id: str
    theme: Theme
    width: int
    height: int
    change: Change
    areas: tuple[Area, ...] = ()


class PictureDifference(CamelModel):
    """Two versions, picture by picture: first what changed, then what is new, gone, and as it was."""

    screens: tuple[ScreenChange, ...]

    def count(self, change: Change) -> int:
        return sum(each.change == change for each in self.screens)


_ORDER: tuple[Change, ...] = ("changed", "added", "removed", "unchanged")


def compare_pictures(old: Sequence[Picture], new: Sequence[Picture]) -> PictureDifference:
    """What differs between the pictures of two versions; those of the same shot are compared.

    Raises DocumentError for a picture that cannot be read.
    """
    before = {picture.shot: picture for picture in old}
    after = {picture.shot: picture for picture in new}
    changes = [_change(shot, before.get(shot), after.get(shot)) for shot in dict.fromkeys([*after, *before])]
    return PictureDifference(screens=tuple(sorted(changes, key=lambda each: _ORDER.index(each.change))))


def _change(shot: Shot, old: Picture | None, new: Picture | None) -> ScreenChange:
    areas: tuple[Area, ...] = ()
    change: Change = "added" if old is None else "removed" if new is None else "unchanged"
    if old is not None and new is not None and old.png != new.png:
        found = changed_areas(read_png(old.png, name=shot.screen_id), read_png(new.png, name=shot.screen_id))
        areas = tuple(Area(*(round(each / shot.scale) for each in area)) for area in found)
        change = "changed" if areas else "unchanged"
    return ScreenChange(
        screen_id=shot.screen_id,
        theme=shot.theme,
        width=shot.width,
        height=shot.height,
        change=change,
        areas=areas,
    )
