# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the choice widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Action,
        BorderSide,
        BoxConstraints,
        Color,
        DropdownMenuEntry,
        EdgeInsets,
        Flag,
        InputDecorationTheme,
        InputFormatter,
        MaterialColor,
        Number,
        Offset,
        ShapeBorder,
        TextStyle,
        VisualDensity,
        Whole,
    )


def check_box(
    id: str | None = None,
    *,
    value: Flag | None = None,
    tristate: Flag | None = None,
    on_changed: Action | None = None,
    mouse_cursor: enums.MouseCursor | None = None,
    active_color: Color | None = None,
    fill_color: Color | MaterialColor | None = None,
    check_color: Color | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    overlay_color: Color | MaterialColor | None = None,
    splash_radius: Number | None = None,
    material_tap_target_size: enums.MaterialTapTargetSize | None = None,
    autofocus: Flag | None = None,
    is_error: Flag | None = None,
) -> Widget:
    """A box to tick; with an `id`, its value belongs to the enclosing form.

    When left out: `tristate` false, `autofocus` false, `is_error` false.
    """
    return Widget(
        {
            "id": id,
            "value": value,
            "tristate": tristate,
            "onChanged": on_changed,
            "mouseCursor": mouse_cursor,
            "activeColor": active_color,
            "fillColor": fill_color,
            "checkColor": check_color,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "overlayColor": overlay_color,
            "splashRadius": coercion.number(splash_radius),
            "materialTapTargetSize": material_tap_target_size,
            "autofocus": autofocus,
            "isError": is_error,
            "type": "checkBox",
        }
    )


def chip(
    label: Widget,
    *,
    avatar: Widget | None = None,
    label_style: enums.MaterialTextStyle | TextStyle | None = None,
    label_padding: Number | EdgeInsets | None = None,
    delete_icon: Widget | None = None,
    on_deleted: Action | None = None,
    delete_icon_color: Color | None = None,
    delete_button_tooltip_message: str | None = None,
    side: BorderSide | None = None,
    shape: ShapeBorder | None = None,
    clip_behavior: enums.Clip | None = None,
    autofocus: Flag | None = None,
    color: Color | None = None,
    background_color: Color | None = None,
    padding: Number | EdgeInsets | None = None,
    visual_density: VisualDensity | None = None,
    material_tap_target_size: enums.MaterialTapTargetSize | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    avatar_box_constraints: BoxConstraints | None = None,
    delete_icon_box_constraints: BoxConstraints | None = None,
) -> Widget:
    """A small labelled pill.

    When left out: `clip_behavior` none, `autofocus` false.
    """
    return Widget(
        {
            "avatar": avatar,
            "label": label,
            "labelStyle": coercion.style(label_style),
            "labelPadding": coercion.insets(label_padding),
            "deleteIcon": delete_icon,
            "onDeleted": on_deleted,
            "deleteIconColor": delete_icon_color,
            "deleteButtonTooltipMessage": delete_button_tooltip_message,
            "side": side,
            "shape": shape,
            "clipBehavior": clip_behavior,
            "autofocus": autofocus,
            "color": color,
            "backgroundColor": background_color,
            "padding": coercion.insets(padding),
            "visualDensity": visual_density,
            "materialTapTargetSize": material_tap_target_size,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "avatarBoxConstraints": avatar_box_constraints,
            "deleteIconBoxConstraints": delete_icon_box_constraints,
            "type": "chip",
        }
    )


def dropdown_menu(
    *,
    enabled: Flag | None = None,
    width: Number | None = None,
    menu_height: Number | None = None,
    leading_icon: Widget | None = None,
    trailing_icon: Widget | None = None,
    label: Widget | None = None,
    hint_text: str | None = None,
    helper_text: str | None = None,
    error_text: str | None = None,
    selected_trailing_icon: Widget | None = None,
    enable_filter: Flag | None = None,
    enable_search: Flag | None = None,
    keyboard_type: enums.TextInputType | None = None,
    text_style: enums.MaterialTextStyle | TextStyle | None = None,
    text_align: enums.TextAlign | None = None,
    input_decoration_theme: InputDecorationTheme | None = None,
    input_formatters: Sequence[InputFormatter] | None = None,
    alignment_offset: Offset | None = None,
    expanded_insets: Number | EdgeInsets | None = None,
    request_focus_on_tap: Flag | None = None,
    initial_selection: object | None = None,
    dropdown_menu_entries: Sequence[DropdownMenuEntry] | None = None,
    close_behavior: enums.DropdownMenuCloseBehavior | None = None,
) -> Widget:
    """A text field with a menu of entries.

    When left out: `enabled` true, `text_align` start, `close_behavior` all.
    """
    return Widget(
        {
            "enabled": enabled,
            "width": coercion.number(width),
            "menuHeight": coercion.number(menu_height),
            "leadingIcon": leading_icon,
            "trailingIcon": trailing_icon,
            "label": label,
            "hintText": hint_text,
            "helperText": helper_text,
            "errorText": error_text,
            "selectedTrailingIcon": selected_trailing_icon,
            "enableFilter": enable_filter,
            "enableSearch": enable_search,
            "keyboardType": keyboard_type,
            "textStyle": coercion.style(text_style),
            "textAlign": text_align,
            "inputDecorationTheme": input_decoration_theme,
            "inputFormatters": input_formatters,
            "alignmentOffset": alignment_offset,
            "expandedInsets": coercion.insets(expanded_insets),
            "requestFocusOnTap": request_focus_on_tap,
            "initialSelection": initial_selection,
            "dropdownMenuEntries": dropdown_menu_entries,
            "closeBehavior": close_behavior,
            "type": "dropdownMenu",
        }
    )


def radio(
    *,
    radio_type: enums.RadioType | None = None,
    value: object,
    on_changed: Action | None = None,
    mouse_cursor: enums.MouseCursor | None = None,
    toggleable: Flag | None = None,
    active_color: Color | None = None,
    inactive_color: Color | None = None,
    fill_color: Color | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    overlay_color: Color | None = None,
    splash_radius: Number | None = None,
    material_tap_target_size: enums.MaterialTapTargetSize | None = None,
    visual_density: VisualDensity | None = None,
    autofocus: Flag | None = None,
    use_checkmark_style: Flag | None = None,
    use_cupertino_checkmark_style: Flag | None = None,
    group_id: str | None = None,
    enabled: Flag | None = None,
    background_color: Color | None = None,
    side: BorderSide | None = None,
    inner_radius: Number | None = None,
) -> Widget:
    """One choice of a radio group.

    1.x adds groupId.

    When left out: `radio_type` material, `toggleable` false, `autofocus` false, `use_checkmark_style` false,
    `use_cupertino_checkmark_style` false.
    """
    return Widget(
        {
            "radioType": radio_type,
            "value": value,
            "onChanged": on_changed,
            "mouseCursor": mouse_cursor,
            "toggleable": toggleable,
            "activeColor": active_color,
            "inactiveColor": inactive_color,
            "fillColor": fill_color,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "overlayColor": overlay_color,
            "splashRadius": coercion.number(splash_radius),
            "materialTapTargetSize": material_tap_target_size,
            "visualDensity": visual_density,
            "autofocus": autofocus,
            "useCheckmarkStyle": use_checkmark_style,
            "useCupertinoCheckmarkStyle": use_cupertino_checkmark_style,
            "groupId": group_id,
            "enabled": enabled,
            "backgroundColor": background_color,
            "side": side,
            "innerRadius": coercion.number(inner_radius),
            "type": "radio",
        }
    )


def radio_group(
    child: Widget | None = None,
    *,
    id: str | None = None,
    group_value: object,
    on_changed: Action | None = None,
) -> Widget:
    """The scope in which one of several radios is chosen."""
    return Widget(
        {
            "id": id,
            "groupValue": group_value,
            "child": child,
            "onChanged": on_changed,
            "type": "radioGroup",
        }
    )


def slider(
    label: str | None = None,
    *,
    id: str | None = None,
    slider_type: enums.SliderType | None = None,
    value: Number,
    secondary_track_value: Number | None = None,
    on_changed: Action | None = None,
    on_change_start: Action | None = None,
    on_change_end: Action | None = None,
    min: Number | None = None,
    max: Number | None = None,
    divisions: Whole | None = None,
    active_color: Color | None = None,
    inactive_color: Color | None = None,
    secondary_active_color: Color | None = None,
    thumb_color: Color | None = None,
    overlay_color: Color | None = None,
    mouse_cursor: enums.MouseCursor | None = None,
    autofocus: Flag | None = None,
    allowed_interaction: enums.SliderInteraction | None = None,
) -> Widget:
    """Chooses a number by dragging.

    When left out: `slider_type` material, `min` 0.0, `max` 1.0, `autofocus` false.
    """
    return Widget(
        {
            "id": id,
            "sliderType": slider_type,
            "value": coercion.number(value),
            "secondaryTrackValue": coercion.number(secondary_track_value),
            "onChanged": on_changed,
            "onChangeStart": on_change_start,
            "onChangeEnd": on_change_end,
            "min": coercion.number(min),
            "max": coercion.number(max),
            "divisions": divisions,
            "label": label,
            "activeColor": active_color,
            "inactiveColor": inactive_color,
            "secondaryActiveColor": secondary_active_color,
            "thumbColor": thumb_color,
            "overlayColor": overlay_color,
            "mouseCursor": mouse_cursor,
            "autofocus": autofocus,
            "allowedInteraction": allowed_interaction,
            "type": "slider",
        }
    )


def switch(
    *,
    switch_type: enums.SwitchType | None = None,
    value: Flag | None = None,
    on_changed: Action | None = None,
    autofocus: Flag | None = None,
    active_track_color: Color | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    inactive_thumb_color: Color | None = None,
    inactive_track_color: Color | None = None,
    on_label_color: Color | None = None,
    off_label_color: Color | None = None,
    splash_radius: Number | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    overlay_color: Color | MaterialColor | None = None,
    thumb_color: Color | MaterialColor | None = None,
    track_color: Color | MaterialColor | None = None,
    material_tap_target_size: enums.MaterialTapTargetSize | None = None,
    track_outline_color: Color | MaterialColor | None = None,
    track_outline_width: Number | None = None,
    thumb_icon: Widget | None = None,
    inactive_thumb_image: str | None = None,
    active_thumb_image: str | None = None,
    apply_theme: Flag | None = None,
    apply_cupertino_theme: Flag | None = None,
    active_thumb_color: Color | None = None,
) -> Widget:
    """A flag that is on or off.

    The type string is the bare word switch.

    When left out: `switch_type` material, `value` false, `autofocus` false, `drag_start_behavior` start.
    """
    return Widget(
        {
            "switchType": switch_type,
            "value": value,
            "onChanged": on_changed,
            "autofocus": autofocus,
            "activeTrackColor": active_track_color,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "inactiveThumbColor": inactive_thumb_color,
            "inactiveTrackColor": inactive_track_color,
            "onLabelColor": on_label_color,
            "offLabelColor": off_label_color,
            "splashRadius": coercion.number(splash_radius),
            "dragStartBehavior": drag_start_behavior,
            "overlayColor": overlay_color,
            "thumbColor": thumb_color,
            "trackColor": track_color,
            "materialTapTargetSize": material_tap_target_size,
            "trackOutlineColor": track_outline_color,
            "trackOutlineWidth": coercion.number(track_outline_width),
            "thumbIcon": thumb_icon,
            "inactiveThumbImage": inactive_thumb_image,
            "activeThumbImage": active_thumb_image,
            "applyTheme": apply_theme,
            "applyCupertinoTheme": apply_cupertino_theme,
            "activeThumbColor": active_thumb_color,
            "type": "switch",
        }
    )
