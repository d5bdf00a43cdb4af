# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the surface theme values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        AlignmentPoint,
        Border,
        BoxConstraints,
        Color,
        EdgeInsets,
        Flag,
        Number,
        Offset,
        Shadow,
        ShapeBorder,
        Size,
        TextStyle,
        VisualDensity,
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
