"""The number of tabs and pages under a tab controller must be its length, or the page fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miniprogram.stac.checks.run import PlacedNode, Run
from miniprogram.stac.json_path import JsonPath

_LISTS = {"tabBar": "tabs", "tabBarView": "children"}


def check_tab_count(run: Run, node: PlacedNode) -> None:
    """Compare the `length` of a defaultTabController with the bars and views that belong to it."""
    length = node.members.get("length")
    if type(length) is not int:
        return
    for location, widget in _parts_below(node.members, node.path):
        key = _LISTS[widget["type"]]
        items = widget.get(key)
        if isinstance(items, list) and len(items) != length:
            message = f'{len(items)} {key} under a "defaultTabController" of length {length}'
            run.error("tab_count", (location, key), message, f'set "length" to {len(items)}')


def _parts_below(controller: dict[str, Any], path: JsonPath) -> Iterator[tuple[JsonPath, dict[str, Any]]]:
    """The tab bars and views of `controller`: those with no other controller between."""
    waiting: list[tuple[JsonPath, Any]] = [((path, "child"), controller.get("child"))]
    while waiting:
        location, item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(((location, index), member) for index, member in enumerate(item))
        elif isinstance(item, dict) and item.get("type") != "defaultTabController":
            if item.get("type") in ("tabBar", "tabBarView"):
                yield location, item
            waiting.extend(((location, str(key)), member) for key, member in item.items())
