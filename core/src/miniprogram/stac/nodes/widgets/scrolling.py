# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the scrolling widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import Action, Color, EdgeInsets, Flag, Number, Whole


def carousel_view(
    children: Sequence[Widget] | None = None,
    *,
    carousel_type: enums.CarouselViewType | None = None,
    padding: Number | EdgeInsets | None = None,
    background_color: Color | None = None,
    elevation: Number | None = None,
    overlay_color: Color | None = None,
    item_snapping: Flag | None = None,
    shrink_extent: Number | None = None,
    scroll_direction: enums.Axis | None = None,
    reverse: Flag | None = None,
    on_tap: Action | None = None,
    enable_splash: Flag | None = None,
    item_extent: Number | None = None,
    flex_weights: Sequence[Whole] | None = None,
) -> Widget:
    """A row of items that scrolls and snaps.

    When left out: `carousel_type` regular, `item_snapping` false, `shrink_extent` 0.0, `scroll_direction`
    horizontal, `reverse` false, `enable_splash` true.
    """
    return Widget(
        {
            "carouselType": carousel_type,
            "padding": coercion.insets(padding),
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "overlayColor": overlay_color,
            "itemSnapping": item_snapping,
            "shrinkExtent": coercion.number(shrink_extent),
            "scrollDirection": scroll_direction,
            "reverse": reverse,
            "onTap": on_tap,
            "enableSplash": enable_splash,
            "itemExtent": coercion.number(item_extent),
            "flexWeights": flex_weights,
            "children": children,
            "type": "carouselView",
        }
    )


def custom_scroll_view(
    slivers: Sequence[Widget] | None = None,
    *,
    scroll_direction: enums.Axis | None = None,
    reverse: Flag | None = None,
    primary: Flag | None = None,
    physics: enums.ScrollPhysics | None = None,
    shrink_wrap: Flag | None = None,
    anchor: Number | None = None,
    cache_extent: Number | None = None,
    semantic_child_count: Whole | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    keyboard_dismiss_behavior: enums.ScrollViewKeyboardDismissBehavior | None = None,
    restoration_id: str | None = None,
    clip_behavior: enums.Clip | None = None,
    hit_test_behavior: enums.HitTestBehavior | None = None,
) -> Widget:
    """A scroll view made of slivers.

    When left out: `scroll_direction` vertical, `reverse` false, `shrink_wrap` false, `anchor` 0.0,
    `drag_start_behavior` start, `keyboard_dismiss_behavior` manual, `clip_behavior` hardEdge,
    `hit_test_behavior` opaque.
    """
    return Widget(
        {
            "slivers": slivers,
            "scrollDirection": scroll_direction,
            "reverse": reverse,
            "primary": primary,
            "physics": physics,
            "shrinkWrap": shrink_wrap,
            "anchor": coercion.number(anchor),
            "cacheExtent": coercion.number(cache_extent),
            "semanticChildCount": semantic_child_count,
            "dragStartBehavior": drag_start_behavior,
            "keyboardDismissBehavior": keyboard_dismiss_behavior,
            "restorationId": restoration_id,
            "clipBehavior": clip_behavior,
            "hitTestBehavior": hit_test_behavior,
            "type": "customScrollView",
        }
    )


def grid_view(
    children: Sequence[Widget] | None = None,
    *,
    scroll_direction: enums.Axis | None = None,
    reverse: Flag | None = None,
    primary: Flag | None = None,
    physics: enums.ScrollPhysics | None = None,
    shrink_wrap: Flag | None = None,
    padding: Number | EdgeInsets | None = None,
    cross_axis_count: Whole | None = None,
    main_axis_spacing: Number | None = None,
    cross_axis_spacing: Number | None = None,
    child_aspect_ratio: Number | None = None,
    main_axis_extent: Number | None = None,
    add_automatic_keep_alives: Flag | None = None,
    add_repaint_boundaries: Flag | None = None,
    add_semantic_indexes: Flag | None = None,
    cache_extent: Number | None = None,
    semantic_child_count: Whole | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    keyboard_dismiss_behavior: enums.ScrollViewKeyboardDismissBehavior | None = None,
    restoration_id: str | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """A scrolling grid.

    When left out: `scroll_direction` vertical, `reverse` false, `primary` false, `shrink_wrap` false,
    `main_axis_spacing` 0.0, `cross_axis_spacing` 0.0, `child_aspect_ratio` 1.0, `add_automatic_keep_alives`
    true, `add_repaint_boundaries` true, `add_semantic_indexes` true, `drag_start_behavior` start,
    `keyboard_dismiss_behavior` manual, `clip_behavior` hardEdge.
    """
    return Widget(
        {
            "scrollDirection": scroll_direction,
            "reverse": reverse,
            "primary": primary,
            "physics": physics,
            "shrinkWrap": shrink_wrap,
            "padding": coercion.insets(padding),
            "crossAxisCount": cross_axis_count,
            "mainAxisSpacing": coercion.number(main_axis_spacing),
            "crossAxisSpacing": coercion.number(cross_axis_spacing),
            "childAspectRatio": coercion.number(child_aspect_ratio),
            "mainAxisExtent": coercion.number(main_axis_extent),
            "addAutomaticKeepAlives": add_automatic_keep_alives,
            "addRepaintBoundaries": add_repaint_boundaries,
            "addSemanticIndexes": add_semantic_indexes,
            "cacheExtent": coercion.number(cache_extent),
            "children": children,
            "semanticChildCount": semantic_child_count,
            "dragStartBehavior": drag_start_behavior,
            "keyboardDismissBehavior": keyboard_dismiss_behavior,
            "restorationId": restoration_id,
            "clipBehavior": clip_behavior,
            "type": "gridView",
        }
    )


def list_view(
    children: Sequence[Widget] | None = None,
    *,
    scroll_direction: enums.Axis | None = None,
    reverse: Flag | None = None,
    primary: Flag | None = None,
    physics: enums.ScrollPhysics | None = None,
    shrink_wrap: Flag | None = None,
    padding: Number | EdgeInsets | None = None,
    add_automatic_keep_alives: Flag | None = None,
    add_repaint_boundaries: Flag | None = None,
    add_semantic_indexes: Flag | None = None,
    cache_extent: Number | None = None,
    separator: Widget | None = None,
    semantic_child_count: Whole | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    keyboard_dismiss_behavior: enums.ScrollViewKeyboardDismissBehavior | None = None,
    restoration_id: str | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """A scrolling list.

    ItemTemplate is consumed only when the listView is the direct template of a dynamicView (or provider
    builder); elsewhere it is ignored.

    Always built as a separated list: separator is placed between children.

    When left out: `scroll_direction` vertical, `reverse` false, `shrink_wrap` false,
    `add_automatic_keep_alives` true, `add_repaint_boundaries` true, `add_semantic_indexes` true,
    `drag_start_behavior` start, `keyboard_dismiss_behavior` manual, `clip_behavior` hardEdge.
    """
    return Widget(
        {
            "scrollDirection": scroll_direction,
            "reverse": reverse,
            "primary": primary,
            "physics": physics,
            "shrinkWrap": shrink_wrap,
            "padding": coercion.insets(padding),
            "addAutomaticKeepAlives": add_automatic_keep_alives,
            "addRepaintBoundaries": add_repaint_boundaries,
            "addSemanticIndexes": add_semantic_indexes,
            "cacheExtent": coercion.number(cache_extent),
            "children": children,
            "separator": separator,
            "semanticChildCount": semantic_child_count,
            "dragStartBehavior": drag_start_behavior,
            "keyboardDismissBehavior": keyboard_dismiss_behavior,
            "restorationId": restoration_id,
            "clipBehavior": clip_behavior,
            "type": "listView",
        }
    )


def page_view(
    children: Sequence[Widget] | None = None,
    *,
    scroll_direction: enums.Axis | None = None,
    reverse: Flag | None = None,
    physics: enums.ScrollPhysics | None = None,
    page_snapping: Flag | None = None,
    on_page_changed: Action | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    allow_implicit_scrolling: Flag | None = None,
    restoration_id: str | None = None,
    clip_behavior: enums.Clip | None = None,
    pad_ends: Flag | None = None,
    initial_page: Whole | None = None,
    keep_page: Flag | None = None,
    viewport_fraction: Number | None = None,
) -> Widget:
    """Pages to swipe through.

    When left out: `scroll_direction` horizontal, `reverse` false, `page_snapping` true, `drag_start_behavior`
    start, `allow_implicit_scrolling` false, `clip_behavior` hardEdge, `pad_ends` true, `initial_page` 0,
    `keep_page` true, `viewport_fraction` 1.0.
    """
    return Widget(
        {
            "scrollDirection": scroll_direction,
            "reverse": reverse,
            "physics": physics,
            "pageSnapping": page_snapping,
            "onPageChanged": on_page_changed,
            "dragStartBehavior": drag_start_behavior,
            "allowImplicitScrolling": allow_implicit_scrolling,
            "restorationId": restoration_id,
            "clipBehavior": clip_behavior,
            "padEnds": pad_ends,
            "initialPage": initial_page,
            "keepPage": keep_page,
            "viewportFraction": coercion.number(viewport_fraction),
            "children": children,
            "type": "pageView",
        }
    )


def refresh_indicator(
    child: Widget | None = None,
    *,
    displacement: Number | None = None,
    edge_offset: Number | None = None,
    on_refresh: Action | None = None,
    color: Color | None = None,
    background_color: Color | None = None,
    semantics_label: str | None = None,
    semantics_value: str | None = None,
    stroke_width: Number | None = None,
    trigger_mode: enums.RefreshIndicatorTriggerMode | None = None,
) -> Widget:
    """Runs an action when the list below is pulled down.

    When left out: `displacement` 40.0, `edge_offset` 0.0, `stroke_width` 2.5, `trigger_mode` onEdge.
    """
    return Widget(
        {
            "child": child,
            "displacement": coercion.number(displacement),
            "edgeOffset": coercion.number(edge_offset),
            "onRefresh": on_refresh,
            "color": color,
            "backgroundColor": background_color,
            "semanticsLabel": semantics_label,
            "semanticsValue": semantics_value,
            "strokeWidth": coercion.number(stroke_width),
            "triggerMode": trigger_mode,
            "type": "refreshIndicator",
        }
    )


def single_child_scroll_view(
    child: Widget | None = None,
    *,
    scroll_direction: enums.Axis | None = None,
    reverse: Flag | None = None,
    padding: Number | EdgeInsets | None = None,
    primary: Flag | None = None,
    physics: enums.ScrollPhysics | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    clip_behavior: enums.Clip | None = None,
    restoration_id: str | None = None,
    keyboard_dismiss_behavior: enums.ScrollViewKeyboardDismissBehavior | None = None,
) -> Widget:
    """Makes one child scroll.

    When left out: `scroll_direction` vertical, `reverse` false, `drag_start_behavior` start, `clip_behavior`
    hardEdge, `keyboard_dismiss_behavior` manual.
    """
    return Widget(
        {
            "scrollDirection": scroll_direction,
            "reverse": reverse,
            "padding": coercion.insets(padding),
            "primary": primary,
            "physics": physics,
            "child": child,
            "dragStartBehavior": drag_start_behavior,
            "clipBehavior": clip_behavior,
            "restorationId": restoration_id,
            "keyboardDismissBehavior": keyboard_dismiss_behavior,
            "type": "singleChildScrollView",
        }
    )
