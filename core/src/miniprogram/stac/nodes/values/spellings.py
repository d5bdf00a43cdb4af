"""Values that can be written in several ways: insets, corners, text styles, shapes, bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Binding
from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import BorderSide, Color, Flag, Number


def binding(path: str) -> Binding:
    """`{{path}}`: a value of a backend answer, a list item or the signed-in user, filled in by a builder.

    `backend.<requestId>.data.title`, `item.price`, `auth.user.email`. A text that is one binding keeps the type of
    its value, so it may stand where a number or a flag is wanted.
    """
    return Binding(f"{{{{{path}}}}}")


def edge_insets(
    all: Number | None = None,  # noqa: A002 - the name everybody knows
    *,
    left: Number | None = None,
    top: Number | None = None,
    right: Number | None = None,
    bottom: Number | None = None,
) -> kinds.EdgeInsets:
    """Room on the sides. `all` is for those that are not given; sides left out altogether have none."""
    sides = {"left": left, "top": top, "right": right, "bottom": bottom}
    return kinds.EdgeInsets({key: coercion.number(all if side is None else side) for key, side in sides.items()})


def symmetric_insets(*, horizontal: Number | None = None, vertical: Number | None = None) -> kinds.EdgeInsets:
    """The same room left and right, and the same above and below."""
    return edge_insets(left=horizontal, top=vertical, right=horizontal, bottom=vertical)


def border_radius(
    all: Number | None = None,  # noqa: A002 - the name everybody knows
    *,
    top_left: Number | None = None,
    top_right: Number | None = None,
    bottom_left: Number | None = None,
    bottom_right: Number | None = None,
) -> kinds.BorderRadius:
    """Rounded corners. `all` is for those that are not given; corners left out altogether are square."""
    radii = {"topLeft": top_left, "topRight": top_right, "bottomLeft": bottom_left, "bottomRight": bottom_right}
    return kinds.BorderRadius({key: coercion.number(all if one is None else one) for key, one in radii.items()})


def text_style(
    *,
    inherit: Flag | None = None,
    color: Color | None = None,
    background_color: Color | None = None,
    font_size: Number | None = None,
    font_weight: enums.FontWeight | None = None,
    font_style: enums.FontStyle | None = None,
    letter_spacing: Number | None = None,
    word_spacing: Number | None = None,
    text_baseline: enums.TextBaseline | None = None,
    height: Number | None = None,
    leading_distribution: enums.TextLeadingDistribution | None = None,
    decoration_color: Color | None = None,
    decoration_style: enums.TextDecorationStyle | None = None,
    decoration_thickness: Number | None = None,
    debug_label: str | None = None,
    font_family: str | None = None,
    font_family_fallback: Sequence[str] | None = None,
    package: str | None = None,
    overflow: enums.TextOverflow | None = None,
) -> kinds.TextStyle:
    """A text style of its own. For a style of the theme, write its name where a style is wanted: `"bodyMedium"`.

    `height` is the line height as a multiple of the font size.
    """
    return kinds.TextStyle(
        {
            "type": "custom",
            "inherit": inherit,
            "color": color,
            "backgroundColor": background_color,
            "fontSize": coercion.number(font_size),
            "fontWeight": font_weight,
            "fontStyle": font_style,
            "letterSpacing": coercion.number(letter_spacing),
            "wordSpacing": coercion.number(word_spacing),
            "textBaseline": text_baseline,
            "height": coercion.number(height),
            "leadingDistribution": leading_distribution,
            "decorationColor": decoration_color,
            "decorationStyle": decoration_style,
            "decorationThickness": coercion.number(decoration_thickness),
            "debugLabel": debug_label,
            "fontFamily": font_family,
            "fontFamilyFallback": font_family_fallback,
            "package": package,
            "overflow": overflow,
        }
    )


def theme_text_style(name: enums.MaterialTextStyle) -> kinds.TextStyle:
    """The text style `name` of the theme, as a value."""
    return kinds.TextStyle({"type": "theme", "textTheme": name})


def rounded_rectangle_border(
    *, side: BorderSide | None = None, border_radius: Number | kinds.BorderRadius | None = None
) -> kinds.ShapeBorder:
    """A rectangle with rounded corners."""
    return _shape("roundedRectangleBorder", side, border_radius)


def continuous_rectangle_border(
    *, side: BorderSide | None = None, border_radius: Number | kinds.BorderRadius | None = None
) -> kinds.ShapeBorder:
    """A rectangle whose sides run smoothly into its corners."""
    return _shape("continuousRectangleBorder", side, border_radius)


def beveled_rectangle_border(
    *, side: BorderSide | None = None, border_radius: Number | kinds.BorderRadius | None = None
) -> kinds.ShapeBorder:
    """A rectangle with cut corners."""
    return _shape("beveledRectangleBorder", side, border_radius)


def circle_border(*, side: BorderSide | None = None, eccentricity: Number | None = None) -> kinds.ShapeBorder:
    """A circle; with an `eccentricity` up to 1.0, an oval."""
    return kinds.ShapeBorder(
        {"side": side, "type": "circleBorder", "eccentricity": coercion.number(eccentricity)},
    )


def alignment_point(dx: Number, dy: Number) -> kinds.AlignmentPoint:
    """A place by coordinates: -1.0 is the left or upper edge, 1.0 the right or lower one."""
    return kinds.AlignmentPoint({"dx": coercion.number(dx), "dy": coercion.number(dy)})


def _shape(
    kind: str, side: BorderSide | None, border_radius: Number | kinds.BorderRadius | None
) -> kinds.ShapeBorder:
    return kinds.ShapeBorder({"side": side, "type": kind, "borderRadius": coercion.corners(border_radius)})
