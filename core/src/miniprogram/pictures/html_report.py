"""One HTML file that shows what two versions look like, side by side: nothing to load, works offline."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from miniprogram.pictures.comparison import PictureDifference, ScreenChange
from miniprogram.seams.screen_painter import Picture

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions. `title` is what the column is called, such as `1.0.0`."""

    title: str
    pictures: Sequence[Picture]


@dataclass(frozen=True, slots=True)
class _Row:
    change: ScreenChange
    old: str | None
    new: str | None
    remarks: Sequence[str]


def html_report(title: str, difference: PictureDifference, old: Side, new: Side) -> bytes:
    """The file, as UTF-8. The same pictures make the same bytes."""
    before, after = _by_name(old.pictures), _by_name(new.pictures)
    rows = []
    for change in difference.screens:
        key = (change.screen_id, change.theme, change.width)
        pictures = before.get(key), after.get(key)
        remarks = tuple(dict.fromkeys(pictures[1].remarks)) if pictures[1] else ()
        rows.append(_Row(change, _address(pictures[0]), _address(pictures[1]), remarks))
    counts = {name: difference.count(name) for name in ("changed", "added", "removed", "unchanged")}
    return _template().render(title=title, old=old.title, new=new.title, rows=rows, counts=counts).encode()


def _by_name(pictures: Sequence[Picture]) -> dict[tuple[str, str, int], Picture]:
    return {(each.shot.screen_id, each.shot.theme, each.shot.width): each for each in pictures}


def _address(picture: Picture | None) -> str | None:
    return None if picture is None else "data:image/png;base64," + b64encode(picture.png).decode()


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # deferred: most commands show no pictures

    environment = Environment(
        loader=PackageLoader("miniprogram.pictures", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("difference.html.jinja")
