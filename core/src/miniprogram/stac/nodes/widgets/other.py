# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the other widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from miniprogram.stac.nodes.kinds import NetworkRequest


def dynamic_view(
    request: NetworkRequest,
    *,
    target_path: str | None = None,
    template: Widget | None = None,
    result_target: str | None = None,
    empty_template: Widget | None = None,
    loader_widget: Widget | None = None,
    error_widget: Widget | None = None,
) -> Widget:
    """Loads data and fills a template with it."""
    return Widget(
        {
            "request": request,
            "targetPath": target_path,
            "template": template,
            "resultTarget": result_target,
            "emptyTemplate": empty_template,
            "loaderWidget": loader_widget,
            "errorWidget": error_widget,
            "type": "dynamicView",
        }
    )


def network_widget(
    request: NetworkRequest,
    *,
    loading_widget: Widget | None = None,
    error_widget: Widget | None = None,
) -> Widget:
    """Loads a whole widget tree and shows it."""
    return Widget(
        {
            "request": request,
            "loadingWidget": loading_widget,
            "errorWidget": error_widget,
            "type": "networkWidget",
        }
    )


def set_value(
    values: Mapping[str, object],
    *,
    child: Widget | None = None,
) -> Widget:
    """Stores variables for as long as it is shown.

    `values` set when the widget is created, removed when it is disposed.

    Placeholders inside setValue are resolved after the values are stored.
    """
    return Widget(
        {
            "values": coercion.entries(values),
            "child": child,
            "type": "setValue",
        }
    )


def dynamic_data_provider(
    child: Widget,
    *,
    id: str,
    request: NetworkRequest,
    target_path: str | None = None,
    loader_widget: Widget | None = None,
    error_widget: Widget | None = None,
) -> Widget:
    """Loads data for the template builders below it.

    Development line.
    """
    return Widget(
        {
            "id": id,
            "request": request,
            "child": child,
            "targetPath": target_path,
            "loaderWidget": loader_widget,
            "errorWidget": error_widget,
            "type": "dynamicDataProvider",
        }
    )


def template_builder(
    data: Sequence[object] | None = None,
    *,
    provider_id: str | None = None,
    data_path: str | None = None,
    item_template: Widget,
    child: Widget,
    empty_widget: Widget | None = None,
) -> Widget:
    """Repeats a template for the data of a provider.

    Development line.
    """
    return Widget(
        {
            "data": data,
            "providerId": provider_id,
            "dataPath": data_path,
            "itemTemplate": item_template,
            "child": child,
            "emptyWidget": empty_widget,
            "type": "templateBuilder",
        }
    )
