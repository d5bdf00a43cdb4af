# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the geometry values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import Number, Offset, Rect, Whole


def box_constraints(
    *,
    min_width: Number | None = None,
    max_width: Number | None = None,
    min_height: Number | None = None,
    max_height: Number | None = None,
) -> kinds.BoxConstraints:
    """A `boxConstraints`."""
    return kinds.BoxConstraints(
        {
            "minWidth": coercion.number(min_width),
            "maxWidth": coercion.number(max_width),
            "minHeight": coercion.number(min_height),
            "maxHeight": coercion.number(max_height),
        }
    )


def duration(
    *,
    days: Whole | None = None,
    hours: Whole | None = None,
    minutes: Whole | None = None,
    seconds: Whole | None = None,
    milliseconds: Whole | None = None,
    microseconds: Whole | None = None,
) -> kinds.Duration:
    """A `duration`.

    Plain milliseconds numbers are not accepted.

    When left out: `days` 0, `hours` 0, `minutes` 0, `seconds` 0, `milliseconds` 0, `microseconds` 0.
    """
    return kinds.Duration(
        {
            "days": days,
            "hours": hours,
            "minutes": minutes,
            "seconds": seconds,
            "milliseconds": milliseconds,
            "microseconds": microseconds,
        }
    )


def offset(
    dx: Number,
    dy: Number,
) -> kinds.Offset:
    """A `offset`.

    Keys are dx and dy; {x, y} in some published snippets is wrong.
    """
    return kinds.Offset(
        {
            "dx": coercion.number(dx),
            "dy": coercion.number(dy),
        }
    )


def table_column_width(
    *,
    type: enums.TableColumnWidthType | None = None,
    value: Number | None = None,
) -> kinds.TableColumnWidth:
    """A `tableColumnWidth`.

    When left out: `type` flexColumnWidth.
    """
    return kinds.TableColumnWidth(
        {
            "type": type,
            "value": coercion.number(value),
        }
    )


def rect(
    *,
    rect_type: enums.RectType,
    center: Offset | None = None,
    a: Offset | None = None,
    b: Offset | None = None,
    width: Number | None = None,
    height: Number | None = None,
    left: Number | None = None,
    top: Number | None = None,
    right: Number | None = None,
    bottom: Number | None = None,
    radius: Number | None = None,
) -> kinds.Rect:
    """A `rect`."""
    return kinds.Rect(
        {
            "rectType": rect_type,
            "center": center,
            "a": a,
            "b": b,
            "width": coercion.number(width),
            "height": coercion.number(height),
            "left": coercion.number(left),
            "top": coercion.number(top),
            "right": coercion.number(right),
            "bottom": coercion.number(bottom),
            "radius": coercion.number(radius),
        }
    )


def rect_tween(
    *,
    type: str,
    begin: Rect | None = None,
    end: Rect | None = None,
) -> kinds.RectTween:
    """A `rectTween`.

    `type` materialRectArcTween, materialRectCenterArcTween, anything else is a plain rect tween.
    """
    return kinds.RectTween(
        {
            "type": type,
            "begin": begin,
            "end": end,
        }
    )


def size(
    width: Number,
    height: Number,
) -> kinds.Size:
    """A `size`."""
    return kinds.Size(
        {
            "width": coercion.number(width),
            "height": coercion.number(height),
        }
    )


def visual_density(
    horizontal: Number,
    vertical: Number,
) -> kinds.VisualDensity:
    """A `visualDensity`."""
    return kinds.VisualDensity(
        {
            "horizontal": coercion.number(horizontal),
            "vertical": coercion.number(vertical),
        }
    )
