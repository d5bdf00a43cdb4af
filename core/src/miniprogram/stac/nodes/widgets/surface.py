# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the surface widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import Action, Color, EdgeInsets, Flag, Number, ShapeBorder, VisualDensity


def card(
    child: Widget | None = None,
    *,
    color: Color | None = None,
    shadow_color: Color | None = None,
    surface_tint_color: Color | None = None,
    elevation: Number | None = None,
    shape: ShapeBorder | None = None,
    border_on_foreground: Flag | None = None,
    margin: Number | EdgeInsets | None = None,
    clip_behavior: enums.Clip | None = None,
    semantic_container: Flag | None = None,
) -> Widget:
    """A raised panel with rounded corners.

    When left out: `border_on_foreground` true, `semantic_container` true.
    """
    return Widget(
        {
            "color": color,
            "shadowColor": shadow_color,
            "surfaceTintColor": surface_tint_color,
            "elevation": coercion.number(elevation),
            "shape": shape,
            "borderOnForeground": border_on_foreground,
            "margin": coercion.insets(margin),
            "clipBehavior": clip_behavior,
            "child": child,
            "semanticContainer": semantic_container,
            "type": "card",
        }
    )


def divider(
    *,
    thickness: Number | None = None,
    height: Number | None = None,
    color: Color | None = None,
    indent: Number | None = None,
    end_indent: Number | None = None,
) -> Widget:
    """A thin horizontal line."""
    return Widget(
        {
            "thickness": coercion.number(thickness),
            "height": coercion.number(height),
            "color": color,
            "indent": coercion.number(indent),
            "endIndent": coercion.number(end_indent),
            "type": "divider",
        }
    )


def list_tile(
    *,
    on_tap: Action | None = None,
    on_long_press: Action | None = None,
    leading: Widget | None = None,
    title: Widget | None = None,
    subtitle: Widget | None = None,
    trailing: Widget | None = None,
    is_three_line: Flag | None = None,
    dense: Flag | None = None,
    style: enums.ListTileStyle | None = None,
    selected_color: Color | None = None,
    icon_color: Color | None = None,
    text_color: Color | None = None,
    content_padding: Number | EdgeInsets | None = None,
    enabled: Flag | None = None,
    selected: Flag | None = None,
    focus_color: Color | None = None,
    hover_color: Color | None = None,
    autofocus: Flag | None = None,
    tile_color: Color | None = None,
    selected_tile_color: Color | None = None,
    enable_feedback: Flag | None = None,
    horizontal_title_gap: Number | None = None,
    min_vertical_padding: Number | None = None,
    min_leading_width: Number | None = None,
    visual_density: VisualDensity | None = None,
    shape: ShapeBorder | None = None,
    mouse_cursor: enums.MouseCursor | None = None,
    title_alignment: enums.ListTileTitleAlignment | None = None,
) -> Widget:
    """A row with a title, a subtitle and things at both ends.

    When left out: `is_three_line` false, `enabled` true, `selected` false, `autofocus` false.
    """
    return Widget(
        {
            "onTap": on_tap,
            "onLongPress": on_long_press,
            "leading": leading,
            "title": title,
            "subtitle": subtitle,
            "trailing": trailing,
            "isThreeLine": is_three_line,
            "dense": dense,
            "style": style,
            "selectedColor": selected_color,
            "iconColor": icon_color,
            "textColor": text_color,
            "contentPadding": coercion.insets(content_padding),
            "enabled": enabled,
            "selected": selected,
            "focusColor": focus_color,
            "hoverColor": hover_color,
            "autofocus": autofocus,
            "tileColor": tile_color,
            "selectedTileColor": selected_tile_color,
            "enableFeedback": enable_feedback,
            "horizontalTitleGap": coercion.number(horizontal_title_gap),
            "minVerticalPadding": coercion.number(min_vertical_padding),
            "minLeadingWidth": coercion.number(min_leading_width),
            "visualDensity": visual_density,
            "shape": shape,
            "mouseCursor": mouse_cursor,
            "titleAlignment": title_alignment,
            "type": "listTile",
        }
    )


def placeholder(
    child: Widget | None = None,
    *,
    fallback_width: Number | None = None,
    fallback_height: Number | None = None,
    stroke_width: Number | None = None,
    color: Color | None = None,
) -> Widget:
    """A crossed box for something to come.

    When left out: `fallback_width` 2.0, `fallback_height` 400.0, `stroke_width` 400.0, `color` #455A64.
    """
    return Widget(
        {
            "fallbackWidth": coercion.number(fallback_width),
            "fallbackHeight": coercion.number(fallback_height),
            "strokeWidth": coercion.number(stroke_width),
            "color": color,
            "child": child,
            "type": "placeholder",
        }
    )


def scaffold(
    *,
    app_bar: Widget | None = None,
    body: Widget | None = None,
    floating_action_button: Widget | None = None,
    floating_action_button_location: enums.FloatingActionButtonLocation | None = None,
    persistent_footer_buttons: Sequence[Widget] | None = None,
    drawer: Widget | None = None,
    end_drawer: Widget | None = None,
    bottom_navigation_bar: Widget | None = None,
    bottom_sheet: Widget | None = None,
    background_color: Color | None = None,
    resize_to_avoid_bottom_inset: Flag | None = None,
    primary: Flag | None = None,
    drawer_drag_start_behavior: enums.DragStartBehavior | None = None,
    extend_body: Flag | None = None,
    extend_body_behind_app_bar: Flag | None = None,
    drawer_scrim_color: Color | None = None,
    drawer_edge_drag_width: Number | None = None,
    drawer_enable_open_drag_gesture: Flag | None = None,
    end_drawer_enable_open_drag_gesture: Flag | None = None,
    restoration_id: str | None = None,
    on_drawer_changed: Action | None = None,
    on_end_drawer_changed: Action | None = None,
    persistent_footer_alignment: enums.AlignmentDirectional | None = None,
) -> Widget:
    """The usual root of a screen: app bar, body, buttons and drawers.

    Usual screen root.

    `app_bar` must produce a preferred-size widget: appBar, tabBar or sliver variants of them.

    When left out: `primary` true, `drawer_drag_start_behavior` start, `extend_body` false,
    `extend_body_behind_app_bar` false, `drawer_enable_open_drag_gesture` true,
    `end_drawer_enable_open_drag_gesture` true.
    """
    return Widget(
        {
            "appBar": app_bar,
            "body": body,
            "floatingActionButton": floating_action_button,
            "floatingActionButtonLocation": floating_action_button_location,
            "persistentFooterButtons": persistent_footer_buttons,
            "drawer": drawer,
            "endDrawer": end_drawer,
            "bottomNavigationBar": bottom_navigation_bar,
            "bottomSheet": bottom_sheet,
            "backgroundColor": background_color,
            "resizeToAvoidBottomInset": resize_to_avoid_bottom_inset,
            "primary": primary,
            "drawerDragStartBehavior": drawer_drag_start_behavior,
            "extendBody": extend_body,
            "extendBodyBehindAppBar": extend_body_behind_app_bar,
            "drawerScrimColor": drawer_scrim_color,
            "drawerEdgeDragWidth": coercion.number(drawer_edge_drag_width),
            "drawerEnableOpenDragGesture": drawer_enable_open_drag_gesture,
            "endDrawerEnableOpenDragGesture": end_drawer_enable_open_drag_gesture,
            "restorationId": restoration_id,
            "onDrawerChanged": on_drawer_changed,
            "onEndDrawerChanged": on_end_drawer_changed,
            "persistentFooterAlignment": persistent_footer_alignment,
            "type": "scaffold",
        }
    )


def vertical_divider(
    *,
    width: Number | None = None,
    thickness: Number | None = None,
    indent: Number | None = None,
    end_indent: Number | None = None,
    color: Color | None = None,
) -> Widget:
    """A thin vertical line."""
    return Widget(
        {
            "width": coercion.number(width),
            "thickness": coercion.number(thickness),
            "indent": coercion.number(indent),
            "endIndent": coercion.number(end_indent),
            "color": color,
            "type": "verticalDivider",
        }
    )
