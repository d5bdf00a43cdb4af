# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the button widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Action,
        Border,
        BorderRadius,
        BoxConstraints,
        ButtonStyle,
        Color,
        Duration,
        EdgeInsets,
        Flag,
        Number,
        TextStyle,
        VisualDensity,
    )


def elevated_button(
    child: Widget | None = None,
    *,
    on_pressed: Action | None = None,
    on_long_press: Action | None = None,
    on_hover: Action | None = None,
    on_focus_change: Action | None = None,
    style: ButtonStyle | None = None,
    autofocus: Flag | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """A raised button.

    When left out: `autofocus` false, `clip_behavior` none.
    """
    return Widget(
        {
            "onPressed": on_pressed,
            "onLongPress": on_long_press,
            "onHover": on_hover,
            "onFocusChange": on_focus_change,
            "style": style,
            "autofocus": autofocus,
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "elevatedButton",
        }
    )


def filled_button(
    child: Widget | None = None,
    *,
    on_pressed: Action | None = None,
    on_long_press: Action | None = None,
    on_hover: Action | None = None,
    on_focus_change: Action | None = None,
    style: ButtonStyle | None = None,
    autofocus: Flag | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """The button for a screen's main action.

    When left out: `autofocus` false, `clip_behavior` none.
    """
    return Widget(
        {
            "onPressed": on_pressed,
            "onLongPress": on_long_press,
            "onHover": on_hover,
            "onFocusChange": on_focus_change,
            "style": style,
            "autofocus": autofocus,
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "filledButton",
        }
    )


def floating_action_button(
    child: Widget | None = None,
    *,
    on_pressed: Action | None = None,
    text_style: enums.MaterialTextStyle | TextStyle | None = None,
    button_type: enums.FloatingActionButtonType | None = None,
    autofocus: Flag | None = None,
    icon: Widget | None = None,
    background_color: Color | None = None,
    foreground_color: Color | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    splash_color: Color | None = None,
    extended_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    elevation: Number | None = None,
    focus_elevation: Number | None = None,
    hover_elevation: Number | None = None,
    disabled_elevation: Number | None = None,
    highlight_elevation: Number | None = None,
    extended_icon_label_spacing: Number | None = None,
    enable_feedback: Flag | None = None,
    tooltip: str | None = None,
    hero_tag: object | None = None,
) -> Widget:
    """The round button that floats above a scaffold's body.

    When left out: `button_type` small, `autofocus` false.
    """
    return Widget(
        {
            "onPressed": on_pressed,
            "textStyle": coercion.style(text_style),
            "buttonType": button_type,
            "autofocus": autofocus,
            "icon": icon,
            "backgroundColor": background_color,
            "foregroundColor": foreground_color,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "splashColor": splash_color,
            "extendedTextStyle": coercion.style(extended_text_style),
            "elevation": coercion.number(elevation),
            "focusElevation": coercion.number(focus_elevation),
            "hoverElevation": coercion.number(hover_elevation),
            "disabledElevation": coercion.number(disabled_elevation),
            "highlightElevation": coercion.number(highlight_elevation),
            "extendedIconLabelSpacing": coercion.number(extended_icon_label_spacing),
            "enableFeedback": enable_feedback,
            "tooltip": tooltip,
            "heroTag": hero_tag,
            "child": child,
            "type": "floatingActionButton",
        }
    )


def gesture_detector(
    child: Widget | None = None,
    *,
    on_tap_down: Action | None = None,
    on_tap_up: Action | None = None,
    on_tap: Action | None = None,
    on_tap_cancel: Action | None = None,
    on_secondary_tap: Action | None = None,
    on_secondary_tap_down: Action | None = None,
    on_secondary_tap_up: Action | None = None,
    on_secondary_tap_cancel: Action | None = None,
    on_tertiary_tap_down: Action | None = None,
    on_tertiary_tap_up: Action | None = None,
    on_tertiary_tap_cancel: Action | None = None,
    on_double_tap_down: Action | None = None,
    on_double_tap: Action | None = None,
    on_double_tap_cancel: Action | None = None,
    on_long_press_down: Action | None = None,
    on_long_press_cancel: Action | None = None,
    on_long_press: Action | None = None,
    on_long_press_start: Action | None = None,
    on_long_press_move_update: Action | None = None,
    on_long_press_up: Action | None = None,
    on_long_press_end: Action | None = None,
    on_secondary_long_press_down: Action | None = None,
    on_secondary_long_press_cancel: Action | None = None,
    on_secondary_long_press: Action | None = None,
    on_secondary_long_press_start: Action | None = None,
    on_secondary_long_press_move_update: Action | None = None,
    on_secondary_long_press_up: Action | None = None,
    on_secondary_long_press_end: Action | None = None,
    on_tertiary_long_press_down: Action | None = None,
    on_tertiary_long_press_cancel: Action | None = None,
    on_tertiary_long_press: Action | None = None,
    on_tertiary_long_press_start: Action | None = None,
    on_tertiary_long_press_move_update: Action | None = None,
    on_tertiary_long_press_up: Action | None = None,
    on_tertiary_long_press_end: Action | None = None,
    on_vertical_drag_down: Action | None = None,
    on_vertical_drag_start: Action | None = None,
    on_vertical_drag_update: Action | None = None,
    on_vertical_drag_end: Action | None = None,
    on_vertical_drag_cancel: Action | None = None,
    on_horizontal_drag_down: Action | None = None,
    on_horizontal_drag_start: Action | None = None,
    on_horizontal_drag_update: Action | None = None,
    on_horizontal_drag_end: Action | None = None,
    on_horizontal_drag_cancel: Action | None = None,
    on_force_press_start: Action | None = None,
    on_force_press_peak: Action | None = None,
    on_force_press_update: Action | None = None,
    on_force_press_end: Action | None = None,
    exclude_from_semantics: Flag | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    on_pan_down: Action | None = None,
    on_pan_start: Action | None = None,
    on_pan_update: Action | None = None,
    on_pan_end: Action | None = None,
    on_pan_cancel: Action | None = None,
    on_scale_start: Action | None = None,
    on_scale_update: Action | None = None,
    on_scale_end: Action | None = None,
    behavior: enums.HitTestBehavior | None = None,
) -> Widget:
    """Runs actions on taps, drags and presses.

    When left out: `exclude_from_semantics` false, `drag_start_behavior` start.
    """
    return Widget(
        {
            "child": child,
            "onTapDown": on_tap_down,
            "onTapUp": on_tap_up,
            "onTap": on_tap,
            "onTapCancel": on_tap_cancel,
            "onSecondaryTap": on_secondary_tap,
            "onSecondaryTapDown": on_secondary_tap_down,
            "onSecondaryTapUp": on_secondary_tap_up,
            "onSecondaryTapCancel": on_secondary_tap_cancel,
            "onTertiaryTapDown": on_tertiary_tap_down,
            "onTertiaryTapUp": on_tertiary_tap_up,
            "onTertiaryTapCancel": on_tertiary_tap_cancel,
            "onDoubleTapDown": on_double_tap_down,
            "onDoubleTap": on_double_tap,
            "onDoubleTapCancel": on_double_tap_cancel,
            "onLongPressDown": on_long_press_down,
            "onLongPressCancel": on_long_press_cancel,
            "onLongPress": on_long_press,
            "onLongPressStart": on_long_press_start,
            "onLongPressMoveUpdate": on_long_press_move_update,
            "onLongPressUp": on_long_press_up,
            "onLongPressEnd": on_long_press_end,
            "onSecondaryLongPressDown": on_secondary_long_press_down,
            "onSecondaryLongPressCancel": on_secondary_long_press_cancel,
            "onSecondaryLongPress": on_secondary_long_press,
            "onSecondaryLongPressStart": on_secondary_long_press_start,
            "onSecondaryLongPressMoveUpdate": on_secondary_long_press_move_update,
            "onSecondaryLongPressUp": on_secondary_long_press_up,
            "onSecondaryLongPressEnd": on_secondary_long_press_end,
            "onTertiaryLongPressDown": on_tertiary_long_press_down,
            "onTertiaryLongPressCancel": on_tertiary_long_press_cancel,
            "onTertiaryLongPress": on_tertiary_long_press,
            "onTertiaryLongPressStart": on_tertiary_long_press_start,
            "onTertiaryLongPressMoveUpdate": on_tertiary_long_press_move_update,
            "onTertiaryLongPressUp": on_tertiary_long_press_up,
            "onTertiaryLongPressEnd": on_tertiary_long_press_end,
            "onVerticalDragDown": on_vertical_drag_down,
            "onVerticalDragStart": on_vertical_drag_start,
            "onVerticalDragUpdate": on_vertical_drag_update,
            "onVerticalDragEnd": on_vertical_drag_end,
            "onVerticalDragCancel": on_vertical_drag_cancel,
            "onHorizontalDragDown": on_horizontal_drag_down,
            "onHorizontalDragStart": on_horizontal_drag_start,
            "onHorizontalDragUpdate": on_horizontal_drag_update,
            "onHorizontalDragEnd": on_horizontal_drag_end,
            "onHorizontalDragCancel": on_horizontal_drag_cancel,
            "onForcePressStart": on_force_press_start,
            "onForcePressPeak": on_force_press_peak,
            "onForcePressUpdate": on_force_press_update,
            "onForcePressEnd": on_force_press_end,
            "excludeFromSemantics": exclude_from_semantics,
            "dragStartBehavior": drag_start_behavior,
            "onPanDown": on_pan_down,
            "onPanStart": on_pan_start,
            "onPanUpdate": on_pan_update,
            "onPanEnd": on_pan_end,
            "onPanCancel": on_pan_cancel,
            "onScaleStart": on_scale_start,
            "onScaleUpdate": on_scale_update,
            "onScaleEnd": on_scale_end,
            "behavior": behavior,
            "type": "gestureDetector",
        }
    )


def icon_button(
    icon: Widget | None = None,
    *,
    icon_size: Number | None = None,
    padding: Number | EdgeInsets | None = None,
    alignment: enums.Alignment | None = None,
    splash_radius: Number | None = None,
    color: Color | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    highlight_color: Color | None = None,
    splash_color: Color | None = None,
    disabled_color: Color | None = None,
    on_pressed: Action | None = None,
    autofocus: Flag | None = None,
    tooltip: str | None = None,
    enable_feedback: Flag | None = None,
    constraints: BoxConstraints | None = None,
    style: ButtonStyle | None = None,
    is_selected: Flag | None = None,
    selected_icon: Widget | None = None,
    visual_density: VisualDensity | None = None,
    on_hover: Action | None = None,
    on_long_press: Action | None = None,
    mouse_cursor: enums.MouseCursor | None = None,
) -> Widget:
    """A button that is an icon.

    Slot is icon since 0.9 (older files use child).

    When left out: `autofocus` false.
    """
    return Widget(
        {
            "iconSize": coercion.number(icon_size),
            "padding": coercion.insets(padding),
            "alignment": alignment,
            "splashRadius": coercion.number(splash_radius),
            "color": color,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "highlightColor": highlight_color,
            "splashColor": splash_color,
            "disabledColor": disabled_color,
            "onPressed": on_pressed,
            "autofocus": autofocus,
            "tooltip": tooltip,
            "enableFeedback": enable_feedback,
            "constraints": constraints,
            "style": style,
            "isSelected": is_selected,
            "selectedIcon": selected_icon,
            "icon": icon,
            "visualDensity": visual_density,
            "onHover": on_hover,
            "onLongPress": on_long_press,
            "mouseCursor": mouse_cursor,
            "type": "iconButton",
        }
    )


def ink_well(
    child: Widget | None = None,
    *,
    on_tap: Action | None = None,
    on_double_tap: Action | None = None,
    on_long_press: Action | None = None,
    on_tap_down: Action | None = None,
    on_tap_up: Action | None = None,
    on_tap_cancel: Action | None = None,
    on_secondary_tap: Action | None = None,
    on_secondary_tap_up: Action | None = None,
    on_secondary_tap_down: Action | None = None,
    on_secondary_tap_cancel: Action | None = None,
    on_highlight_changed: Action | None = None,
    on_hover: Action | None = None,
    mouse_cursor: enums.MouseCursor | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    highlight_color: Color | None = None,
    overlay_color: Color | None = None,
    splash_color: Color | None = None,
    radius: Number | None = None,
    border_radius: Number | BorderRadius | None = None,
    custom_border: Border | None = None,
    enable_feedback: Flag | None = None,
    exclude_from_semantics: Flag | None = None,
    can_request_focus: Flag | None = None,
    on_focus_change: Action | None = None,
    autofocus: Flag | None = None,
    hover_duration: Duration | None = None,
) -> Widget:
    """An area that answers taps with a ripple.

    When left out: `enable_feedback` true, `exclude_from_semantics` false, `can_request_focus` true,
    `autofocus` false.
    """
    return Widget(
        {
            "child": child,
            "onTap": on_tap,
            "onDoubleTap": on_double_tap,
            "onLongPress": on_long_press,
            "onTapDown": on_tap_down,
            "onTapUp": on_tap_up,
            "onTapCancel": on_tap_cancel,
            "onSecondaryTap": on_secondary_tap,
            "onSecondaryTapUp": on_secondary_tap_up,
            "onSecondaryTapDown": on_secondary_tap_down,
            "onSecondaryTapCancel": on_secondary_tap_cancel,
            "onHighlightChanged": on_highlight_changed,
            "onHover": on_hover,
            "mouseCursor": mouse_cursor,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "highlightColor": highlight_color,
            "overlayColor": overlay_color,
            "splashColor": splash_color,
            "radius": coercion.number(radius),
            "borderRadius": coercion.corners(border_radius),
            "customBorder": custom_border,
            "enableFeedback": enable_feedback,
            "excludeFromSemantics": exclude_from_semantics,
            "canRequestFocus": can_request_focus,
            "onFocusChange": on_focus_change,
            "autofocus": autofocus,
            "hoverDuration": hover_duration,
            "type": "inkWell",
        }
    )


def outlined_button(
    child: Widget | None = None,
    *,
    on_pressed: Action | None = None,
    on_long_press: Action | None = None,
    on_hover: Action | None = None,
    on_focus_change: Action | None = None,
    style: ButtonStyle | None = None,
    autofocus: Flag | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """A button with a border and no fill.

    When left out: `autofocus` false, `clip_behavior` none.
    """
    return Widget(
        {
            "onPressed": on_pressed,
            "onLongPress": on_long_press,
            "onHover": on_hover,
            "onFocusChange": on_focus_change,
            "style": style,
            "autofocus": autofocus,
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "outlinedButton",
        }
    )


def text_button(
    child: Widget | None = None,
    *,
    on_pressed: Action | None = None,
    on_long_press: Action | None = None,
    on_hover: Action | None = None,
    on_focus_change: Action | None = None,
    style: ButtonStyle | None = None,
    autofocus: Flag | None = None,
    clip_behavior: enums.Clip | None = None,
    is_semantic_button: Flag | None = None,
) -> Widget:
    """A button without border or fill.

    When left out: `autofocus` false, `clip_behavior` none, `is_semantic_button` true.
    """
    return Widget(
        {
            "onPressed": on_pressed,
            "onLongPress": on_long_press,
            "onHover": on_hover,
            "onFocusChange": on_focus_change,
            "style": style,
            "autofocus": autofocus,
            "clipBehavior": clip_behavior,
            "isSemanticButton": is_semantic_button,
            "child": child,
            "type": "textButton",
        }
    )
