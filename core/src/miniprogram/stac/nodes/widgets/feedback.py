# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the feedback widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        AlignmentPoint,
        BorderRadius,
        BoxConstraints,
        BoxDecoration,
        Color,
        Duration,
        EdgeInsets,
        Flag,
        Number,
        Offset,
        ShapeBorder,
        TextSpan,
        TextStyle,
        Whole,
    )


def alert_dialog(
    *,
    icon: Widget | None = None,
    icon_padding: Number | EdgeInsets | None = None,
    icon_color: Color | None = None,
    title: Widget | None = None,
    title_padding: Number | EdgeInsets | None = None,
    title_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    content: Widget | None = None,
    content_padding: Number | EdgeInsets | None = None,
    content_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    actions: Sequence[Widget] | None = None,
    actions_padding: Number | EdgeInsets | None = None,
    actions_alignment: enums.MainAxisAlignment | None = None,
    actions_overflow_alignment: enums.OverflowBarAlignment | None = None,
    actions_overflow_direction: enums.VerticalDirection | None = None,
    actions_overflow_button_spacing: Number | None = None,
    button_padding: Number | EdgeInsets | None = None,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    semantic_label: str | None = None,
    inset_padding: Number | EdgeInsets | None = None,
    clip_behavior: enums.Clip | None = None,
    shape: ShapeBorder | None = None,
    alignment: enums.Alignment | None = None,
    scrollable: Flag | None = None,
) -> Widget:
    """A dialog with a title, content and actions; shown by `actions.show_dialog`.

    When left out: `inset_padding` left 40.0, right 40.0, top 24.0, bottom 24.0, `clip_behavior` none,
    `scrollable` false.
    """
    return Widget(
        {
            "icon": icon,
            "iconPadding": coercion.insets(icon_padding),
            "iconColor": icon_color,
            "title": title,
            "titlePadding": coercion.insets(title_padding),
            "titleTextStyle": coercion.style(title_text_style),
            "content": content,
            "contentPadding": coercion.insets(content_padding),
            "contentTextStyle": coercion.style(content_text_style),
            "actions": actions,
            "actionsPadding": coercion.insets(actions_padding),
            "actionsAlignment": actions_alignment,
            "actionsOverflowAlignment": actions_overflow_alignment,
            "actionsOverflowDirection": actions_overflow_direction,
            "actionsOverflowButtonSpacing": coercion.number(actions_overflow_button_spacing),
            "buttonPadding": coercion.insets(button_padding),
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "semanticLabel": semantic_label,
            "insetPadding": coercion.insets(inset_padding),
            "clipBehavior": clip_behavior,
            "shape": shape,
            "alignment": alignment,
            "scrollable": scrollable,
            "type": "alertDialog",
        }
    )


def badge(
    child: Widget | None = None,
    *,
    background_color: Color | None = None,
    text_color: Color | None = None,
    small_size: Number | None = None,
    large_size: Number | None = None,
    text_style: enums.MaterialTextStyle | TextStyle | None = None,
    padding: Number | EdgeInsets | None = None,
    alignment: enums.Alignment | enums.AlignmentDirectional | AlignmentPoint | None = None,
    offset: Offset | None = None,
    label: Widget | None = None,
    count: Whole | None = None,
    max_count: Whole | None = None,
    is_label_visible: Flag | None = None,
) -> Widget:
    """A small label or dot on the corner of its child."""
    return Widget(
        {
            "backgroundColor": background_color,
            "textColor": text_color,
            "smallSize": coercion.number(small_size),
            "largeSize": coercion.number(large_size),
            "textStyle": coercion.style(text_style),
            "padding": coercion.insets(padding),
            "alignment": alignment,
            "offset": offset,
            "label": label,
            "count": count,
            "maxCount": max_count,
            "isLabelVisible": is_label_visible,
            "child": child,
            "type": "badge",
        }
    )


def circular_progress_indicator(
    *,
    value: Number | None = None,
    background_color: Color | None = None,
    color: Color | None = None,
    stroke_width: Number | None = None,
    stroke_align: Number | None = None,
    semantics_label: str | None = None,
    semantics_value: str | None = None,
    stroke_cap: enums.StrokeCap | None = None,
) -> Widget:
    """A turning circle: something is under way.

    When left out: `stroke_width` 4.0, `stroke_align` 0.0.
    """
    return Widget(
        {
            "value": coercion.number(value),
            "backgroundColor": background_color,
            "color": color,
            "strokeWidth": coercion.number(stroke_width),
            "strokeAlign": coercion.number(stroke_align),
            "semanticsLabel": semantics_label,
            "semanticsValue": semantics_value,
            "strokeCap": stroke_cap,
            "type": "circularProgressIndicator",
        }
    )


def linear_progress_indicator(
    *,
    value: Number | None = None,
    background_color: Color | None = None,
    color: Color | None = None,
    min_height: Number | None = None,
    semantics_label: str | None = None,
    semantics_value: str | None = None,
    border_radius: Number | BorderRadius | None = None,
) -> Widget:
    """A bar that fills: something is under way.

    When left out: `border_radius` 0.
    """
    return Widget(
        {
            "value": coercion.number(value),
            "backgroundColor": background_color,
            "color": color,
            "minHeight": coercion.number(min_height),
            "semanticsLabel": semantics_label,
            "semanticsValue": semantics_value,
            "borderRadius": coercion.corners(border_radius),
            "type": "linearProgressIndicator",
        }
    )


def tooltip(
    child: Widget | None = None,
    *,
    message: str | None = None,
    rich_message: TextSpan | None = None,
    constraints: BoxConstraints | None = None,
    padding: Number | EdgeInsets | None = None,
    margin: Number | EdgeInsets | None = None,
    vertical_offset: Number | None = None,
    prefer_below: Flag | None = None,
    exclude_from_semantics: Flag | None = None,
    decoration: BoxDecoration | None = None,
    text_style: enums.MaterialTextStyle | TextStyle | None = None,
    text_align: enums.TextAlign | None = None,
    wait_duration: Duration | None = None,
    show_duration: Duration | None = None,
    exit_duration: Duration | None = None,
    enable_tap_to_dismiss: Flag | None = None,
    trigger_mode: enums.TooltipTriggerMode | None = None,
    enable_feedback: Flag | None = None,
) -> Widget:
    """Explains its child on a long press."""
    return Widget(
        {
            "message": message,
            "richMessage": rich_message,
            "constraints": constraints,
            "padding": coercion.insets(padding),
            "margin": coercion.insets(margin),
            "verticalOffset": coercion.number(vertical_offset),
            "preferBelow": prefer_below,
            "excludeFromSemantics": exclude_from_semantics,
            "decoration": decoration,
            "textStyle": coercion.style(text_style),
            "textAlign": text_align,
            "waitDuration": wait_duration,
            "showDuration": show_duration,
            "exitDuration": exit_duration,
            "enableTapToDismiss": enable_tap_to_dismiss,
            "triggerMode": trigger_mode,
            "enableFeedback": enable_feedback,
            "child": child,
            "type": "tooltip",
        }
    )
