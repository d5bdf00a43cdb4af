"""Widgets by their JSON: for host apps that register widgets of their own, and for templates."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram.stac.node import Widget


def raw(members: Mapping[str, object]) -> Widget:
    """A widget by its JSON members, in their order. `type` must be among them."""
    return Widget(dict(members))


def with_item_template(template: Widget, item: Widget) -> Widget:
    """`template` with `item` appended to its children for every entry of the data.

    Only the root of a dynamic view's `template` is read this way.
    """
    return Widget({"itemTemplate": item, **template.members})
