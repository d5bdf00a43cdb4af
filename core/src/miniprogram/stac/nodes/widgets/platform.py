"""Widgets the mini-program platform adds: builders that show a backend answer or the state of the session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget

if TYPE_CHECKING:
    from miniprogram.stac.nodes.kinds import Flag, Method, Whole


def backend_builder(
    request_id: str,
    endpoint: str,
    *,
    method: Method = "GET",
    body: Mapping[str, object] | None = None,
    cache_ttl_seconds: Whole | None = None,
    force_refresh: Flag = False,
    loading: Widget | None = None,
    error: Widget | None = None,
    child: Widget | None = None,
    empty: Widget | None = None,
    items_path: str | None = None,
    item_template: Widget | None = None,
) -> Widget:
    """Load an answer of the publisher's backend and show it.

    `loading` and `error` stand in until there is one; `child` shows it, with texts like
    `{{backend.<request_id>.data.title}}`. With `item_template` a column is shown instead, one copy for each entry
    of `items_path` (`data.items` when left out) with texts like `{{item.title}}`, or `empty` when there is none.
    One request id belongs to one endpoint, and has no dot in it.
    """
    return Widget(
        {
            "type": "miniProgramBackendBuilder",
            "requestId": request_id,
            "endpoint": endpoint,
            "method": method,
            "body": body,
            "cacheTtlSeconds": cache_ttl_seconds,
            "forceRefresh": force_refresh or None,
            "loading": loading,
            "error": error,
            "child": child,
            "empty": empty,
            "itemTemplate": item_template,
            "itemsPath": items_path or None,
        }
    )


def auth_builder(
    *,
    loading: Widget | None = None,
    signed_out: Widget | None = None,
    signed_in: Widget | None = None,
    error: Widget | None = None,
) -> Widget:
    """Show one of these, as the session is; texts like `{{auth.user.email}}` are filled in.

    `error` falls back to `signed_out`. Needs the capability `auth`.
    """
    return Widget(
        {
            "type": "miniProgramAuthBuilder",
            "loading": loading,
            "signedOut": signed_out,
            "signedIn": signed_in,
            "error": error,
        }
    )
