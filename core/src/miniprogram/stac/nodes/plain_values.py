# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the property values that have parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Action,
        AlignmentPoint,
        AppBarTheme,
        BadgeThemeData,
        Border,
        BorderRadius,
        BorderSide,
        BottomAppBarTheme,
        BottomNavigationBarThemeData,
        BottomSheetThemeData,
        BoxConstraints,
        BoxDecoration,
        BoxShadow,
        ButtonStyle,
        ButtonThemeData,
        CardThemeData,
        CheckboxThemeData,
        ChipThemeData,
        Color,
        ColorScheme,
        DatePickerThemeData,
        DecorationImage,
        DialogTheme,
        DividerThemeData,
        DrawerThemeData,
        Duration,
        EdgeInsets,
        Flag,
        FloatingActionButtonThemeData,
        Gradient,
        IconThemeData,
        ImageFilter,
        InputBorder,
        InputDecorationTheme,
        ListTileThemeData,
        MaterialBannerThemeData,
        MaterialColor,
        NavigationBarThemeData,
        NavigationDrawerThemeData,
        Number,
        Offset,
        Rect,
        ScrollbarThemeData,
        Shadow,
        ShapeBorder,
        Size,
        SnackBarThemeData,
        SystemUiOverlayStyle,
        TabBarThemeData,
        TextStyle,
        TextTheme,
        VisualDensity,
        Whole,
        Widget,
    )


def text_span(
    *,
    text: str | None = None,
    style: enums.MaterialTextStyle | TextStyle | None = None,
    on_tap: Action | None = None,
) -> kinds.TextSpan:
    """A `textSpan`."""
    return kinds.TextSpan(
        {
            "text": text,
            "style": coercion.style(style),
            "onTap": on_tap,
        }
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


def box_constraints(
    *,
    min_width: Number | None = None,
    max_width: Number | None = None,
    min_height: Number | None = None,
    max_height: Number | None = None,
) -> kinds.BoxConstraints:
    """A `boxConstraints`."""
    return kinds.BoxConstraints(
        {
            "minWidth": coercion.number(min_width),
            "maxWidth": coercion.number(max_width),
            "minHeight": coercion.number(min_height),
            "maxHeight": coercion.number(max_height),
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


def network_result(
    status_code: Whole,
    action: Action,
) -> kinds.NetworkResult:
    """A `networkResult`."""
    return kinds.NetworkResult(
        {
            "statusCode": status_code,
            "action": action,
        }
    )


def duration(
    *,
    days: Whole | None = None,
    hours: Whole | None = None,
    minutes: Whole | None = None,
    seconds: Whole | None = None,
    milliseconds: Whole | None = None,
    microseconds: Whole | None = None,
) -> kinds.Duration:
    """A `duration`.

    Plain milliseconds numbers are not accepted.

    When left out: `days` 0, `hours` 0, `minutes` 0, `seconds` 0, `milliseconds` 0, `microseconds` 0.
    """
    return kinds.Duration(
        {
            "days": days,
            "hours": hours,
            "minutes": minutes,
            "seconds": seconds,
            "milliseconds": milliseconds,
            "microseconds": microseconds,
        }
    )


def offset(
    dx: Number,
    dy: Number,
) -> kinds.Offset:
    """A `offset`.

    Keys are dx and dy; {x, y} in some published snippets is wrong.
    """
    return kinds.Offset(
        {
            "dx": coercion.number(dx),
            "dy": coercion.number(dy),
        }
    )


def table_column_width(
    *,
    type: enums.TableColumnWidthType | None = None,
    value: Number | None = None,
) -> kinds.TableColumnWidth:
    """A `tableColumnWidth`.

    When left out: `type` flexColumnWidth.
    """
    return kinds.TableColumnWidth(
        {
            "type": type,
            "value": coercion.number(value),
        }
    )


def navigation_destination(
    *,
    icon: Widget,
    label: str,
    selected_icon: Widget | None = None,
    tooltip: str | None = None,
    enabled: Flag | None = None,
) -> kinds.NavigationDestination:
    """A `navigationDestination`."""
    return kinds.NavigationDestination(
        {
            "icon": icon,
            "label": label,
            "selectedIcon": selected_icon,
            "tooltip": tooltip,
            "enabled": enabled,
        }
    )


def button_style(
    *,
    foreground_color: Color | None = None,
    background_color: Color | None = None,
    disabled_foreground_color: Color | None = None,
    disabled_background_color: Color | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    icon_color: Color | None = None,
    icon_size: Number | None = None,
    icon_alignment: enums.IconAlignment | None = None,
    disabled_icon_color: Color | None = None,
    overlay_color: Color | None = None,
    elevation: Number | None = None,
    text_style: enums.MaterialTextStyle | TextStyle | None = None,
    padding: Number | EdgeInsets | None = None,
    minimum_size: Size | None = None,
    fixed_size: Size | None = None,
    maximum_size: Size | None = None,
    side: BorderSide | None = None,
    shape: ShapeBorder | None = None,
    enabled_mouse_cursor: enums.MouseCursor | None = None,
    disabled_mouse_cursor: enums.MouseCursor | None = None,
    visual_density: VisualDensity | None = None,
    tap_target_size: enums.MaterialTapTargetSize | None = None,
    animation_duration: Duration | None = None,
    enable_feedback: Flag | None = None,
    alignment: enums.Alignment | AlignmentPoint | None = None,
) -> kinds.ButtonStyle:
    """A `buttonStyle`."""
    return kinds.ButtonStyle(
        {
            "foregroundColor": foreground_color,
            "backgroundColor": background_color,
            "disabledForegroundColor": disabled_foreground_color,
            "disabledBackgroundColor": disabled_background_color,
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "iconColor": icon_color,
            "iconSize": coercion.number(icon_size),
            "iconAlignment": icon_alignment,
            "disabledIconColor": disabled_icon_color,
            "overlayColor": overlay_color,
            "elevation": coercion.number(elevation),
            "textStyle": coercion.style(text_style),
            "padding": coercion.insets(padding),
            "minimumSize": minimum_size,
            "fixedSize": fixed_size,
            "maximumSize": maximum_size,
            "side": side,
            "shape": shape,
            "enabledMouseCursor": enabled_mouse_cursor,
            "disabledMouseCursor": disabled_mouse_cursor,
            "visualDensity": visual_density,
            "tapTargetSize": tap_target_size,
            "animationDuration": animation_duration,
            "enableFeedback": enable_feedback,
            "alignment": alignment,
        }
    )


def app_bar_theme(
    *,
    color: Color | None = None,
    background_color: Color | None = None,
    foreground_color: Color | None = None,
    elevation: Number | None = None,
    scrolled_under_elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    shape: ShapeBorder | None = None,
    icon_theme: IconThemeData | None = None,
    actions_icon_theme: IconThemeData | None = None,
    center_title: Flag | None = None,
    title_spacing: Number | None = None,
    toolbar_height: Number | None = None,
    toolbar_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    title_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    system_overlay_style: SystemUiOverlayStyle | None = None,
    actions_padding: Number | EdgeInsets | None = None,
) -> kinds.AppBarTheme:
    """A `appBarTheme`."""
    return kinds.AppBarTheme(
        {
            "color": color,
            "backgroundColor": background_color,
            "foregroundColor": foreground_color,
            "elevation": coercion.number(elevation),
            "scrolledUnderElevation": coercion.number(scrolled_under_elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "shape": shape,
            "iconTheme": icon_theme,
            "actionsIconTheme": actions_icon_theme,
            "centerTitle": center_title,
            "titleSpacing": coercion.number(title_spacing),
            "toolbarHeight": coercion.number(toolbar_height),
            "toolbarTextStyle": coercion.style(toolbar_text_style),
            "titleTextStyle": coercion.style(title_text_style),
            "systemOverlayStyle": system_overlay_style,
            "actionsPadding": coercion.insets(actions_padding),
        }
    )


def badge_theme_data(
    *,
    background_color: Color | None = None,
    text_color: Color | None = None,
    small_size: Number | None = None,
    large_size: Number | None = None,
    text_style: enums.MaterialTextStyle | TextStyle | None = None,
    padding: Number | EdgeInsets | None = None,
    alignment: enums.Alignment | AlignmentPoint | None = None,
    offset: Offset | None = None,
) -> kinds.BadgeThemeData:
    """A `badgeThemeData`."""
    return kinds.BadgeThemeData(
        {
            "backgroundColor": background_color,
            "textColor": text_color,
            "smallSize": coercion.number(small_size),
            "largeSize": coercion.number(large_size),
            "textStyle": coercion.style(text_style),
            "padding": coercion.insets(padding),
            "alignment": alignment,
            "offset": offset,
        }
    )


def bottom_app_bar_theme(
    *,
    color: Color | None = None,
    elevation: Number | None = None,
    height: Number | None = None,
    surface_tint_color: Color | None = None,
    shadow_color: Color | None = None,
    padding: Number | EdgeInsets | None = None,
) -> kinds.BottomAppBarTheme:
    """A `bottomAppBarTheme`."""
    return kinds.BottomAppBarTheme(
        {
            "color": color,
            "elevation": coercion.number(elevation),
            "height": coercion.number(height),
            "surfaceTintColor": surface_tint_color,
            "shadowColor": shadow_color,
            "padding": coercion.insets(padding),
        }
    )


def bottom_navigation_bar_item(
    *,
    icon: Widget,
    label: str,
    active_icon: Widget | None = None,
    background_color: Color | None = None,
    tooltip: str | None = None,
) -> kinds.BottomNavigationBarItem:
    """A `bottomNavigationBarItem`."""
    return kinds.BottomNavigationBarItem(
        {
            "icon": icon,
            "label": label,
            "activeIcon": active_icon,
            "backgroundColor": background_color,
            "tooltip": tooltip,
        }
    )


def bottom_navigation_bar_theme_data(
    *,
    background_color: Color | None = None,
    elevation: Number | None = None,
    selected_icon_theme: IconThemeData | None = None,
    unselected_icon_theme: IconThemeData | None = None,
    selected_item_color: Color | None = None,
    unselected_item_color: Color | None = None,
    selected_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    unselected_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    show_selected_labels: Flag | None = None,
    show_unselected_labels: Flag | None = None,
    type: enums.BottomNavigationBarType | None = None,
    enable_feedback: Flag | None = None,
    landscape_layout: enums.BottomNavigationBarLandscapeLayout | None = None,
) -> kinds.BottomNavigationBarThemeData:
    """A `bottomNavigationBarThemeData`."""
    return kinds.BottomNavigationBarThemeData(
        {
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "selectedIconTheme": selected_icon_theme,
            "unselectedIconTheme": unselected_icon_theme,
            "selectedItemColor": selected_item_color,
            "unselectedItemColor": unselected_item_color,
            "selectedLabelStyle": coercion.style(selected_label_style),
            "unselectedLabelStyle": coercion.style(unselected_label_style),
            "showSelectedLabels": show_selected_labels,
            "showUnselectedLabels": show_unselected_labels,
            "type": type,
            "enableFeedback": enable_feedback,
            "landscapeLayout": landscape_layout,
        }
    )


def bottom_sheet_theme_data(
    *,
    background_color: Color | None = None,
    surface_tint_color: Color | None = None,
    elevation: Number | None = None,
    modal_background_color: Color | None = None,
    modal_barrier_color: Color | None = None,
    shadow_color: Color | None = None,
    modal_elevation: Number | None = None,
    shape: Border | None = None,
    show_drag_handle: Flag | None = None,
    drag_handle_color: Color | None = None,
    drag_handle_size: Size | None = None,
    clip_behavior: enums.Clip | None = None,
    constraints: BoxConstraints | None = None,
) -> kinds.BottomSheetThemeData:
    """A `bottomSheetThemeData`."""
    return kinds.BottomSheetThemeData(
        {
            "backgroundColor": background_color,
            "surfaceTintColor": surface_tint_color,
            "elevation": coercion.number(elevation),
            "modalBackgroundColor": modal_background_color,
            "modalBarrierColor": modal_barrier_color,
            "shadowColor": shadow_color,
            "modalElevation": coercion.number(modal_elevation),
            "shape": shape,
            "showDragHandle": show_drag_handle,
            "dragHandleColor": drag_handle_color,
            "dragHandleSize": drag_handle_size,
            "clipBehavior": clip_behavior,
            "constraints": constraints,
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


def card_theme_data(
    *,
    clip_behavior: enums.Clip | None = None,
    color: Color | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    elevation: Number | None = None,
    margin: Number | EdgeInsets | None = None,
    shape: Border | None = None,
) -> kinds.CardThemeData:
    """A `cardThemeData`."""
    return kinds.CardThemeData(
        {
            "clipBehavior": clip_behavior,
            "color": color,
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "elevation": coercion.number(elevation),
            "margin": coercion.insets(margin),
            "shape": shape,
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


def color_scheme(
    *,
    brightness: enums.Brightness,
    primary: Color,
    on_primary: Color,
    primary_container: Color | None = None,
    on_primary_container: Color | None = None,
    primary_fixed: Color | None = None,
    primary_fixed_dim: Color | None = None,
    on_primary_fixed: Color | None = None,
    on_primary_fixed_variant: Color | None = None,
    secondary: Color,
    on_secondary: Color,
    secondary_container: Color | None = None,
    on_secondary_container: Color | None = None,
    secondary_fixed: Color | None = None,
    secondary_fixed_dim: Color | None = None,
    on_secondary_fixed: Color | None = None,
    on_secondary_fixed_variant: Color | None = None,
    tertiary: Color | None = None,
    on_tertiary: Color | None = None,
    tertiary_container: Color | None = None,
    on_tertiary_container: Color | None = None,
    tertiary_fixed: Color | None = None,
    tertiary_fixed_dim: Color | None = None,
    on_tertiary_fixed: Color | None = None,
    on_tertiary_fixed_variant: Color | None = None,
    error: Color,
    on_error: Color,
    error_container: Color | None = None,
    on_error_container: Color | None = None,
    surface: Color,
    on_surface: Color,
    surface_dim: Color | None = None,
    surface_bright: Color | None = None,
    surface_container_lowest: Color | None = None,
    surface_container_low: Color | None = None,
    surface_container: Color | None = None,
    surface_container_high: Color | None = None,
    surface_container_highest: Color | None = None,
    on_surface_variant: Color | None = None,
    outline: Color | None = None,
    outline_variant: Color | None = None,
    shadow: Color | None = None,
    scrim: Color | None = None,
    inverse_surface: Color | None = None,
    on_inverse_surface: Color | None = None,
    inverse_primary: Color | None = None,
    surface_tint: Color | None = None,
) -> kinds.ColorScheme:
    """A `colorScheme`."""
    return kinds.ColorScheme(
        {
            "brightness": brightness,
            "primary": primary,
            "onPrimary": on_primary,
            "primaryContainer": primary_container,
            "onPrimaryContainer": on_primary_container,
            "primaryFixed": primary_fixed,
            "primaryFixedDim": primary_fixed_dim,
            "onPrimaryFixed": on_primary_fixed,
            "onPrimaryFixedVariant": on_primary_fixed_variant,
            "secondary": secondary,
            "onSecondary": on_secondary,
            "secondaryContainer": secondary_container,
            "onSecondaryContainer": on_secondary_container,
            "secondaryFixed": secondary_fixed,
            "secondaryFixedDim": secondary_fixed_dim,
            "onSecondaryFixed": on_secondary_fixed,
            "onSecondaryFixedVariant": on_secondary_fixed_variant,
            "tertiary": tertiary,
            "onTertiary": on_tertiary,
            "tertiaryContainer": tertiary_container,
            "onTertiaryContainer": on_tertiary_container,
            "tertiaryFixed": tertiary_fixed,
            "tertiaryFixedDim": tertiary_fixed_dim,
            "onTertiaryFixed": on_tertiary_fixed,
            "onTertiaryFixedVariant": on_tertiary_fixed_variant,
            "error": error,
            "onError": on_error,
            "errorContainer": error_container,
            "onErrorContainer": on_error_container,
            "surface": surface,
            "onSurface": on_surface,
            "surfaceDim": surface_dim,
            "surfaceBright": surface_bright,
            "surfaceContainerLowest": surface_container_lowest,
            "surfaceContainerLow": surface_container_low,
            "surfaceContainer": surface_container,
            "surfaceContainerHigh": surface_container_high,
            "surfaceContainerHighest": surface_container_highest,
            "onSurfaceVariant": on_surface_variant,
            "outline": outline,
            "outlineVariant": outline_variant,
            "shadow": shadow,
            "scrim": scrim,
            "inverseSurface": inverse_surface,
            "onInverseSurface": on_inverse_surface,
            "inversePrimary": inverse_primary,
            "surfaceTint": surface_tint,
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


def dialog_theme(
    *,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    shape: Border | None = None,
    alignment: enums.Alignment | AlignmentPoint | None = None,
    title_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    content_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    actions_padding: Number | EdgeInsets | None = None,
    icon_color: Color | None = None,
) -> kinds.DialogTheme:
    """A `dialogTheme`."""
    return kinds.DialogTheme(
        {
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "shape": shape,
            "alignment": alignment,
            "titleTextStyle": coercion.style(title_text_style),
            "contentTextStyle": coercion.style(content_text_style),
            "actionsPadding": coercion.insets(actions_padding),
            "iconColor": icon_color,
        }
    )


def divider_theme_data(
    *,
    color: Color | None = None,
    space: Number | None = None,
    thickness: Number | None = None,
    indent: Number | None = None,
    end_indent: Number | None = None,
) -> kinds.DividerThemeData:
    """A `dividerThemeData`."""
    return kinds.DividerThemeData(
        {
            "color": color,
            "space": coercion.number(space),
            "thickness": coercion.number(thickness),
            "indent": coercion.number(indent),
            "endIndent": coercion.number(end_indent),
        }
    )


def drawer_theme_data(
    *,
    background_color: Color | None = None,
    scrim_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    shape: ShapeBorder | None = None,
    end_shape: ShapeBorder | None = None,
    width: Number | None = None,
    clip_behavior: enums.Clip | None = None,
) -> kinds.DrawerThemeData:
    """A `drawerThemeData`."""
    return kinds.DrawerThemeData(
        {
            "backgroundColor": background_color,
            "scrimColor": scrim_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "shape": shape,
            "endShape": end_shape,
            "width": coercion.number(width),
            "clipBehavior": clip_behavior,
        }
    )


def dropdown_menu_entry(
    *,
    value: object | None = None,
    label: str | None = None,
    label_widget: Widget | None = None,
    leading_icon: Widget | None = None,
    trailing_icon: Mapping[str, object] | None = None,
    enabled: Flag | None = None,
    style: ButtonStyle | None = None,
) -> kinds.DropdownMenuEntry:
    """A `dropdownMenuEntry`.

    When left out: `enabled` true.
    """
    return kinds.DropdownMenuEntry(
        {
            "value": value,
            "label": label,
            "labelWidget": label_widget,
            "leadingIcon": leading_icon,
            "trailingIcon": trailing_icon,
            "enabled": enabled,
            "style": style,
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


def icon_theme_data(
    *,
    size: Number | None = None,
    fill: Number | None = None,
    weight: Number | None = None,
    grade: Number | None = None,
    optical_size: Number | None = None,
    color: Color | None = None,
    opacity: Number | None = None,
    shadows: Sequence[Shadow] | None = None,
) -> kinds.IconThemeData:
    """A `iconThemeData`."""
    return kinds.IconThemeData(
        {
            "size": coercion.number(size),
            "fill": coercion.number(fill),
            "weight": coercion.number(weight),
            "grade": coercion.number(grade),
            "opticalSize": coercion.number(optical_size),
            "color": color,
            "opacity": coercion.number(opacity),
            "shadows": shadows,
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


def list_tile_theme_data(
    *,
    dense: Flag | None = None,
    shape: Border | None = None,
    style: enums.ListTileStyle | None = None,
    selected_color: Color | None = None,
    icon_color: Color | None = None,
    text_color: Color | None = None,
    title_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    subtitle_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    leading_and_trailing_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    content_padding: Number | EdgeInsets | None = None,
    tile_color: Color | None = None,
    selected_tile_color: Color | None = None,
    horizontal_title_gap: Number | None = None,
    min_vertical_padding: Number | None = None,
    min_leading_width: Number | None = None,
    enable_feedback: Flag | None = None,
    visual_density: VisualDensity | None = None,
    title_alignment: enums.ListTileTitleAlignment | None = None,
    shadows: Sequence[Shadow] | None = None,
) -> kinds.ListTileThemeData:
    """A `listTileThemeData`."""
    return kinds.ListTileThemeData(
        {
            "dense": dense,
            "shape": shape,
            "style": style,
            "selectedColor": selected_color,
            "iconColor": icon_color,
            "textColor": text_color,
            "titleTextStyle": coercion.style(title_text_style),
            "subtitleTextStyle": coercion.style(subtitle_text_style),
            "leadingAndTrailingTextStyle": coercion.style(leading_and_trailing_text_style),
            "contentPadding": coercion.insets(content_padding),
            "tileColor": tile_color,
            "selectedTileColor": selected_tile_color,
            "horizontalTitleGap": coercion.number(horizontal_title_gap),
            "minVerticalPadding": coercion.number(min_vertical_padding),
            "minLeadingWidth": coercion.number(min_leading_width),
            "enableFeedback": enable_feedback,
            "visualDensity": visual_density,
            "titleAlignment": title_alignment,
            "shadows": shadows,
        }
    )


def material_banner_theme_data(
    *,
    background_color: Color | None = None,
    surface_tint_color: Color | None = None,
    shadow_color: Color | None = None,
    divider_color: Color | None = None,
    content_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    elevation: Number | None = None,
    padding: Number | EdgeInsets | None = None,
    leading_padding: Number | EdgeInsets | None = None,
) -> kinds.MaterialBannerThemeData:
    """A `materialBannerThemeData`."""
    return kinds.MaterialBannerThemeData(
        {
            "backgroundColor": background_color,
            "surfaceTintColor": surface_tint_color,
            "shadowColor": shadow_color,
            "dividerColor": divider_color,
            "contentTextStyle": coercion.style(content_text_style),
            "elevation": coercion.number(elevation),
            "padding": coercion.insets(padding),
            "leadingPadding": coercion.insets(leading_padding),
        }
    )


def material_color(
    *,
    primary: Color,
    shade50: Color,
    shade100: Color,
    shade200: Color,
    shade300: Color,
    shade400: Color,
    shade500: Color,
    shade600: Color,
    shade700: Color,
    shade800: Color,
    shade900: Color,
) -> kinds.MaterialColor:
    """A `materialColor`."""
    return kinds.MaterialColor(
        {
            "primary": primary,
            "shade50": shade50,
            "shade100": shade100,
            "shade200": shade200,
            "shade300": shade300,
            "shade400": shade400,
            "shade500": shade500,
            "shade600": shade600,
            "shade700": shade700,
            "shade800": shade800,
            "shade900": shade900,
        }
    )


def navigation_bar_theme_data(
    *,
    height: Number | None = None,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    indicator_color: Color | None = None,
    indicator_shape: Border | None = None,
    label_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    icon_theme: IconThemeData | None = None,
    label_behavior: enums.NavigationDestinationLabelBehavior | None = None,
) -> kinds.NavigationBarThemeData:
    """A `navigationBarThemeData`."""
    return kinds.NavigationBarThemeData(
        {
            "height": coercion.number(height),
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "indicatorColor": indicator_color,
            "indicatorShape": indicator_shape,
            "labelTextStyle": coercion.style(label_text_style),
            "iconTheme": icon_theme,
            "labelBehavior": label_behavior,
        }
    )


def navigation_drawer_theme_data(
    *,
    tile_height: Number | None = None,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    indicator_color: Color | None = None,
    indicator_shape: ShapeBorder | None = None,
    indicator_size: Size | None = None,
    label_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    icon_theme: IconThemeData | None = None,
) -> kinds.NavigationDrawerThemeData:
    """A `navigationDrawerThemeData`."""
    return kinds.NavigationDrawerThemeData(
        {
            "tileHeight": coercion.number(tile_height),
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "indicatorColor": indicator_color,
            "indicatorShape": indicator_shape,
            "indicatorSize": indicator_size,
            "labelTextStyle": coercion.style(label_text_style),
            "iconTheme": icon_theme,
        }
    )


def rect(
    *,
    rect_type: enums.RectType,
    center: Offset | None = None,
    a: Offset | None = None,
    b: Offset | None = None,
    width: Number | None = None,
    height: Number | None = None,
    left: Number | None = None,
    top: Number | None = None,
    right: Number | None = None,
    bottom: Number | None = None,
    radius: Number | None = None,
) -> kinds.Rect:
    """A `rect`."""
    return kinds.Rect(
        {
            "rectType": rect_type,
            "center": center,
            "a": a,
            "b": b,
            "width": coercion.number(width),
            "height": coercion.number(height),
            "left": coercion.number(left),
            "top": coercion.number(top),
            "right": coercion.number(right),
            "bottom": coercion.number(bottom),
            "radius": coercion.number(radius),
        }
    )


def rect_tween(
    *,
    type: str,
    begin: Rect | None = None,
    end: Rect | None = None,
) -> kinds.RectTween:
    """A `rectTween`.

    `type` materialRectArcTween, materialRectCenterArcTween, anything else is a plain rect tween.
    """
    return kinds.RectTween(
        {
            "type": type,
            "begin": begin,
            "end": end,
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


def size(
    width: Number,
    height: Number,
) -> kinds.Size:
    """A `size`."""
    return kinds.Size(
        {
            "width": coercion.number(width),
            "height": coercion.number(height),
        }
    )


def snack_bar_action(
    *,
    text_color: Color | None = None,
    disabled_text_color: Color | None = None,
    background_color: Color | None = None,
    disabled_background_color: Color | None = None,
    label: str,
    on_pressed: Action,
) -> kinds.SnackBarAction:
    """A `snackBarAction`."""
    return kinds.SnackBarAction(
        {
            "textColor": text_color,
            "disabledTextColor": disabled_text_color,
            "backgroundColor": background_color,
            "disabledBackgroundColor": disabled_background_color,
            "label": label,
            "onPressed": on_pressed,
        }
    )


def snack_bar_theme_data(
    *,
    behavior: enums.SnackBarBehavior | None = None,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shape: ShapeBorder | None = None,
    width: Number | None = None,
    content_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    action_text_color: Color | None = None,
    disabled_action_text_color: Color | None = None,
    inset_padding: Number | EdgeInsets | None = None,
    dismiss_direction: enums.DismissDirection | None = None,
    show_close_icon: Flag | None = None,
    close_icon_color: Color | None = None,
    action_overflow_threshold: Number | None = None,
    action_background_color: Color | None = None,
    disabled_action_background_color: Color | None = None,
) -> kinds.SnackBarThemeData:
    """A `snackBarThemeData`."""
    return kinds.SnackBarThemeData(
        {
            "behavior": behavior,
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shape": shape,
            "width": coercion.number(width),
            "contentTextStyle": coercion.style(content_text_style),
            "actionTextColor": action_text_color,
            "disabledActionTextColor": disabled_action_text_color,
            "insetPadding": coercion.insets(inset_padding),
            "dismissDirection": dismiss_direction,
            "showCloseIcon": show_close_icon,
            "closeIconColor": close_icon_color,
            "actionOverflowThreshold": coercion.number(action_overflow_threshold),
            "actionBackgroundColor": action_background_color,
            "disabledActionBackgroundColor": disabled_action_background_color,
        }
    )


def system_ui_overlay_style(
    *,
    system_navigation_bar_color: Color | None = None,
    system_navigation_bar_divider_color: Color | None = None,
    system_navigation_bar_icon_brightness: enums.Brightness | None = None,
    system_navigation_bar_contrast_enforced: Flag | None = None,
    status_bar_color: Color | None = None,
    status_bar_brightness: enums.Brightness | None = None,
    status_bar_icon_brightness: enums.Brightness | None = None,
    system_status_bar_contrast_enforced: Flag | None = None,
) -> kinds.SystemUiOverlayStyle:
    """A `systemUiOverlayStyle`."""
    return kinds.SystemUiOverlayStyle(
        {
            "systemNavigationBarColor": system_navigation_bar_color,
            "systemNavigationBarDividerColor": system_navigation_bar_divider_color,
            "systemNavigationBarIconBrightness": system_navigation_bar_icon_brightness,
            "systemNavigationBarContrastEnforced": system_navigation_bar_contrast_enforced,
            "statusBarColor": status_bar_color,
            "statusBarBrightness": status_bar_brightness,
            "statusBarIconBrightness": status_bar_icon_brightness,
            "systemStatusBarContrastEnforced": system_status_bar_contrast_enforced,
        }
    )


def tab_bar_theme_data(
    *,
    indicator: BoxDecoration | None = None,
    indicator_color: Color | None = None,
    indicator_size: enums.TabBarIndicatorSize | None = None,
    divider_color: Color | None = None,
    label_color: Color | None = None,
    label_padding: Number | EdgeInsets | None = None,
    label_style: enums.MaterialTextStyle | TextStyle | None = None,
    unselected_label_color: Color | None = None,
    unselected_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    overlay_color: Color | None = None,
) -> kinds.TabBarThemeData:
    """A `tabBarThemeData`."""
    return kinds.TabBarThemeData(
        {
            "indicator": indicator,
            "indicatorColor": indicator_color,
            "indicatorSize": indicator_size,
            "dividerColor": divider_color,
            "labelColor": label_color,
            "labelPadding": coercion.insets(label_padding),
            "labelStyle": coercion.style(label_style),
            "unselectedLabelColor": unselected_label_color,
            "unselectedLabelStyle": coercion.style(unselected_label_style),
            "overlayColor": overlay_color,
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


def table_row(
    *,
    decoration: BoxDecoration | None = None,
    children: Sequence[Widget] | None = None,
) -> kinds.TableRow:
    """A `tableRow`."""
    return kinds.TableRow(
        {
            "decoration": decoration,
            "children": children,
        }
    )


def text_theme(
    *,
    display_large: enums.MaterialTextStyle | TextStyle | None = None,
    display_medium: enums.MaterialTextStyle | TextStyle | None = None,
    display_small: enums.MaterialTextStyle | TextStyle | None = None,
    headline_large: enums.MaterialTextStyle | TextStyle | None = None,
    headline_medium: enums.MaterialTextStyle | TextStyle | None = None,
    headline_small: enums.MaterialTextStyle | TextStyle | None = None,
    title_large: enums.MaterialTextStyle | TextStyle | None = None,
    title_medium: enums.MaterialTextStyle | TextStyle | None = None,
    title_small: enums.MaterialTextStyle | TextStyle | None = None,
    body_large: enums.MaterialTextStyle | TextStyle | None = None,
    body_medium: enums.MaterialTextStyle | TextStyle | None = None,
    body_small: enums.MaterialTextStyle | TextStyle | None = None,
    label_large: enums.MaterialTextStyle | TextStyle | None = None,
    label_medium: enums.MaterialTextStyle | TextStyle | None = None,
    label_small: enums.MaterialTextStyle | TextStyle | None = None,
) -> kinds.TextTheme:
    """A `textTheme`."""
    return kinds.TextTheme(
        {
            "displayLarge": coercion.style(display_large),
            "displayMedium": coercion.style(display_medium),
            "displaySmall": coercion.style(display_small),
            "headlineLarge": coercion.style(headline_large),
            "headlineMedium": coercion.style(headline_medium),
            "headlineSmall": coercion.style(headline_small),
            "titleLarge": coercion.style(title_large),
            "titleMedium": coercion.style(title_medium),
            "titleSmall": coercion.style(title_small),
            "bodyLarge": coercion.style(body_large),
            "bodyMedium": coercion.style(body_medium),
            "bodySmall": coercion.style(body_small),
            "labelLarge": coercion.style(label_large),
            "labelMedium": coercion.style(label_medium),
            "labelSmall": coercion.style(label_small),
        }
    )


def visual_density(
    horizontal: Number,
    vertical: Number,
) -> kinds.VisualDensity:
    """A `visualDensity`."""
    return kinds.VisualDensity(
        {
            "horizontal": coercion.number(horizontal),
            "vertical": coercion.number(vertical),
        }
    )


def theme(
    *,
    apply_elevation_overlay_color: Flag | None = None,
    input_decoration_theme: InputDecorationTheme | None = None,
    material_tap_target_size: enums.MaterialTapTargetSize | None = None,
    platform: enums.TargetPlatform | None = None,
    scrollbar_theme: ScrollbarThemeData | None = None,
    use_material3: Flag | None = None,
    color_scheme: ColorScheme | None = None,
    brightness: enums.Brightness | None = None,
    color_scheme_seed: Color | None = None,
    canvas_color: Color | None = None,
    card_color: Color | None = None,
    disabled_color: Color | None = None,
    divider_color: Color | None = None,
    focus_color: Color | None = None,
    highlight_color: Color | None = None,
    hint_color: Color | None = None,
    hover_color: Color | None = None,
    primary_color: Color | None = None,
    primary_color_dark: Color | None = None,
    primary_color_light: Color | None = None,
    primary_swatch: Color | MaterialColor | None = None,
    scaffold_background_color: Color | None = None,
    secondary_header_color: Color | None = None,
    shadow_color: Color | None = None,
    splash_color: Color | None = None,
    unselected_widget_color: Color | None = None,
    font_family: str | None = None,
    font_family_fallback: Sequence[str] | None = None,
    package: str | None = None,
    icon_theme: IconThemeData | None = None,
    primary_icon_theme: IconThemeData | None = None,
    primary_text_theme: TextTheme | None = None,
    text_theme: TextTheme | None = None,
    app_bar_theme: AppBarTheme | None = None,
    badge_theme: BadgeThemeData | None = None,
    banner_theme: MaterialBannerThemeData | None = None,
    bottom_app_bar_theme: BottomAppBarTheme | None = None,
    bottom_navigation_bar_theme: BottomNavigationBarThemeData | None = None,
    bottom_sheet_theme: BottomSheetThemeData | None = None,
    button_theme: ButtonThemeData | None = None,
    card_theme: CardThemeData | None = None,
    checkbox_theme: CheckboxThemeData | None = None,
    chip_theme: ChipThemeData | None = None,
    date_picker_theme: DatePickerThemeData | None = None,
    dialog_theme: DialogTheme | None = None,
    divider_theme: DividerThemeData | None = None,
    drawer_theme: DrawerThemeData | None = None,
    elevated_button_theme: ButtonStyle | None = None,
    filled_button_theme: ButtonStyle | None = None,
    floating_action_button_theme: FloatingActionButtonThemeData | None = None,
    icon_button_theme: ButtonStyle | None = None,
    list_tile_theme: ListTileThemeData | None = None,
    menu_button_theme: ButtonStyle | None = None,
    navigation_bar_theme: NavigationBarThemeData | None = None,
    navigation_drawer_theme: NavigationDrawerThemeData | None = None,
    outlined_button_theme: ButtonStyle | None = None,
    segmented_button_theme: ButtonStyle | None = None,
    snack_bar_theme: SnackBarThemeData | None = None,
    tab_bar_theme: TabBarThemeData | None = None,
    text_button_theme: ButtonStyle | None = None,
) -> kinds.Theme:
    """A `theme`.

    A theme document has no type key.
    """
    return kinds.Theme(
        {
            "applyElevationOverlayColor": apply_elevation_overlay_color,
            "inputDecorationTheme": input_decoration_theme,
            "materialTapTargetSize": material_tap_target_size,
            "platform": platform,
            "scrollbarTheme": scrollbar_theme,
            "useMaterial3": use_material3,
            "colorScheme": color_scheme,
            "brightness": brightness,
            "colorSchemeSeed": color_scheme_seed,
            "canvasColor": canvas_color,
            "cardColor": card_color,
            "disabledColor": disabled_color,
            "dividerColor": divider_color,
            "focusColor": focus_color,
            "highlightColor": highlight_color,
            "hintColor": hint_color,
            "hoverColor": hover_color,
            "primaryColor": primary_color,
            "primaryColorDark": primary_color_dark,
            "primaryColorLight": primary_color_light,
            "primarySwatch": primary_swatch,
            "scaffoldBackgroundColor": scaffold_background_color,
            "secondaryHeaderColor": secondary_header_color,
            "shadowColor": shadow_color,
            "splashColor": splash_color,
            "unselectedWidgetColor": unselected_widget_color,
            "fontFamily": font_family,
            "fontFamilyFallback": font_family_fallback,
            "package": package,
            "iconTheme": icon_theme,
            "primaryIconTheme": primary_icon_theme,
            "primaryTextTheme": primary_text_theme,
            "textTheme": text_theme,
            "appBarTheme": app_bar_theme,
            "badgeTheme": badge_theme,
            "bannerTheme": banner_theme,
            "bottomAppBarTheme": bottom_app_bar_theme,
            "bottomNavigationBarTheme": bottom_navigation_bar_theme,
            "bottomSheetTheme": bottom_sheet_theme,
            "buttonTheme": button_theme,
            "cardTheme": card_theme,
            "checkboxTheme": checkbox_theme,
            "chipTheme": chip_theme,
            "datePickerTheme": date_picker_theme,
            "dialogTheme": dialog_theme,
            "dividerTheme": divider_theme,
            "drawerTheme": drawer_theme,
            "elevatedButtonTheme": elevated_button_theme,
            "filledButtonTheme": filled_button_theme,
            "floatingActionButtonTheme": floating_action_button_theme,
            "iconButtonTheme": icon_button_theme,
            "listTileTheme": list_tile_theme,
            "menuButtonTheme": menu_button_theme,
            "navigationBarTheme": navigation_bar_theme,
            "navigationDrawerTheme": navigation_drawer_theme,
            "outlinedButtonTheme": outlined_button_theme,
            "segmentedButtonTheme": segmented_button_theme,
            "snackBarTheme": snack_bar_theme,
            "tabBarTheme": tab_bar_theme,
            "textButtonTheme": text_button_theme,
        }
    )
