# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the bar theme values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Border,
        BoxDecoration,
        Color,
        EdgeInsets,
        Flag,
        IconThemeData,
        Number,
        ShapeBorder,
        Size,
        SystemUiOverlayStyle,
        TextStyle,
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
