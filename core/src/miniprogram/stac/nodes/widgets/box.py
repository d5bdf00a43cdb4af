# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the box widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import BoxConstraints, BoxDecoration, Color, EdgeInsets, Flag, Number


def align(
    child: Widget | None = None,
    *,
    alignment: enums.AlignmentDirectional | None = None,
    width_factor: Number | None = None,
    height_factor: Number | None = None,
) -> Widget:
    """Places its child at one spot of the room there is.

    `alignment`: uses the directional names topStart..bottomEnd.

    When left out: `alignment` center.
    """
    return Widget(
        {
            "alignment": alignment,
            "widthFactor": coercion.number(width_factor),
            "heightFactor": coercion.number(height_factor),
            "child": child,
            "type": "align",
        }
    )


def aspect_ratio(
    child: Widget | None = None,
    *,
    aspect_ratio: Number,
) -> Widget:
    """Gives its child a fixed ratio of width to height.

    When left out: `aspect_ratio` 1.0.
    """
    return Widget(
        {
            "aspectRatio": coercion.number(aspect_ratio),
            "child": child,
            "type": "aspectRatio",
        }
    )


def center(
    child: Widget | None = None,
    *,
    width_factor: Number | None = None,
    height_factor: Number | None = None,
) -> Widget:
    """Places its child in the middle of the room there is."""
    return Widget(
        {
            "widthFactor": coercion.number(width_factor),
            "heightFactor": coercion.number(height_factor),
            "child": child,
            "type": "center",
        }
    )


def container(
    child: Widget | None = None,
    *,
    alignment: enums.Alignment | None = None,
    padding: Number | EdgeInsets | None = None,
    decoration: BoxDecoration | None = None,
    foreground_decoration: BoxDecoration | None = None,
    color: Color | None = None,
    width: Number | None = None,
    height: Number | None = None,
    constraints: BoxConstraints | None = None,
    margin: Number | EdgeInsets | None = None,
    clip_behavior: enums.Clip | None = None,
    transform_alignment: enums.Alignment | None = None,
) -> Widget:
    """A box with padding, margin, size and decoration.

    When left out: `clip_behavior` none.
    """
    return Widget(
        {
            "alignment": alignment,
            "padding": coercion.insets(padding),
            "decoration": decoration,
            "foregroundDecoration": foreground_decoration,
            "color": color,
            "width": coercion.number(width),
            "height": coercion.number(height),
            "constraints": constraints,
            "margin": coercion.insets(margin),
            "child": child,
            "clipBehavior": clip_behavior,
            "transformAlignment": transform_alignment,
            "type": "container",
        }
    )


def fitted_box(
    child: Widget | None = None,
    *,
    fit: enums.BoxFit | None = None,
    alignment: enums.AlignmentDirectional | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Scales its child to the room there is.

    When left out: `fit` contain, `alignment` center, `clip_behavior` none.
    """
    return Widget(
        {
            "fit": fit,
            "alignment": alignment,
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "fittedBox",
        }
    )


def fractionally_sized_box(
    child: Widget | None = None,
    *,
    alignment: enums.Alignment | None = None,
    width_factor: Number | None = None,
    height_factor: Number | None = None,
) -> Widget:
    """Sizes its child as a fraction of the room there is."""
    return Widget(
        {
            "alignment": alignment,
            "widthFactor": coercion.number(width_factor),
            "heightFactor": coercion.number(height_factor),
            "child": child,
            "type": "fractionallySizedBox",
        }
    )


def limited_box(
    child: Widget | None = None,
    *,
    max_height: Number | None = None,
    max_width: Number | None = None,
) -> Widget:
    """Limits its child where there is no limit otherwise.

    When left out: `max_height` infinity, `max_width` infinity.
    """
    return Widget(
        {
            "maxHeight": coercion.number(max_height),
            "maxWidth": coercion.number(max_width),
            "child": child,
            "type": "limitedBox",
        }
    )


def padding(
    child: Widget | None = None,
    *,
    padding: Number | EdgeInsets | None = None,
) -> Widget:
    """Keeps room around its child."""
    return Widget(
        {
            "padding": coercion.insets(padding),
            "child": child,
            "type": "padding",
        }
    )


def safe_area(
    child: Widget | None = None,
    *,
    left: Flag | None = None,
    top: Flag | None = None,
    right: Flag | None = None,
    bottom: Flag | None = None,
    minimum: Number | EdgeInsets | None = None,
    maintain_bottom_view_padding: Flag | None = None,
) -> Widget:
    """Keeps clear of notches and system bars.

    When left out: `left` true, `top` true, `right` true, `bottom` true, `minimum` 0,
    `maintain_bottom_view_padding` false.
    """
    return Widget(
        {
            "child": child,
            "left": left,
            "top": top,
            "right": right,
            "bottom": bottom,
            "minimum": coercion.insets(minimum),
            "maintainBottomViewPadding": maintain_bottom_view_padding,
            "type": "safeArea",
        }
    )


def sized_box(
    child: Widget | None = None,
    *,
    width: Number | None = None,
    height: Number | None = None,
) -> Widget:
    """A box of a given width and height; without a child, a gap."""
    return Widget(
        {
            "width": coercion.number(width),
            "height": coercion.number(height),
            "child": child,
            "type": "sizedBox",
        }
    )


def intrinsic_height(
    child: Widget | None = None,
) -> Widget:
    """Makes its child as high as it wants to be.

    Development line.
    """
    return Widget(
        {
            "child": child,
            "type": "intrinsicHeight",
        }
    )


def intrinsic_width(
    child: Widget | None = None,
) -> Widget:
    """Makes its child as wide as it wants to be.

    Development line (fields inferred from the height twin).
    """
    return Widget(
        {
            "child": child,
            "type": "intrinsicWidth",
        }
    )
