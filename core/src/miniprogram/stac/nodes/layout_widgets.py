# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the layout widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Action,
        BorderRadius,
        BoxConstraints,
        BoxDecoration,
        Color,
        EdgeInsets,
        Flag,
        ImageFilter,
        Number,
        RectTween,
        ShapeBorder,
        TableBorder,
        TableColumnWidth,
        TableRow,
        VisualDensity,
        Whole,
    )


def align(
    child: Widget | None = None,
    *,
    alignment: enums.AlignmentDirectional | None = None,
    width_factor: Number | None = None,
    height_factor: Number | None = None,
) -> Widget:
    """Places its child at one spot of the room there is.

    `alignment`: uses the directional names topStart..bottomEnd.

    When left out: `alignment` center.
    """
    return Widget(
        {
            "alignment": alignment,
            "widthFactor": coercion.number(width_factor),
            "heightFactor": coercion.number(height_factor),
            "child": child,
            "type": "align",
        }
    )


def aspect_ratio(
    child: Widget | None = None,
    *,
    aspect_ratio: Number,
) -> Widget:
    """Gives its child a fixed ratio of width to height.

    When left out: `aspect_ratio` 1.0.
    """
    return Widget(
        {
            "aspectRatio": coercion.number(aspect_ratio),
            "child": child,
            "type": "aspectRatio",
        }
    )


def backdrop_filter(
    child: Widget | None = None,
    *,
    filter: ImageFilter,
    enabled: Flag | None = None,
    blend_mode: enums.BlendMode | None = None,
) -> Widget:
    """Blurs or distorts what lies behind its child.

    When left out: `enabled` true, `blend_mode` srcOver.
    """
    return Widget(
        {
            "filter": filter,
            "child": child,
            "enabled": enabled,
            "blendMode": blend_mode,
            "type": "backdropFilter",
        }
    )


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


def center(
    child: Widget | None = None,
    *,
    width_factor: Number | None = None,
    height_factor: Number | None = None,
) -> Widget:
    """Places its child in the middle of the room there is."""
    return Widget(
        {
            "widthFactor": coercion.number(width_factor),
            "heightFactor": coercion.number(height_factor),
            "child": child,
            "type": "center",
        }
    )


def clip_oval(
    child: Widget | None = None,
    *,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Cuts its child to an oval.

    When left out: `clip_behavior` antiAlias.
    """
    return Widget(
        {
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "clipOval",
        }
    )


def clip_rrect(
    child: Widget | None = None,
    *,
    border_radius: Number | BorderRadius | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Cuts its child to a rectangle with rounded corners.

    When left out: `border_radius` 0, `clip_behavior` antiAlias.
    """
    return Widget(
        {
            "borderRadius": coercion.corners(border_radius),
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "clipRRect",
        }
    )


def colored_box(
    child: Widget | None = None,
    *,
    color: Color,
) -> Widget:
    """Fills the area of its child with a colour."""
    return Widget(
        {
            "color": color,
            "child": child,
            "type": "coloredBox",
        }
    )


def column(
    children: Sequence[Widget] | None = None,
    *,
    main_axis_alignment: enums.MainAxisAlignment | None = None,
    cross_axis_alignment: enums.CrossAxisAlignment | None = None,
    main_axis_size: enums.MainAxisSize | None = None,
    text_direction: enums.TextDirection | None = None,
    vertical_direction: enums.VerticalDirection | None = None,
    spacing: Number | None = None,
    text_baseline: enums.TextBaseline | None = None,
) -> Widget:
    """Lays its children out from top to bottom.

    When left out: `main_axis_alignment` start, `cross_axis_alignment` center, `main_axis_size` max,
    `vertical_direction` down, `spacing` 0.0.
    """
    return Widget(
        {
            "mainAxisAlignment": main_axis_alignment,
            "crossAxisAlignment": cross_axis_alignment,
            "mainAxisSize": main_axis_size,
            "textDirection": text_direction,
            "verticalDirection": vertical_direction,
            "spacing": coercion.number(spacing),
            "children": children,
            "textBaseline": text_baseline,
            "type": "column",
        }
    )


def conditional(
    condition: str,
    *,
    if_true: Widget,
    if_false: Widget | None = None,
) -> Widget:
    """Shows one of two widgets, as a condition on variables says.

    `condition` is an expression string evaluated after {{variable}} substitution; see README.
    """
    return Widget(
        {
            "condition": condition,
            "ifTrue": if_true,
            "ifFalse": if_false,
            "type": "conditional",
        }
    )


def container(
    child: Widget | None = None,
    *,
    alignment: enums.Alignment | None = None,
    padding: Number | EdgeInsets | None = None,
    decoration: BoxDecoration | None = None,
    foreground_decoration: BoxDecoration | None = None,
    color: Color | None = None,
    width: Number | None = None,
    height: Number | None = None,
    constraints: BoxConstraints | None = None,
    margin: Number | EdgeInsets | None = None,
    clip_behavior: enums.Clip | None = None,
    transform_alignment: enums.Alignment | None = None,
) -> Widget:
    """A box with padding, margin, size and decoration.

    When left out: `clip_behavior` none.
    """
    return Widget(
        {
            "alignment": alignment,
            "padding": coercion.insets(padding),
            "decoration": decoration,
            "foregroundDecoration": foreground_decoration,
            "color": color,
            "width": coercion.number(width),
            "height": coercion.number(height),
            "constraints": constraints,
            "margin": coercion.insets(margin),
            "child": child,
            "clipBehavior": clip_behavior,
            "transformAlignment": transform_alignment,
            "type": "container",
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


def expanded(
    child: Widget | None = None,
    *,
    flex: Whole | None = None,
) -> Widget:
    """Makes a child of a row or column fill the room that is left.

    When left out: `flex` 1.
    """
    return Widget(
        {
            "flex": flex,
            "child": child,
            "type": "expanded",
        }
    )


def fitted_box(
    child: Widget | None = None,
    *,
    fit: enums.BoxFit | None = None,
    alignment: enums.AlignmentDirectional | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Scales its child to the room there is.

    When left out: `fit` contain, `alignment` center, `clip_behavior` none.
    """
    return Widget(
        {
            "fit": fit,
            "alignment": alignment,
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "fittedBox",
        }
    )


def flexible(
    child: Widget | None = None,
    *,
    flex: Whole | None = None,
    fit: enums.FlexFit | None = None,
) -> Widget:
    """Lets a child of a row or column take a share of the room.

    When left out: `flex` 1, `fit` loose.
    """
    return Widget(
        {
            "child": child,
            "flex": flex,
            "fit": fit,
            "type": "flexible",
        }
    )


def fractionally_sized_box(
    child: Widget | None = None,
    *,
    alignment: enums.Alignment | None = None,
    width_factor: Number | None = None,
    height_factor: Number | None = None,
) -> Widget:
    """Sizes its child as a fraction of the room there is."""
    return Widget(
        {
            "alignment": alignment,
            "widthFactor": coercion.number(width_factor),
            "heightFactor": coercion.number(height_factor),
            "child": child,
            "type": "fractionallySizedBox",
        }
    )


def hero(
    child: Widget,
    *,
    tag: object,
    create_rect_tween: RectTween | None = None,
    flight_shuttle_builder: Widget | None = None,
    placeholder_builder: Widget | None = None,
    transition_on_user_gestures: Flag | None = None,
) -> Widget:
    """Flies from one screen to the next with the same tag.

    When left out: `transition_on_user_gestures` false.
    """
    return Widget(
        {
            "tag": tag,
            "child": child,
            "createRectTween": create_rect_tween,
            "flightShuttleBuilder": flight_shuttle_builder,
            "placeholderBuilder": placeholder_builder,
            "transitionOnUserGestures": transition_on_user_gestures,
            "type": "hero",
        }
    )


def limited_box(
    child: Widget | None = None,
    *,
    max_height: Number | None = None,
    max_width: Number | None = None,
) -> Widget:
    """Limits its child where there is no limit otherwise.

    When left out: `max_height` infinity, `max_width` infinity.
    """
    return Widget(
        {
            "maxHeight": coercion.number(max_height),
            "maxWidth": coercion.number(max_width),
            "child": child,
            "type": "limitedBox",
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


def opacity(
    child: Widget | None = None,
    *,
    opacity: Number,
    always_include_semantics: Flag | None = None,
) -> Widget:
    """Makes its child partly transparent."""
    return Widget(
        {
            "opacity": coercion.number(opacity),
            "child": child,
            "alwaysIncludeSemantics": always_include_semantics,
            "type": "opacity",
        }
    )


def padding(
    child: Widget | None = None,
    *,
    padding: Number | EdgeInsets | None = None,
) -> Widget:
    """Keeps room around its child."""
    return Widget(
        {
            "padding": coercion.insets(padding),
            "child": child,
            "type": "padding",
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


def positioned(
    child: Widget | None = None,
    *,
    left: Number | None = None,
    top: Number | None = None,
    right: Number | None = None,
    bottom: Number | None = None,
    width: Number | None = None,
    height: Number | None = None,
) -> Widget:
    """Places a child of a stack by its edges."""
    return Widget(
        {
            "left": coercion.number(left),
            "top": coercion.number(top),
            "right": coercion.number(right),
            "bottom": coercion.number(bottom),
            "width": coercion.number(width),
            "height": coercion.number(height),
            "child": child,
            "type": "positioned",
        }
    )


def row(
    children: Sequence[Widget] | None = None,
    *,
    main_axis_alignment: enums.MainAxisAlignment | None = None,
    cross_axis_alignment: enums.CrossAxisAlignment | None = None,
    main_axis_size: enums.MainAxisSize | None = None,
    text_direction: enums.TextDirection | None = None,
    vertical_direction: enums.VerticalDirection | None = None,
    spacing: Number | None = None,
    text_baseline: enums.TextBaseline | None = None,
) -> Widget:
    """Lays its children out from start to end.

    When left out: `main_axis_alignment` start, `cross_axis_alignment` center, `main_axis_size` max,
    `vertical_direction` down, `spacing` 0.0.
    """
    return Widget(
        {
            "mainAxisAlignment": main_axis_alignment,
            "crossAxisAlignment": cross_axis_alignment,
            "mainAxisSize": main_axis_size,
            "textDirection": text_direction,
            "verticalDirection": vertical_direction,
            "spacing": coercion.number(spacing),
            "children": children,
            "textBaseline": text_baseline,
            "type": "row",
        }
    )


def safe_area(
    child: Widget | None = None,
    *,
    left: Flag | None = None,
    top: Flag | None = None,
    right: Flag | None = None,
    bottom: Flag | None = None,
    minimum: Number | EdgeInsets | None = None,
    maintain_bottom_view_padding: Flag | None = None,
) -> Widget:
    """Keeps clear of notches and system bars.

    When left out: `left` true, `top` true, `right` true, `bottom` true, `minimum` 0,
    `maintain_bottom_view_padding` false.
    """
    return Widget(
        {
            "child": child,
            "left": left,
            "top": top,
            "right": right,
            "bottom": bottom,
            "minimum": coercion.insets(minimum),
            "maintainBottomViewPadding": maintain_bottom_view_padding,
            "type": "safeArea",
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


def sized_box(
    child: Widget | None = None,
    *,
    width: Number | None = None,
    height: Number | None = None,
) -> Widget:
    """A box of a given width and height; without a child, a gap."""
    return Widget(
        {
            "width": coercion.number(width),
            "height": coercion.number(height),
            "child": child,
            "type": "sizedBox",
        }
    )


def sliver_fill_remaining(
    child: Widget | None = None,
    *,
    has_scroll_body: Flag | None = None,
    fill_overscroll: Flag | None = None,
) -> Widget:
    """Fills what is left of the page in a custom scroll view."""
    return Widget(
        {
            "child": child,
            "hasScrollBody": has_scroll_body,
            "fillOverscroll": fill_overscroll,
            "type": "sliverFillRemaining",
        }
    )


def sliver_grid(
    children: Sequence[Widget] | None = None,
    *,
    cross_axis_count: Whole | None = None,
    main_axis_spacing: Number | None = None,
    cross_axis_spacing: Number | None = None,
    child_aspect_ratio: Number | None = None,
    main_axis_extent: Number | None = None,
    add_automatic_keep_alives: Flag | None = None,
    add_repaint_boundaries: Flag | None = None,
    add_semantic_indexes: Flag | None = None,
) -> Widget:
    """A grid among slivers."""
    return Widget(
        {
            "crossAxisCount": cross_axis_count,
            "mainAxisSpacing": coercion.number(main_axis_spacing),
            "crossAxisSpacing": coercion.number(cross_axis_spacing),
            "childAspectRatio": coercion.number(child_aspect_ratio),
            "mainAxisExtent": coercion.number(main_axis_extent),
            "addAutomaticKeepAlives": add_automatic_keep_alives,
            "addRepaintBoundaries": add_repaint_boundaries,
            "addSemanticIndexes": add_semantic_indexes,
            "children": children,
            "type": "sliverGrid",
        }
    )


def sliver_list(
    children: Sequence[Widget] | None = None,
    *,
    add_automatic_keep_alives: Flag | None = None,
    add_repaint_boundaries: Flag | None = None,
    add_semantic_indexes: Flag | None = None,
    semantic_index_offset: Whole | None = None,
) -> Widget:
    """A list among slivers."""
    return Widget(
        {
            "children": children,
            "addAutomaticKeepAlives": add_automatic_keep_alives,
            "addRepaintBoundaries": add_repaint_boundaries,
            "addSemanticIndexes": add_semantic_indexes,
            "semanticIndexOffset": semantic_index_offset,
            "type": "sliverList",
        }
    )


def sliver_opacity(
    *,
    opacity: Number,
    always_include_semantics: Flag | None = None,
    sliver: Widget | None = None,
) -> Widget:
    """Makes a sliver partly transparent."""
    return Widget(
        {
            "opacity": coercion.number(opacity),
            "alwaysIncludeSemantics": always_include_semantics,
            "sliver": sliver,
            "type": "sliverOpacity",
        }
    )


def sliver_padding(
    *,
    padding: Number | EdgeInsets,
    sliver: Widget,
) -> Widget:
    """Keeps room around a sliver."""
    return Widget(
        {
            "padding": coercion.insets(padding),
            "sliver": sliver,
            "type": "sliverPadding",
        }
    )


def sliver_safe_area(
    *,
    left: Flag | None = None,
    top: Flag | None = None,
    right: Flag | None = None,
    bottom: Flag | None = None,
    minimum: Number | EdgeInsets | None = None,
    sliver: Widget,
) -> Widget:
    """Keeps a sliver clear of notches and system bars."""
    return Widget(
        {
            "left": left,
            "top": top,
            "right": right,
            "bottom": bottom,
            "minimum": coercion.insets(minimum),
            "sliver": sliver,
            "type": "sliverSafeArea",
        }
    )


def sliver_to_box_adapter(
    child: Widget | None = None,
) -> Widget:
    """Puts an ordinary widget among slivers."""
    return Widget(
        {
            "child": child,
            "type": "sliverToBoxAdapter",
        }
    )


def sliver_visibility(
    *,
    sliver: Widget,
    replacement_sliver: Widget | None = None,
    visible: Flag | None = None,
    maintain_state: Flag | None = None,
    maintain_animation: Flag | None = None,
    maintain_size: Flag | None = None,
    maintain_semantics: Flag | None = None,
    maintain_interactivity: Flag | None = None,
) -> Widget:
    """Shows or hides a sliver."""
    return Widget(
        {
            "sliver": sliver,
            "replacementSliver": replacement_sliver,
            "visible": visible,
            "maintainState": maintain_state,
            "maintainAnimation": maintain_animation,
            "maintainSize": maintain_size,
            "maintainSemantics": maintain_semantics,
            "maintainInteractivity": maintain_interactivity,
            "type": "sliverVisibility",
        }
    )


def spacer(
    *,
    flex: Whole | None = None,
) -> Widget:
    """Takes the room left in a row or column.

    When left out: `flex` 1.
    """
    return Widget(
        {
            "flex": flex,
            "type": "spacer",
        }
    )


def stack(
    children: Sequence[Widget] | None = None,
    *,
    alignment: enums.Alignment | None = None,
    clip_behavior: enums.Clip | None = None,
    fit: enums.StackFit | None = None,
    text_direction: enums.TextDirection | None = None,
) -> Widget:
    """Lays its children on top of each other.

    When left out: `alignment` topStart, `clip_behavior` hardEdge, `fit` loose.
    """
    return Widget(
        {
            "alignment": alignment,
            "clipBehavior": clip_behavior,
            "fit": fit,
            "textDirection": text_direction,
            "children": children,
            "type": "stack",
        }
    )


def table(
    children: Sequence[TableRow],
    *,
    column_widths: Mapping[int, TableColumnWidth] | None = None,
    default_column_width: TableColumnWidth | None = None,
    text_direction: enums.TextDirection | None = None,
    border: TableBorder | None = None,
    default_vertical_alignment: enums.TableCellVerticalAlignment | None = None,
    text_baseline: enums.TextBaseline | None = None,
) -> Widget:
    """Rows and columns of cells.

    `children` are tableRow objects {decoration, children}, not widgets; an extra type key on them is ignored.

    `column_widths` keys are integers written as strings.

    When left out: `default_vertical_alignment` top.
    """
    return Widget(
        {
            "children": children,
            "columnWidths": coercion.int_keys(column_widths),
            "defaultColumnWidth": default_column_width,
            "textDirection": text_direction,
            "border": border,
            "defaultVerticalAlignment": default_vertical_alignment,
            "textBaseline": text_baseline,
            "type": "table",
        }
    )


def table_cell(
    child: Widget | None = None,
    *,
    vertical_alignment: enums.TableCellVerticalAlignment | None = None,
) -> Widget:
    """One cell of a table row."""
    return Widget(
        {
            "verticalAlignment": vertical_alignment,
            "child": child,
            "type": "tableCell",
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


def visibility(
    child: Widget | None = None,
    *,
    visible: Flag | None = None,
    maintain_state: Flag | None = None,
    maintain_animation: Flag | None = None,
    maintain_size: Flag | None = None,
    maintain_semantics: Flag | None = None,
    maintain_interactivity: Flag | None = None,
    replacement: Widget | None = None,
) -> Widget:
    """Shows or hides its child."""
    return Widget(
        {
            "child": child,
            "visible": visible,
            "maintainState": maintain_state,
            "maintainAnimation": maintain_animation,
            "maintainSize": maintain_size,
            "maintainSemantics": maintain_semantics,
            "maintainInteractivity": maintain_interactivity,
            "replacement": replacement,
            "type": "visibility",
        }
    )


def wrap(
    children: Sequence[Widget] | None = None,
    *,
    direction: enums.Axis | None = None,
    alignment: enums.WrapAlignment | None = None,
    spacing: Number | None = None,
    run_alignment: enums.WrapAlignment | None = None,
    run_spacing: Number | None = None,
    cross_axis_alignment: enums.WrapCrossAlignment | None = None,
    text_direction: enums.TextDirection | None = None,
    vertical_direction: enums.VerticalDirection | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Lays its children out in lines, like words.

    When left out: `direction` horizontal, `alignment` start, `spacing` 0.0, `run_alignment` start,
    `run_spacing` 0.0, `cross_axis_alignment` start, `vertical_direction` down, `clip_behavior` none.
    """
    return Widget(
        {
            "direction": direction,
            "alignment": alignment,
            "spacing": coercion.number(spacing),
            "runAlignment": run_alignment,
            "runSpacing": coercion.number(run_spacing),
            "crossAxisAlignment": cross_axis_alignment,
            "textDirection": text_direction,
            "verticalDirection": vertical_direction,
            "clipBehavior": clip_behavior,
            "children": children,
            "type": "wrap",
        }
    )


def intrinsic_height(
    child: Widget | None = None,
) -> Widget:
    """Makes its child as high as it wants to be.

    Development line.
    """
    return Widget(
        {
            "child": child,
            "type": "intrinsicHeight",
        }
    )


def intrinsic_width(
    child: Widget | None = None,
) -> Widget:
    """Makes its child as wide as it wants to be.

    Development line (fields inferred from the height twin).
    """
    return Widget(
        {
            "child": child,
            "type": "intrinsicWidth",
        }
    )


def offstage(
    child: Widget | None = None,
    *,
    offstage: Flag | None = None,
) -> Widget:
    """Lays its child out without showing it.

    Development line.
    """
    return Widget(
        {
            "offstage": offstage,
            "child": child,
            "type": "offstage",
        }
    )


def sliver_offstage(
    *,
    offstage: Flag | None = None,
    sliver: Widget | None = None,
) -> Widget:
    """Lays a sliver out without showing it.

    Development line; type string inferred from the class name.
    """
    return Widget(
        {
            "offstage": offstage,
            "sliver": sliver,
            "type": "sliverOffstage",
        }
    )
