# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the decoration values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        AlignmentPoint,
        Border,
        BorderRadius,
        BorderSide,
        BoxShadow,
        Color,
        DecorationImage,
        Flag,
        Gradient,
        ImageFilter,
        Number,
        Offset,
        Rect,
    )


def border(
    *,
    color: Color | None = None,
    border_style: enums.BorderStyle | None = None,
    width: Number | None = None,
    stroke_align: Number | None = None,
    top: BorderSide | None = None,
    right: BorderSide | None = None,
    bottom: BorderSide | None = None,
    left: BorderSide | None = None,
) -> kinds.Border:
    """A `border`.

    The style key is borderStyle (none or solid).

    `color` default black, width 1, strokeAlign -1 (inside).

    When left out: `border_style` solid, `width` 1.0, `stroke_align` -1.0.
    """
    return kinds.Border(
        {
            "color": color,
            "borderStyle": border_style,
            "width": coercion.number(width),
            "strokeAlign": coercion.number(stroke_align),
            "top": top,
            "right": right,
            "bottom": bottom,
            "left": left,
        }
    )


def border_side(
    *,
    color: Color | None = None,
    width: Number | None = None,
    stroke_align: Number | None = None,
    border_style: enums.BorderStyle | None = None,
) -> kinds.BorderSide:
    """A `borderSide`.

    `width` default 0: a side with only a color draws a hairline/no line.

    When left out: `width` 0.0, `stroke_align` 0.0, `border_style` solid.
    """
    return kinds.BorderSide(
        {
            "color": color,
            "width": coercion.number(width),
            "strokeAlign": coercion.number(stroke_align),
            "borderStyle": border_style,
        }
    )


def gradient(
    *,
    colors: Sequence[Color],
    stops: Sequence[float] | None = None,
    begin: enums.Alignment | None = None,
    end: enums.Alignment | None = None,
    center: enums.Alignment | None = None,
    gradient_type: enums.GradientType | None = None,
    focal: enums.Alignment | AlignmentPoint | None = None,
    tile_mode: enums.TileMode | None = None,
    focal_radius: Number | None = None,
    radius: Number | None = None,
    start_angle: Number | None = None,
    end_angle: Number | None = None,
) -> kinds.Gradient:
    """A `gradient`.

    `gradient_type` default linear, begin centerLeft, end centerRight.

    When left out: `begin` centerLeft, `end` centerRight, `center` center, `gradient_type` linear, `tile_mode`
    clamp, `focal_radius` 0.0, `radius` 0.5, `start_angle` 0.0, `end_angle` 6.283185307179586.
    """
    return kinds.Gradient(
        {
            "colors": colors,
            "stops": coercion.numbers(stops),
            "begin": begin,
            "end": end,
            "center": center,
            "gradientType": gradient_type,
            "focal": focal,
            "tileMode": tile_mode,
            "focalRadius": coercion.number(focal_radius),
            "radius": coercion.number(radius),
            "startAngle": coercion.number(start_angle),
            "endAngle": coercion.number(end_angle),
        }
    )


def box_decoration(
    *,
    color: Color | None = None,
    background_blend_mode: enums.BlendMode | None = None,
    box_shadow: Sequence[BoxShadow] | None = None,
    shape: enums.BoxShape | None = None,
    border: Border | None = None,
    border_radius: Number | BorderRadius | None = None,
    image: DecorationImage | None = None,
    gradient: Gradient | None = None,
) -> kinds.BoxDecoration:
    """A `boxDecoration`.

    Container.color together with decoration fails in Flutter: put color in the decoration.

    When left out: `shape` rectangle.
    """
    return kinds.BoxDecoration(
        {
            "color": color,
            "backgroundBlendMode": background_blend_mode,
            "boxShadow": box_shadow,
            "shape": shape,
            "border": border,
            "borderRadius": coercion.corners(border_radius),
            "image": image,
            "gradient": gradient,
        }
    )


def box_shadow(
    *,
    color: Color | None = None,
    blur_radius: Number | None = None,
    offset: Offset | None = None,
    spread_radius: Number | None = None,
    blur_style: enums.BlurStyle | None = None,
) -> kinds.BoxShadow:
    """A `boxShadow`.

    When left out: `blur_radius` 0.0, `offset` dx 0.0, dy 0.0, `spread_radius` 0.0, `blur_style` normal.
    """
    return kinds.BoxShadow(
        {
            "color": color,
            "blurRadius": coercion.number(blur_radius),
            "offset": offset,
            "spreadRadius": coercion.number(spread_radius),
            "blurStyle": blur_style,
        }
    )


def decoration_image(
    *,
    src: str,
    fit: enums.BoxFit | None = None,
    image_type: enums.DecorationImageType | None = None,
    alignment: enums.Alignment | None = None,
    center_slice: Rect | None = None,
    repeat: enums.ImageRepeat | None = None,
    match_text_direction: Flag | None = None,
    scale: Number | None = None,
    opacity: Number | None = None,
    filter_quality: enums.FilterQuality | None = None,
    invert_colors: Flag | None = None,
    is_anti_alias: Flag | None = None,
) -> kinds.DecorationImage:
    """A `decorationImage`.

    When left out: `image_type` network, `alignment` center, `repeat` noRepeat, `match_text_direction` false,
    `scale` 1.0, `opacity` 1.0, `filter_quality` low, `invert_colors` false, `is_anti_alias` false.
    """
    return kinds.DecorationImage(
        {
            "src": src,
            "fit": fit,
            "imageType": image_type,
            "alignment": alignment,
            "centerSlice": center_slice,
            "repeat": repeat,
            "matchTextDirection": match_text_direction,
            "scale": coercion.number(scale),
            "opacity": coercion.number(opacity),
            "filterQuality": filter_quality,
            "invertColors": invert_colors,
            "isAntiAlias": is_anti_alias,
        }
    )


def image_filter(
    *,
    type: enums.ImageFilterType,
    sigma_x: Number | None = None,
    sigma_y: Number | None = None,
    radius_x: Number | None = None,
    radius_y: Number | None = None,
    matrix: Sequence[float] | None = None,
    inner: ImageFilter | None = None,
    outer: ImageFilter | None = None,
) -> kinds.ImageFilter:
    """A `imageFilter`.

    `type` blur|matrix|dilate|erode|compose; sigmaY defaults to sigmaX; matrix needs 16 numbers.

    When left out: `sigma_x` 0.0, `radius_x` 0.0.
    """
    return kinds.ImageFilter(
        {
            "type": type,
            "sigmaX": coercion.number(sigma_x),
            "sigmaY": coercion.number(sigma_y),
            "radiusX": coercion.number(radius_x),
            "radiusY": coercion.number(radius_y),
            "matrix": coercion.numbers(matrix),
            "inner": inner,
            "outer": outer,
        }
    )


def shadow(
    *,
    color: Color | None = None,
    offset: Offset | None = None,
    blur_radius: Number | None = None,
) -> kinds.Shadow:
    """A `shadow`.

    When left out: `color` #000000, `offset` dx 0.0, dy 0.0, `blur_radius` 0.0.
    """
    return kinds.Shadow(
        {
            "color": color,
            "offset": offset,
            "blurRadius": coercion.number(blur_radius),
        }
    )


def table_border(
    *,
    color: Color | None = None,
    width: Number | None = None,
    style: enums.BorderStyle | None = None,
    border_radius: Number | BorderRadius | None = None,
) -> kinds.TableBorder:
    """A `tableBorder`.

    When left out: `color` #000000, `width` 1.0, `style` solid, `border_radius` 0.
    """
    return kinds.TableBorder(
        {
            "color": color,
            "width": coercion.number(width),
            "style": style,
            "borderRadius": coercion.corners(border_radius),
        }
    )
