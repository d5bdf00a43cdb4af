# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the text widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import Action, Color, Flag, Number, TextSpan, TextStyle, Whole


def selectable_text(
    data: str,
    *,
    children: Sequence[TextSpan] | None = None,
    style: enums.MaterialTextStyle | TextStyle | None = None,
    copy_with_style: enums.MaterialTextStyle | TextStyle | None = None,
    text_align: enums.TextAlign | None = None,
    text_direction: enums.TextDirection | None = None,
    text_scaler: Number | None = None,
    show_cursor: Flag | None = None,
    autofocus: Flag | None = None,
    min_lines: Whole | None = None,
    max_lines: Whole | None = None,
    cursor_width: Number | None = None,
    cursor_height: Number | None = None,
    cursor_radius: Number | None = None,
    cursor_color: Color | None = None,
    enable_interactive_selection: Flag | None = None,
    on_tap: Action | None = None,
    semantics_label: str | None = None,
    text_width_basis: enums.TextWidthBasis | None = None,
    selection_color: Color | None = None,
) -> Widget:
    """Text that can be selected and copied."""
    return Widget(
        {
            "data": data,
            "children": children,
            "style": coercion.style(style),
            "copyWithStyle": coercion.style(copy_with_style),
            "textAlign": text_align,
            "textDirection": text_direction,
            "textScaler": coercion.number(text_scaler),
            "showCursor": show_cursor,
            "autofocus": autofocus,
            "minLines": min_lines,
            "maxLines": max_lines,
            "cursorWidth": coercion.number(cursor_width),
            "cursorHeight": coercion.number(cursor_height),
            "cursorRadius": coercion.number(cursor_radius),
            "cursorColor": cursor_color,
            "enableInteractiveSelection": enable_interactive_selection,
            "onTap": on_tap,
            "semanticsLabel": semantics_label,
            "textWidthBasis": text_width_basis,
            "selectionColor": selection_color,
            "type": "selectableText",
        }
    )


def text(
    data: str,
    *,
    children: Sequence[TextSpan] | None = None,
    style: enums.MaterialTextStyle | TextStyle | None = None,
    text_align: enums.TextAlign | None = None,
    text_direction: enums.TextDirection | None = None,
    soft_wrap: Flag | None = None,
    overflow: enums.TextOverflow | None = None,
    text_scale_factor: Number | None = None,
    max_lines: Whole | None = None,
    semantics_label: str | None = None,
    text_width_basis: enums.TextWidthBasis | None = None,
    selection_color: Color | None = None,
    copy_with_style: enums.MaterialTextStyle | TextStyle | None = None,
) -> Widget:
    """Text in one style, or in several with spans."""
    return Widget(
        {
            "data": data,
            "children": children,
            "style": coercion.style(style),
            "textAlign": text_align,
            "textDirection": text_direction,
            "softWrap": soft_wrap,
            "overflow": overflow,
            "textScaleFactor": coercion.number(text_scale_factor),
            "maxLines": max_lines,
            "semanticsLabel": semantics_label,
            "textWidthBasis": text_width_basis,
            "selectionColor": selection_color,
            "copyWithStyle": coercion.style(copy_with_style),
            "type": "text",
        }
    )
