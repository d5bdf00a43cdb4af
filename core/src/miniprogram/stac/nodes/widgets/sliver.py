# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the sliver widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes.kinds import EdgeInsets, Flag, Number, Whole


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
