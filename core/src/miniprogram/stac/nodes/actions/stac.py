# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the actions Stac has itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Action, NetworkRequest
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Border,
        BoxConstraints,
        Color,
        Duration,
        EdgeInsets,
        Flag,
        NetworkResult,
        Number,
        ShapeBorder,
        SnackBarAction,
        Whole,
        Widget,
    )


def delay(
    milliseconds: Whole | None = None,
) -> Action:
    """Waits.

    Useful only inside a multiAction with sync true.

    When left out: `milliseconds` 1000.
    """
    return Action(
        {
            "milliseconds": milliseconds,
            "actionType": "delay",
        }
    )


def get_form_value(
    id: str,
) -> Action:
    """The text of a form field; a member of a request's body.

    Returns the string form of the value ("null" when missing).
    """
    return Action(
        {
            "id": id,
            "actionType": "getFormValue",
        }
    )


def multi_action(
    actions: Sequence[Action] | None = None,
    *,
    sync: Flag | None = None,
) -> Action:
    """Runs several actions.

    `sync` true awaits each action in turn; false starts all without waiting.

    Widget and action trees inside are not variable-resolved by the action layer itself.

    When left out: `sync` false.
    """
    return Action(
        {
            "actions": actions,
            "sync": sync,
            "actionType": "multiAction",
        }
    )


def navigate(
    *,
    request: NetworkRequest | None = None,
    widget_json: Widget | None = None,
    asset_path: str | None = None,
    route_name: str | None = None,
    navigation_style: enums.NavigationStyle | None = None,
    result: Mapping[str, object] | None = None,
    arguments: Mapping[str, object] | None = None,
) -> Action:
    """Opens or leaves a page of the host. For screens of the mini-program use `open_screen`.

    `navigation_style` absent means push.

    1.x: routeName with a push style opens a Stac Cloud screen of that name.

    The key route (seen in published snippets) is not read: the result is an empty page.
    """
    return Action(
        {
            "request": request,
            "widgetJson": widget_json,
            "assetPath": asset_path,
            "routeName": route_name,
            "navigationStyle": navigation_style,
            "result": result,
            "arguments": arguments,
            "actionType": "navigate",
        }
    )


def network_request(
    url: str,
    *,
    method: enums.HttpMethod | None = None,
    query_parameters: Mapping[str, object] | None = None,
    headers: Mapping[str, object] | None = None,
    content_type: str | None = None,
    body: object | None = None,
    results: Sequence[NetworkResult] | None = None,
) -> NetworkRequest:
    """Sends a request and runs the action for the answer's status.

    After the response the first results entry whose statusCode equals the response status runs its action; no
    match throws.

    Response data is not exposed to that action.

    When left out: `method` get.
    """
    return NetworkRequest(
        {
            "url": url,
            "method": method,
            "queryParameters": query_parameters,
            "headers": headers,
            "contentType": content_type,
            "body": body,
            "results": results,
            "actionType": "networkRequest",
        }
    )


def none() -> Action:
    """Does nothing; a button with it is enabled."""
    return Action({"actionType": "none"})


def set_value(
    values: Mapping[str, object] | None = None,
    *,
    action: Action | None = None,
) -> Action:
    """Stores variables, then runs an action.

    Stores values in the global registry then runs action.

    A null value removes the key.

    Does not rebuild the current screen by itself: already built widgets keep their text until rebuilt.
    """
    return Action(
        {
            "values": coercion.entries(values),
            "action": action,
            "actionType": "setValue",
        }
    )


def show_dialog(
    widget: Widget | None = None,
    *,
    request: NetworkRequest | None = None,
    asset_path: str | None = None,
    barrier_dismissible: Flag | None = None,
    barrier_color: Color | None = None,
    barrier_label: str | None = None,
    use_safe_area: Flag | None = None,
    traversal_edge_behavior: enums.TraversalEdgeBehavior | None = None,
) -> Action:
    """Shows a dialog.

    First present wins: widget, then assetPath, then request.

    Title and content belong to an alertDialog inside widget, not to the action.

    When left out: `barrier_dismissible` true, `use_safe_area` true.
    """
    return Action(
        {
            "widget": widget,
            "request": request,
            "assetPath": asset_path,
            "barrierDismissible": barrier_dismissible,
            "barrierColor": barrier_color,
            "barrierLabel": barrier_label,
            "useSafeArea": use_safe_area,
            "traversalEdgeBehavior": traversal_edge_behavior,
            "actionType": "showDialog",
        }
    )


def show_modal_bottom_sheet(
    widget: Widget | None = None,
    *,
    request: NetworkRequest | None = None,
    asset_path: str | None = None,
    background_color: Color | None = None,
    barrier_label: str | None = None,
    elevation: Number | None = None,
    shape: Border | None = None,
    constraints: BoxConstraints | None = None,
    barrier_color: Color | None = None,
    is_scroll_controlled: Flag | None = None,
    use_root_navigator: Flag | None = None,
    is_dismissible: Flag | None = None,
    enable_drag: Flag | None = None,
    show_drag_handle: Flag | None = None,
    use_safe_area: Flag | None = None,
) -> Action:
    """Shows a sheet that slides up.

    First present wins: widget, then assetPath, then request.

    When left out: `is_scroll_controlled` false, `use_root_navigator` false, `is_dismissible` true,
    `enable_drag` true, `use_safe_area` false.
    """
    return Action(
        {
            "widget": widget,
            "request": request,
            "assetPath": asset_path,
            "backgroundColor": background_color,
            "barrierLabel": barrier_label,
            "elevation": coercion.number(elevation),
            "shape": shape,
            "constraints": constraints,
            "barrierColor": barrier_color,
            "isScrollControlled": is_scroll_controlled,
            "useRootNavigator": use_root_navigator,
            "isDismissible": is_dismissible,
            "enableDrag": enable_drag,
            "showDragHandle": show_drag_handle,
            "useSafeArea": use_safe_area,
            "actionType": "showModalBottomSheet",
        }
    )


def show_snack_bar(
    content: Widget,
    *,
    background_color: Color | None = None,
    elevation: Number | None = None,
    margin: Number | EdgeInsets | None = None,
    padding: Number | EdgeInsets | None = None,
    width: Number | None = None,
    shape: ShapeBorder | None = None,
    hit_test_behavior: enums.HitTestBehavior | None = None,
    behavior: enums.SnackBarBehavior | None = None,
    action: SnackBarAction | None = None,
    action_overflow_threshold: Number | None = None,
    show_close_icon: Flag | None = None,
    close_icon_color: Color | None = None,
    duration: Duration | None = None,
    on_visible: Action | None = None,
    dismiss_direction: enums.DismissDirection | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Action:
    """Shows a message at the bottom of the page.

    Hides the current snackbar first.

    Needs a ScaffoldMessenger above.

    When left out: `duration` milliseconds 4000, `clip_behavior` hardEdge.
    """
    return Action(
        {
            "content": content,
            "backgroundColor": background_color,
            "elevation": coercion.number(elevation),
            "margin": coercion.insets(margin),
            "padding": coercion.insets(padding),
            "width": coercion.number(width),
            "shape": shape,
            "hitTestBehavior": hit_test_behavior,
            "behavior": behavior,
            "action": action,
            "actionOverflowThreshold": coercion.number(action_overflow_threshold),
            "showCloseIcon": show_close_icon,
            "closeIconColor": close_icon_color,
            "duration": duration,
            "onVisible": on_visible,
            "dismissDirection": dismiss_direction,
            "clipBehavior": clip_behavior,
            "actionType": "showSnackBar",
        }
    )


def validate_form(
    *,
    is_valid: Action | None = None,
    is_not_valid: Action | None = None,
) -> Action:
    """Validates the enclosing form and runs one of two actions.

    Runs isValid or isNotValid.

    Needs an enclosing form; without one the form counts as not valid.
    """
    return Action(
        {
            "isValid": is_valid,
            "isNotValid": is_not_valid,
            "actionType": "validateForm",
        }
    )


def pop(
    *,
    result: Mapping[str, object] | None = None,
) -> Action:
    """Leaves the page.

    Development line; before that use navigate with navigationStyle pop.
    """
    return Action(
        {
            "result": result,
            "actionType": "pop",
        }
    )
