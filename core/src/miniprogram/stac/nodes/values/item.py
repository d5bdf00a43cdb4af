# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the item values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.nodes import coercion, kinds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Action,
        BoxDecoration,
        ButtonStyle,
        Color,
        Flag,
        TextStyle,
        Whole,
        Widget,
    )


def text_span(
    *,
    text: str | None = None,
    style: enums.MaterialTextStyle | TextStyle | None = None,
    on_tap: Action | None = None,
) -> kinds.TextSpan:
    """A `textSpan`."""
    return kinds.TextSpan(
        {
            "text": text,
            "style": coercion.style(style),
            "onTap": on_tap,
        }
    )


def network_result(
    status_code: Whole,
    action: Action,
) -> kinds.NetworkResult:
    """A `networkResult`."""
    return kinds.NetworkResult(
        {
            "statusCode": status_code,
            "action": action,
        }
    )


def navigation_destination(
    *,
    icon: Widget,
    label: str,
    selected_icon: Widget | None = None,
    tooltip: str | None = None,
    enabled: Flag | None = None,
) -> kinds.NavigationDestination:
    """A `navigationDestination`."""
    return kinds.NavigationDestination(
        {
            "icon": icon,
            "label": label,
            "selectedIcon": selected_icon,
            "tooltip": tooltip,
            "enabled": enabled,
        }
    )


def bottom_navigation_bar_item(
    *,
    icon: Widget,
    label: str,
    active_icon: Widget | None = None,
    background_color: Color | None = None,
    tooltip: str | None = None,
) -> kinds.BottomNavigationBarItem:
    """A `bottomNavigationBarItem`."""
    return kinds.BottomNavigationBarItem(
        {
            "icon": icon,
            "label": label,
            "activeIcon": active_icon,
            "backgroundColor": background_color,
            "tooltip": tooltip,
        }
    )


def dropdown_menu_entry(
    *,
    value: object | None = None,
    label: str | None = None,
    label_widget: Widget | None = None,
    leading_icon: Widget | None = None,
    trailing_icon: Mapping[str, object] | None = None,
    enabled: Flag | None = None,
    style: ButtonStyle | None = None,
) -> kinds.DropdownMenuEntry:
    """A `dropdownMenuEntry`.

    When left out: `enabled` true.
    """
    return kinds.DropdownMenuEntry(
        {
            "value": value,
            "label": label,
            "labelWidget": label_widget,
            "leadingIcon": leading_icon,
            "trailingIcon": trailing_icon,
            "enabled": enabled,
            "style": style,
        }
    )


def snack_bar_action(
    *,
    text_color: Color | None = None,
    disabled_text_color: Color | None = None,
    background_color: Color | None = None,
    disabled_background_color: Color | None = None,
    label: str,
    on_pressed: Action,
) -> kinds.SnackBarAction:
    """A `snackBarAction`."""
    return kinds.SnackBarAction(
        {
            "textColor": text_color,
            "disabledTextColor": disabled_text_color,
            "backgroundColor": background_color,
            "disabledBackgroundColor": disabled_background_color,
            "label": label,
            "onPressed": on_pressed,
        }
    )


def table_row(
    *,
    decoration: BoxDecoration | None = None,
    children: Sequence[Widget] | None = None,
) -> kinds.TableRow:
    """A `tableRow`."""
    return kinds.TableRow(
        {
            "decoration": decoration,
            "children": children,
        }
    )
