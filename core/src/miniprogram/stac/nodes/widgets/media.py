# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the media widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import Color, Flag, Number, Shadow


def circle_avatar(
    child: Widget | None = None,
    *,
    background_color: Color | None = None,
    background_image: str | None = None,
    foreground_image: str | None = None,
    foreground_color: Color | None = None,
    radius: Number | None = None,
    min_radius: Number | None = None,
    max_radius: Number | None = None,
) -> Widget:
    """A round picture or initials.

    `background_image` and foregroundImage are network URLs (plain strings).
    """
    return Widget(
        {
            "child": child,
            "backgroundColor": background_color,
            "backgroundImage": background_image,
            "foregroundImage": foreground_image,
            "foregroundColor": foreground_color,
            "radius": coercion.number(radius),
            "minRadius": coercion.number(min_radius),
            "maxRadius": coercion.number(max_radius),
            "type": "circleAvatar",
        }
    )


def icon(
    icon: str,
    *,
    icon_type: enums.IconType | None = None,
    size: Number | None = None,
    color: Color | None = None,
    semantic_label: str | None = None,
    text_direction: enums.TextDirection | None = None,
    fill: Number | None = None,
    weight: Number | None = None,
    grade: Number | None = None,
    optical_size: Number | None = None,
    shadows: Sequence[Shadow] | None = None,
    apply_text_scaling: Flag | None = None,
    blend_mode: enums.BlendMode | None = None,
) -> Widget:
    """A Material or Cupertino icon by name.

    Unknown icon names render an empty box, never an error.

    Name tables in icons.json.

    When left out: `icon_type` material.
    """
    return Widget(
        {
            "icon": icon,
            "iconType": icon_type,
            "size": coercion.number(size),
            "color": color,
            "semanticLabel": semantic_label,
            "textDirection": text_direction,
            "fill": coercion.number(fill),
            "weight": coercion.number(weight),
            "grade": coercion.number(grade),
            "opticalSize": coercion.number(optical_size),
            "shadows": shadows,
            "applyTextScaling": apply_text_scaling,
            "blendMode": blend_mode,
            "type": "icon",
        }
    )


def image(
    src: str,
    *,
    alignment: enums.Alignment | None = None,
    image_type: enums.ImageType | None = None,
    color: Color | None = None,
    width: Number | None = None,
    height: Number | None = None,
    fit: enums.BoxFit | None = None,
    repeat: enums.ImageRepeat | None = None,
    filter_quality: enums.FilterQuality | None = None,
    semantic_label: str | None = None,
    exclude_from_semantics: Flag | None = None,
) -> Widget:
    """A picture: a file below `assets/`, or an address.

    `src` containing ".svg" is rendered as SVG (network: contains, asset: endsWith).

    `image_type` file renders nothing on web.

    SVG uses fit contain when fit is absent, raster leaves fit unset.

    When left out: `alignment` center, `image_type` network.
    """
    return Widget(
        {
            "src": src,
            "alignment": alignment,
            "imageType": image_type,
            "color": color,
            "width": coercion.number(width),
            "height": coercion.number(height),
            "fit": fit,
            "repeat": repeat,
            "filterQuality": filter_quality,
            "semanticLabel": semantic_label,
            "excludeFromSemantics": exclude_from_semantics,
            "type": "image",
        }
    )


def web_view(
    url: str,
    *,
    java_script_mode: enums.JavaScriptMode | None = None,
    background_color: Color | None = None,
    user_agent: str | None = None,
    enable_zoom: Flag | None = None,
    layout_direction: enums.TextDirection | None = None,
) -> Widget:
    """A web page inside the screen.

    Separate package stac_webview; not registered by default; backgroundColor accepts hex only.

    When left out: `java_script_mode` unrestricted, `background_color` #FFFFFF, `enable_zoom` false,
    `layout_direction` ltr.
    """
    return Widget(
        {
            "url": url,
            "javaScriptMode": java_script_mode,
            "backgroundColor": background_color,
            "userAgent": user_agent,
            "enableZoom": enable_zoom,
            "layoutDirection": layout_direction,
            "type": "webView",
        }
    )
