# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the navigation widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Border,
        BottomNavigationBarItem,
        BoxDecoration,
        Color,
        Duration,
        EdgeInsets,
        Flag,
        NavigationDestination,
        Number,
        ShapeBorder,
        SystemUiOverlayStyle,
        TextStyle,
        Whole,
    )


def app_bar(
    *,
    leading: Widget | None = None,
    title: Widget | None = None,
    title_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    toolbar_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    shadow_color: Color | None = None,
    background_color: Color | None = None,
    foreground_color: Color | None = None,
    surface_tint_color: Color | None = None,
    actions: Sequence[Widget] | None = None,
    bottom: Widget | None = None,
    title_spacing: Number | None = None,
    toolbar_opacity: Number | None = None,
    bottom_opacity: Number | None = None,
    toolbar_height: Number | None = None,
    leading_width: Number | None = None,
    primary: Flag | None = None,
    center_title: Flag | None = None,
    elevation: Number | None = None,
    scrolled_under_elevation: Number | None = None,
    automatically_imply_leading: Flag | None = None,
    flexible_space: Widget | None = None,
    exclude_header_semantics: Flag | None = None,
    system_overlay_style: SystemUiOverlayStyle | None = None,
    force_material_transparency: Flag | None = None,
    use_default_semantics_order: Flag | None = None,
    clip_behavior: enums.Clip | None = None,
    actions_padding: Number | EdgeInsets | None = None,
) -> Widget:
    """The bar at the top of a scaffold.

    When left out: `toolbar_opacity` 1.0, `bottom_opacity` 1.0, `primary` true.
    """
    return Widget(
        {
            "leading": leading,
            "title": title,
            "titleTextStyle": coercion.style(title_text_style),
            "toolbarTextStyle": coercion.style(toolbar_text_style),
            "shadowColor": shadow_color,
            "backgroundColor": background_color,
            "foregroundColor": foreground_color,
            "surfaceTintColor": surface_tint_color,
            "actions": actions,
            "bottom": bottom,
            "titleSpacing": coercion.number(title_spacing),
            "toolbarOpacity": coercion.number(toolbar_opacity),
            "bottomOpacity": coercion.number(bottom_opacity),
            "toolbarHeight": coercion.number(toolbar_height),
            "leadingWidth": coercion.number(leading_width),
            "primary": primary,
            "centerTitle": center_title,
            "elevation": coercion.number(elevation),
            "scrolledUnderElevation": coercion.number(scrolled_under_elevation),
            "automaticallyImplyLeading": automatically_imply_leading,
            "flexibleSpace": flexible_space,
            "excludeHeaderSemantics": exclude_header_semantics,
            "systemOverlayStyle": system_overlay_style,
            "forceMaterialTransparency": force_material_transparency,
            "useDefaultSemanticsOrder": use_default_semantics_order,
            "clipBehavior": clip_behavior,
            "actionsPadding": coercion.insets(actions_padding),
            "type": "appBar",
        }
    )


def bottom_navigation_bar(
    items: Sequence[BottomNavigationBarItem],
    *,
    elevation: Number | None = None,
    fixed_color: Color | None = None,
    background_color: Color | None = None,
    icon_size: Number | None = None,
    selected_item_color: Color | None = None,
    unselected_item_color: Color | None = None,
    selected_font_size: Number | None = None,
    unselected_font_size: Number | None = None,
    selected_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    unselected_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    show_selected_labels: Flag | None = None,
    show_unselected_labels: Flag | None = None,
    enable_feedback: Flag | None = None,
    landscape_layout: enums.BottomNavigationBarLandscapeLayout | None = None,
    bar_type: enums.BottomNavigationBarType | None = None,
) -> Widget:
    """A bar of destinations at the bottom of a scaffold.

    Selection comes from an enclosing defaultBottomNavigationController; without one index stays 0.

    When left out: `icon_size` 24.0, `selected_font_size` 14.0, `unselected_font_size` 12.0.
    """
    return Widget(
        {
            "items": items,
            "elevation": coercion.number(elevation),
            "fixedColor": fixed_color,
            "backgroundColor": background_color,
            "iconSize": coercion.number(icon_size),
            "selectedItemColor": selected_item_color,
            "unselectedItemColor": unselected_item_color,
            "selectedFontSize": coercion.number(selected_font_size),
            "unselectedFontSize": coercion.number(unselected_font_size),
            "selectedLabelStyle": coercion.style(selected_label_style),
            "unselectedLabelStyle": coercion.style(unselected_label_style),
            "showSelectedLabels": show_selected_labels,
            "showUnselectedLabels": show_unselected_labels,
            "enableFeedback": enable_feedback,
            "landscapeLayout": landscape_layout,
            "barType": bar_type,
            "type": "bottomNavigationBar",
        }
    )


def bottom_navigation_view(
    children: Sequence[Widget],
) -> Widget:
    """The pages that belong to a bottom navigation bar, one at a time."""
    return Widget(
        {
            "children": children,
            "type": "bottomNavigationView",
        }
    )


def default_bottom_navigation_controller(
    child: Widget,
    *,
    length: Whole,
    initial_index: Whole | None = None,
) -> Widget:
    """Connects a bottom navigation bar with its view."""
    return Widget(
        {
            "length": length,
            "initialIndex": initial_index,
            "child": child,
            "type": "defaultBottomNavigationController",
        }
    )


def default_tab_controller(
    child: Widget,
    *,
    length: Whole,
    initial_index: Whole | None = None,
    animation_duration: Duration | None = None,
) -> Widget:
    """Connects a tab bar with its view.

    When left out: `initial_index` 0.
    """
    return Widget(
        {
            "length": length,
            "initialIndex": initial_index,
            "child": child,
            "animationDuration": animation_duration,
            "type": "defaultTabController",
        }
    )


def drawer(
    child: Widget | None = None,
    *,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    shape: ShapeBorder | None = None,
    width: Number | None = None,
    semantic_label: str | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """A panel that slides in from the side of a scaffold."""
    return Widget(
        {
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "shape": shape,
            "width": coercion.number(width),
            "child": child,
            "semanticLabel": semantic_label,
            "clipBehavior": clip_behavior,
            "type": "drawer",
        }
    )


def sliver_app_bar(
    *,
    leading: Widget | None = None,
    automatically_imply_leading: Flag | None = None,
    title: Widget | None = None,
    actions: Sequence[Widget] | None = None,
    flexible_space: Widget | None = None,
    bottom: Widget | None = None,
    elevation: Number | None = None,
    scrolled_under_elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    force_elevated: Flag | None = None,
    background_color: Color | None = None,
    foreground_color: Color | None = None,
    primary: Flag | None = None,
    center_title: Flag | None = None,
    exclude_header_semantics: Flag | None = None,
    title_spacing: Number | None = None,
    collapsed_height: Number | None = None,
    expanded_height: Number | None = None,
    floating: Flag | None = None,
    pinned: Flag | None = None,
    snap: Flag | None = None,
    stretch: Flag | None = None,
    stretch_trigger_offset: Number | None = None,
    shape: ShapeBorder | None = None,
    toolbar_height: Number | None = None,
    leading_width: Number | None = None,
    toolbar_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    title_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    system_overlay_style: SystemUiOverlayStyle | None = None,
    force_material_transparency: Flag | None = None,
    clip_behavior: enums.Clip | None = None,
    actions_padding: Number | EdgeInsets | None = None,
) -> Widget:
    """An app bar that scrolls with the slivers below.

    When left out: `automatically_imply_leading` true, `force_elevated` false, `primary` true,
    `exclude_header_semantics` false, `floating` false, `pinned` true, `snap` false, `stretch` false,
    `stretch_trigger_offset` 100.0, `toolbar_height` 64.0, `force_material_transparency` false.
    """
    return Widget(
        {
            "leading": leading,
            "automaticallyImplyLeading": automatically_imply_leading,
            "title": title,
            "actions": actions,
            "flexibleSpace": flexible_space,
            "bottom": bottom,
            "elevation": coercion.number(elevation),
            "scrolledUnderElevation": coercion.number(scrolled_under_elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "forceElevated": force_elevated,
            "backgroundColor": background_color,
            "foregroundColor": foreground_color,
            "primary": primary,
            "centerTitle": center_title,
            "excludeHeaderSemantics": exclude_header_semantics,
            "titleSpacing": coercion.number(title_spacing),
            "collapsedHeight": coercion.number(collapsed_height),
            "expandedHeight": coercion.number(expanded_height),
            "floating": floating,
            "pinned": pinned,
            "snap": snap,
            "stretch": stretch,
            "stretchTriggerOffset": coercion.number(stretch_trigger_offset),
            "shape": shape,
            "toolbarHeight": coercion.number(toolbar_height),
            "leadingWidth": coercion.number(leading_width),
            "toolbarTextStyle": coercion.style(toolbar_text_style),
            "titleTextStyle": coercion.style(title_text_style),
            "systemOverlayStyle": system_overlay_style,
            "forceMaterialTransparency": force_material_transparency,
            "clipBehavior": clip_behavior,
            "actionsPadding": coercion.insets(actions_padding),
            "type": "sliverAppBar",
        }
    )


def tab(
    text: str | None = None,
    *,
    icon: Widget | None = None,
    icon_margin: Number | EdgeInsets | None = None,
    height: Number | None = None,
    child: Widget | None = None,
) -> Widget:
    """One tab of a tab bar."""
    return Widget(
        {
            "text": text,
            "icon": icon,
            "iconMargin": coercion.insets(icon_margin),
            "height": coercion.number(height),
            "child": child,
            "type": "tab",
        }
    )


def tab_bar(
    tabs: Sequence[Widget],
    *,
    initial_index: Whole | None = None,
    is_scrollable: Flag | None = None,
    padding: Number | EdgeInsets | None = None,
    indicator_color: Color | None = None,
    automatic_indicator_color_adjustment: Flag | None = None,
    indicator_weight: Number | None = None,
    indicator_padding: Number | EdgeInsets | None = None,
    indicator_size: enums.TabBarIndicatorSize | None = None,
    label_color: Color | None = None,
    label_style: enums.MaterialTextStyle | TextStyle | None = None,
    label_padding: Number | EdgeInsets | None = None,
    unselected_label_color: Color | None = None,
    unselected_label_style: enums.MaterialTextStyle | TextStyle | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    enable_feedback: Flag | None = None,
    physics: enums.ScrollPhysics | None = None,
    tab_alignment: enums.TabAlignment | None = None,
    divider_color: Color | None = None,
    divider_height: Number | None = None,
    indicator: BoxDecoration | None = None,
) -> Widget:
    """The row of tabs below an app bar.

    When left out: `initial_index` 0, `is_scrollable` false, `automatic_indicator_color_adjustment` true,
    `indicator_weight` 2.0, `drag_start_behavior` start.
    """
    return Widget(
        {
            "tabs": tabs,
            "initialIndex": initial_index,
            "isScrollable": is_scrollable,
            "padding": coercion.insets(padding),
            "indicatorColor": indicator_color,
            "automaticIndicatorColorAdjustment": automatic_indicator_color_adjustment,
            "indicatorWeight": coercion.number(indicator_weight),
            "indicatorPadding": coercion.insets(indicator_padding),
            "indicatorSize": indicator_size,
            "labelColor": label_color,
            "labelStyle": coercion.style(label_style),
            "labelPadding": coercion.insets(label_padding),
            "unselectedLabelColor": unselected_label_color,
            "unselectedLabelStyle": coercion.style(unselected_label_style),
            "dragStartBehavior": drag_start_behavior,
            "enableFeedback": enable_feedback,
            "physics": physics,
            "tabAlignment": tab_alignment,
            "dividerColor": divider_color,
            "dividerHeight": coercion.number(divider_height),
            "indicator": indicator,
            "type": "tabBar",
        }
    )


def tab_bar_view(
    children: Sequence[Widget],
    *,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    physics: enums.ScrollPhysics | None = None,
    viewport_fraction: Number | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """The pages that belong to a tab bar.

    When left out: `drag_start_behavior` start, `viewport_fraction` 1.0, `clip_behavior` hardEdge.
    """
    return Widget(
        {
            "children": children,
            "dragStartBehavior": drag_start_behavior,
            "physics": physics,
            "viewportFraction": coercion.number(viewport_fraction),
            "clipBehavior": clip_behavior,
            "type": "tabBarView",
        }
    )


def navigation_bar(
    *,
    destinations: Sequence[NavigationDestination],
    animation_duration: Duration | None = None,
    selected_index: Whole | None = None,
    background_color: Color | None = None,
    elevation: Number | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    indicator_color: Color | None = None,
    indicator_shape: Border | None = None,
    height: Number | None = None,
    label_behavior: enums.NavigationDestinationLabelBehavior | None = None,
    label_text_style: enums.MaterialTextStyle | TextStyle | None = None,
    label_padding: Number | EdgeInsets | None = None,
    maintain_bottom_view_padding: Flag | None = None,
) -> Widget:
    """The Material 3 bar of destinations.

    Material 3 bar; present on the development line after 1.4.
    """
    return Widget(
        {
            "destinations": destinations,
            "animationDuration": animation_duration,
            "selectedIndex": selected_index,
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "indicatorColor": indicator_color,
            "indicatorShape": indicator_shape,
            "height": coercion.number(height),
            "labelBehavior": label_behavior,
            "labelTextStyle": coercion.style(label_text_style),
            "labelPadding": coercion.insets(label_padding),
            "maintainBottomViewPadding": maintain_bottom_view_padding,
            "type": "navigationBar",
        }
    )


def navigation_view(
    children: Sequence[Widget],
) -> Widget:
    """The pages that belong to a navigation bar.

    Partner of navigationBar.
    """
    return Widget(
        {
            "children": children,
            "type": "navigationView",
        }
    )


def default_navigation_controller(
    child: Widget,
    *,
    length: Whole,
    initial_index: Whole | None = None,
) -> Widget:
    """Connects a navigation bar with its view.

    Partner of navigationBar.
    """
    return Widget(
        {
            "length": length,
            "initialIndex": initial_index,
            "child": child,
            "type": "defaultNavigationController",
        }
    )
