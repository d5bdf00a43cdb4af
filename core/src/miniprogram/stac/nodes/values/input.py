# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the input values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        BorderRadius,
        Color,
        EdgeInsets,
        Flag,
        Gradient,
        InputBorder,
        Number,
        TextStyle,
        Widget,
    )


def input_border(
    *,
    type: enums.InputBorderType | None = None,
    border_radius: Number | BorderRadius | None = None,
    gap_padding: Number | None = None,
    width: Number | None = None,
    color: Color | None = None,
    gradient: Gradient | None = None,
) -> kinds.InputBorder:
    """A `inputBorder`.

    Type: none, underlineInputBorder, outlineInputBorder.

    `width` default 0 gives an invisible line: give width and color explicitly.

    When left out: `type` underlineInputBorder, `gap_padding` 4.0, `width` 0.0.
    """
    return kinds.InputBorder(
        {
            "type": type,
            "borderRadius": coercion.corners(border_radius),
            "gapPadding": coercion.number(gap_padding),
            "width": coercion.number(width),
            "color": color,
            "gradient": gradient,
        }
    )


def input_decoration(
    *,
    icon: Widget | None = None,
    label_text: str | None = None,
    label_style: enums.MaterialTextStyle | TextStyle | None = None,
    helper_text: str | None = None,
    helper_style: enums.MaterialTextStyle | TextStyle | None = None,
    hint_text: str | None = None,
    hint_style: enums.MaterialTextStyle | TextStyle | None = None,
    error_text: str | None = None,
    error_style: enums.MaterialTextStyle | TextStyle | None = None,
    floating_label_behavior: enums.FloatingLabelBehavior | None = None,
    is_dense: Flag | None = None,
    content_padding: Number | EdgeInsets | None = None,
    prefix_icon: Widget | None = None,
    prefix_text: str | None = None,
    prefix_style: enums.MaterialTextStyle | TextStyle | None = None,
    suffix_icon: Widget | None = None,
    suffix_text: str | None = None,
    suffix_style: enums.MaterialTextStyle | TextStyle | None = None,
    filled: Flag | None = None,
    fill_color: Color | None = None,
    error_border: InputBorder | None = None,
    focused_border: InputBorder | None = None,
    focused_error_border: InputBorder | None = None,
    disabled_border: InputBorder | None = None,
    enabled_border: InputBorder | None = None,
    border: InputBorder | None = None,
    align_label_with_hint: Flag | None = None,
) -> kinds.InputDecoration:
    """A `inputDecoration`.

    1.x keeps a subset of the fields; in 1.0–1.1 the borders and floatingLabelBehavior were also missing.

    When left out: `is_dense` false, `align_label_with_hint` false.
    """
    return kinds.InputDecoration(
        {
            "icon": icon,
            "labelText": label_text,
            "labelStyle": coercion.style(label_style),
            "helperText": helper_text,
            "helperStyle": coercion.style(helper_style),
            "hintText": hint_text,
            "hintStyle": coercion.style(hint_style),
            "errorText": error_text,
            "errorStyle": coercion.style(error_style),
            "floatingLabelBehavior": floating_label_behavior,
            "isDense": is_dense,
            "contentPadding": coercion.insets(content_padding),
            "prefixIcon": prefix_icon,
            "prefixText": prefix_text,
            "prefixStyle": coercion.style(prefix_style),
            "suffixIcon": suffix_icon,
            "suffixText": suffix_text,
            "suffixStyle": coercion.style(suffix_style),
            "filled": filled,
            "fillColor": fill_color,
            "errorBorder": error_border,
            "focusedBorder": focused_border,
            "focusedErrorBorder": focused_error_border,
            "disabledBorder": disabled_border,
            "enabledBorder": enabled_border,
            "border": border,
            "alignLabelWithHint": align_label_with_hint,
        }
    )


def form_field_validator(
    *,
    rule: str,
    message: str | None = None,
) -> kinds.FormFieldValidator:
    """A `formFieldValidator`.

    IsNotEmpty accepts only 1–50 latin letters, digits, space and . ` ' / - ; other text fails.

    IsName: 2–32 letters, space and . ` ' / -.

    IsPassword: needs lower, upper, digit and a symbol.
    """
    return kinds.FormFieldValidator(
        {
            "rule": rule,
            "message": message,
        }
    )


def input_formatter(
    *,
    type: enums.InputFormatterType,
    rule: str | None = None,
) -> kinds.InputFormatter:
    """A `inputFormatter`.

    Allow and deny take a regular expression in rule; post-1.4 adds mask with # positions.
    """
    return kinds.InputFormatter(
        {
            "type": type,
            "rule": rule,
        }
    )
