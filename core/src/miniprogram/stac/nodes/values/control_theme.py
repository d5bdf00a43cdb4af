# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the control theme values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        BorderSide,
        BoxConstraints,
        ButtonStyle,
        Color,
        ColorScheme,
        EdgeInsets,
        Flag,
        IconThemeData,
        InputBorder,
        InputDecorationTheme,
        Number,
        ShapeBorder,
        TextStyle,
        VisualDensity,
        Whole,
    )


def button_theme_data(
    *,
    text_theme: enums.ButtonTextTheme | None = None,
    min_width: Number | None = None,
    height: Number | None = None,
    padding: Number | EdgeInsets | None = None,
    shape: ShapeBorder | None = None,
    layout_behavior: enums.ButtonBarLayoutBehavior | None = None,
    aligned_dropdown: Flag | None = None,
    button_color: Color | None = None,
    disabled_color: Color | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    highlight_color: Color | None = None,
    splash_color: Color | None = None,
    color_scheme: ColorScheme | None = None,
    material_tap_target_size: enums.MaterialTapTargetSize | None = None,
) -> kinds.ButtonThemeData:
    """A `buttonThemeData`.

    When left out: `text_theme` normal, `min_width` 88.0, `height` 36.0, `layout_behavior` padded,
    `aligned_dropdown` false.
    """
    return kinds.ButtonThemeData(
        {
            "textTheme": text_theme,
            "minWidth": coercion.number(min_width),
            "height": coercion.number(height),
            "padding": coercion.insets(padding),
            "shape": shape,
            "layoutBehavior": layout_behavior,
            "alignedDropdown": aligned_dropdown,
            "buttonColor": button_color,
            "disabledColor": disabled_color,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "highlightColor": highlight_color,
            "splashColor": splash_color,
            "colorScheme": color_scheme,
            "materialTapTargetSize": material_tap_target_size,
        }
    )


def checkbox_theme_data(
    *,
    mouse_cursor: enums.MouseCursor | None = None,
    fill_color: Color | None = None,
    check_color: Color | None = None,
    overlay_color: Color | None = None,
    splash_radius: Number | None = None,
    material_tap_target_size: enums.MaterialTapTargetSize | None = None,
    visual_density: VisualDensity | None = None,
    shape: ShapeBorder | None = None,
    side: BorderSide | None = None,
) -> kinds.CheckboxThemeData:
    """A `checkboxThemeData`."""
    return kinds.CheckboxThemeData(
        {
            "mouseCursor": mouse_cursor,
            "fillColor": fill_color,
            "checkColor": check_color,
            "overlayColor": overlay_color,
            "splashRadius": coercion.number(splash_radius),
            "materialTapTargetSize": material_tap_target_size,
            "visualDensity": visual_density,
            "shape": shape,
            "side": side,
        }
    )


def chip_theme_data(
    *,
    color: Color | None = None,
    background_color: Color | None = None,
    delete_icon_color: Color | None = None,
    disabled_color: Color | None = None,
    selected_color: Color | None = None,
    secondary_selected_color: Color | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    selected_shadow_color: Color | None = None,
    show_checkmark: Flag | None = None,
    checkmark_color: Color | None = None,
    label_padding: Number | EdgeInsets | None = None,
    padding: Number | EdgeInsets | None = None,
    side: BorderSide | None = None,
    shape: ShapeBorder | None = None,
    label_style: enums.MaterialTextStyle | TextStyle | None = None,
    secondary_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    brightness: enums.Brightness | None = None,
    elevation: Number | None = None,
    press_elevation: Number | None = None,
    icon_theme: IconThemeData | None = None,
    avatar_box_constraints: BoxConstraints | None = None,
    delete_icon_box_constraints: BoxConstraints | None = None,
) -> kinds.ChipThemeData:
    """A `chipThemeData`."""
    return kinds.ChipThemeData(
        {
            "color": color,
            "backgroundColor": background_color,
            "deleteIconColor": delete_icon_color,
            "disabledColor": disabled_color,
            "selectedColor": selected_color,
            "secondarySelectedColor": secondary_selected_color,
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "selectedShadowColor": selected_shadow_color,
            "showCheckmark": show_checkmark,
            "checkmarkColor": checkmark_color,
            "labelPadding": coercion.insets(label_padding),
            "padding": coercion.insets(padding),
            "side": side,
            "shape": shape,
            "labelStyle": coercion.style(label_style),
            "secondaryLabelStyle": coercion.style(secondary_label_style),
            "brightness": brightness,
            "elevation": coercion.number(elevation),
            "pressElevation": coercion.number(press_elevation),
            "iconTheme": icon_theme,
            "avatarBoxConstraints": avatar_box_constraints,
            "deleteIconBoxConstraints": delete_icon_box_constraints,
        }
    )


def date_picker_theme_data(
    *,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    shape: ShapeBorder | None = None,
    header_background_color: Color | None = None,
    header_foreground_color: Color | None = None,
    header_headline_style: enums.MaterialTextStyle | TextStyle | None = None,
    header_help_style: enums.MaterialTextStyle | TextStyle | None = None,
    weekday_style: enums.MaterialTextStyle | TextStyle | None = None,
    day_style: enums.MaterialTextStyle | TextStyle | None = None,
    day_foreground_color: Color | None = None,
    day_background_color: Color | None = None,
    day_overlay_color: Color | None = None,
    day_shape: ShapeBorder | None = None,
    today_foreground_color: Color | None = None,
    today_background_color: Color | None = None,
    today_border: BorderSide | None = None,
    year_style: enums.MaterialTextStyle | TextStyle | None = None,
    year_foreground_color: Color | None = None,
    year_background_color: Color | None = None,
    year_overlay_color: Color | None = None,
    range_picker_background_color: Color | None = None,
    range_picker_elevation: Number | None = None,
    range_picker_shadow_color: Color | None = None,
    range_picker_surface_tint_color: Color | None = None,
    range_picker_shape: ShapeBorder | None = None,
    range_picker_header_background_color: Color | None = None,
    range_picker_header_foreground_color: Color | None = None,
    range_picker_header_headline_style: enums.MaterialTextStyle | TextStyle | None = None,
    range_picker_header_help_style: enums.MaterialTextStyle | TextStyle | None = None,
    range_selection_background_color: Color | None = None,
    range_selection_overlay_color: Color | None = None,
    divider_color: Color | None = None,
    input_decoration_theme: InputDecorationTheme | None = None,
    cancel_button_style: ButtonStyle | None = None,
    confirm_button_style: ButtonStyle | None = None,
) -> kinds.DatePickerThemeData:
    """A `datePickerThemeData`."""
    return kinds.DatePickerThemeData(
        {
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "shape": shape,
            "headerBackgroundColor": header_background_color,
            "headerForegroundColor": header_foreground_color,
            "headerHeadlineStyle": coercion.style(header_headline_style),
            "headerHelpStyle": coercion.style(header_help_style),
            "weekdayStyle": coercion.style(weekday_style),
            "dayStyle": coercion.style(day_style),
            "dayForegroundColor": day_foreground_color,
            "dayBackgroundColor": day_background_color,
            "dayOverlayColor": day_overlay_color,
            "dayShape": day_shape,
            "todayForegroundColor": today_foreground_color,
            "todayBackgroundColor": today_background_color,
            "todayBorder": today_border,
            "yearStyle": coercion.style(year_style),
            "yearForegroundColor": year_foreground_color,
            "yearBackgroundColor": year_background_color,
            "yearOverlayColor": year_overlay_color,
            "rangePickerBackgroundColor": range_picker_background_color,
            "rangePickerElevation": coercion.number(range_picker_elevation),
            "rangePickerShadowColor": range_picker_shadow_color,
            "rangePickerSurfaceTintColor": range_picker_surface_tint_color,
            "rangePickerShape": range_picker_shape,
            "rangePickerHeaderBackgroundColor": range_picker_header_background_color,
            "rangePickerHeaderForegroundColor": range_picker_header_foreground_color,
            "rangePickerHeaderHeadlineStyle": coercion.style(range_picker_header_headline_style),
            "rangePickerHeaderHelpStyle": coercion.style(range_picker_header_help_style),
            "rangeSelectionBackgroundColor": range_selection_background_color,
            "rangeSelectionOverlayColor": range_selection_overlay_color,
            "dividerColor": divider_color,
            "inputDecorationTheme": input_decoration_theme,
            "cancelButtonStyle": cancel_button_style,
            "confirmButtonStyle": confirm_button_style,
        }
    )


def floating_action_button_theme_data(
    *,
    foreground_color: Color | None = None,
    background_color: Color | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    splash_color: Color | None = None,
    elevation: Number | None = None,
    focus_elevation: Number | None = None,
    hover_elevation: Number | None = None,
    disabled_elevation: Number | None = None,
    highlight_elevation: Number | None = None,
    enable_feedback: Flag | None = None,
    icon_size: Number | None = None,
    extended_icon_label_spacing: Number | None = None,
    extended_padding: Number | EdgeInsets | None = None,
    extended_text_style: enums.MaterialTextStyle | TextStyle | None = None,
) -> kinds.FloatingActionButtonThemeData:
    """A `floatingActionButtonThemeData`."""
    return kinds.FloatingActionButtonThemeData(
        {
            "foregroundColor": foreground_color,
            "backgroundColor": background_color,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "splashColor": splash_color,
            "elevation": coercion.number(elevation),
            "focusElevation": coercion.number(focus_elevation),
            "hoverElevation": coercion.number(hover_elevation),
            "disabledElevation": coercion.number(disabled_elevation),
            "highlightElevation": coercion.number(highlight_elevation),
            "enableFeedback": enable_feedback,
            "iconSize": coercion.number(icon_size),
            "extendedIconLabelSpacing": coercion.number(extended_icon_label_spacing),
            "extendedPadding": coercion.insets(extended_padding),
            "extendedTextStyle": coercion.style(extended_text_style),
        }
    )


def input_decoration_theme(
    *,
    label_style: enums.MaterialTextStyle | TextStyle | None = None,
    floating_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    helper_style: enums.MaterialTextStyle | TextStyle | None = None,
    helper_max_lines: Whole | None = None,
    hint_style: enums.MaterialTextStyle | TextStyle | None = None,
    error_style: enums.MaterialTextStyle | TextStyle | None = None,
    error_max_lines: Whole | None = None,
    floating_label_behavior: enums.FloatingLabelBehavior | None = None,
    floating_label_alignment: enums.FloatingLabelAlignment | None = None,
    is_dense: Flag | None = None,
    content_padding: Number | EdgeInsets | None = None,
    is_collapsed: Flag | None = None,
    icon_color: Color | None = None,
    prefix_style: enums.MaterialTextStyle | TextStyle | None = None,
    prefix_icon_color: Color | None = None,
    suffix_style: enums.MaterialTextStyle | TextStyle | None = None,
    suffix_icon_color: Color | None = None,
    counter_style: enums.MaterialTextStyle | TextStyle | None = None,
    filled: Flag | None = None,
    fill_color: Color | None = None,
    active_indicator_border: BorderSide | None = None,
    outline_border: BorderSide | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    error_border: InputBorder | None = None,
    focused_border: InputBorder | None = None,
    focused_error_border: InputBorder | None = None,
    disabled_border: InputBorder | None = None,
    enabled_border: InputBorder | None = None,
    border: InputBorder | None = None,
    align_label_with_hint: Flag | None = None,
    constraints: BoxConstraints | None = None,
) -> kinds.InputDecorationTheme:
    """A `inputDecorationTheme`.

    When left out: `is_dense` false, `is_collapsed` false, `filled` false, `align_label_with_hint` false.
    """
    return kinds.InputDecorationTheme(
        {
            "labelStyle": coercion.style(label_style),
            "floatingLabelStyle": coercion.style(floating_label_style),
            "helperStyle": coercion.style(helper_style),
            "helperMaxLines": helper_max_lines,
            "hintStyle": coercion.style(hint_style),
            "errorStyle": coercion.style(error_style),
            "errorMaxLines": error_max_lines,
            "floatingLabelBehavior": floating_label_behavior,
            "floatingLabelAlignment": floating_label_alignment,
            "isDense": is_dense,
            "contentPadding": coercion.insets(content_padding),
            "isCollapsed": is_collapsed,
            "iconColor": icon_color,
            "prefixStyle": coercion.style(prefix_style),
            "prefixIconColor": prefix_icon_color,
            "suffixStyle": coercion.style(suffix_style),
            "suffixIconColor": suffix_icon_color,
            "counterStyle": coercion.style(counter_style),
            "filled": filled,
            "fillColor": fill_color,
            "activeIndicatorBorder": active_indicator_border,
            "outlineBorder": outline_border,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "errorBorder": error_border,
            "focusedBorder": focused_border,
            "focusedErrorBorder": focused_error_border,
            "disabledBorder": disabled_border,
            "enabledBorder": enabled_border,
            "border": border,
            "alignLabelWithHint": align_label_with_hint,
            "constraints": constraints,
        }
    )


def scrollbar_theme_data(
    *,
    thumb_visibility: Flag | None = None,
    thickness: Number | None = None,
    track_visibility: Flag | None = None,
    radius: Number | None = None,
    thumb_color: Color | None = None,
    track_color: Color | None = None,
    track_border_color: Color | None = None,
    cross_axis_margin: Number | None = None,
    main_axis_margin: Number | None = None,
    min_thumb_length: Number | None = None,
    interactive: Flag | None = None,
) -> kinds.ScrollbarThemeData:
    """A `scrollbarThemeData`."""
    return kinds.ScrollbarThemeData(
        {
            "thumbVisibility": thumb_visibility,
            "thickness": coercion.number(thickness),
            "trackVisibility": track_visibility,
            "radius": coercion.number(radius),
            "thumbColor": thumb_color,
            "trackColor": track_color,
            "trackBorderColor": track_border_color,
            "crossAxisMargin": coercion.number(cross_axis_margin),
            "mainAxisMargin": coercion.number(main_axis_margin),
            "minThumbLength": coercion.number(min_thumb_length),
            "interactive": interactive,
        }
    )
