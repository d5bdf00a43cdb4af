"""A node of Stac JSON as Flet's controls, which Flet's compiled client turns into Flutter's widgets.

Only what the picture cases use. A property that is not known here ends the recording: a picture of something else
than the case says would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import flet as ft

Node = dict[str, Any]
Maker = Callable[[Node], ft.Control]
MAKERS: dict[str, Maker] = {}
NEVER_USED = frozenset({"type", "id", "actionType"})


class NotKnownHereError(Exception):
    """A type or property that this module has no Flet control for."""


def of_type(*names: str, known: str = "") -> Callable[[Maker], Maker]:
    """Registers a maker and the properties that it looks at."""
    properties = NEVER_USED | set(known.split())

    def register(make: Maker) -> Maker:
        def checked(node: Node) -> ft.Control:
            if unknown := set(node) - properties:
                raise NotKnownHereError(f"{node['type']}: {', '.join(sorted(unknown))}")
            return make(node)

        for name in names:
            MAKERS[name] = checked
        return make

    return register


def control(node: Node) -> ft.Control:
    try:
        make = MAKERS[node["type"]]
    except KeyError:
        raise NotKnownHereError(node["type"]) from None
    return make(node)


def maybe(node: Node, slot: str) -> ft.Control | None:
    return control(node[slot]) if slot in node else None


def many(node: Node, slot: str = "children") -> list[ft.Control]:
    return [control(each) for each in node.get(slot, [])]


def pressed(node: Node, slot: str = "onPressed") -> dict[str, Any]:
    """A control without a listener is drawn as disabled, as in Flutter."""
    return {"on_click": lambda _: None} if slot in node else {"disabled": True}


def icon_name(node: Node) -> Any:
    return getattr(ft.Icons, node["icon"].upper())


def text_of(node: Node | None) -> str | None:
    return None if node is None else str(node["data"])


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def enum(kind: Any, value: str | None) -> Any:
    return None if value is None else kind[snake(value).upper()]


@of_type("text", known="data style maxLines textAlign")
def text(node: Node) -> ft.Control:
    style = node.get("style")
    theme = None if style is None else getattr(ft.TextThemeStyle, snake(style).upper())
    return ft.Text(node["data"], theme_style=theme, text_align=enum(ft.TextAlign, node.get("textAlign")))


@of_type("icon", known="icon size")
def icon(node: Node) -> ft.Control:
    return ft.Icon(icon_name(node), size=node.get("size"))


@of_type("sizedBox", known="width height child")
def sized_box(node: Node) -> ft.Control:
    inner = maybe(node, "child") or ft.Container(width=0, height=0)
    return ft.Container(width=node.get("width"), height=node.get("height"), content=inner)


@of_type("container", known="color padding child")
def container(node: Node) -> ft.Control:
    return ft.Container(bgcolor=node.get("color"), padding=node.get("padding"), content=maybe(node, "child"))


@of_type("padding", known="padding child")
def padding(node: Node) -> ft.Control:
    return ft.Container(padding=node["padding"], content=maybe(node, "child"))


@of_type("row", "column", known="children spacing mainAxisSize crossAxisAlignment")
def flex(node: Node) -> ft.Control:
    cross = ft.CrossAxisAlignment[node.get("crossAxisAlignment", "center").upper()]
    same = {"controls": many(node), "spacing": node.get("spacing", 0), "tight": node.get("mainAxisSize") == "min"}
    if node["type"] == "row":
        return ft.Row(vertical_alignment=cross, **same)
    return ft.Column(horizontal_alignment=cross, **same)


@of_type("filledButton", known="child onPressed")
def filled_button(node: Node) -> ft.Control:
    return ft.FilledButton(content=control(node["child"]), **pressed(node))


@of_type("elevatedButton", known="child onPressed style")
def elevated_button(node: Node) -> ft.Control:
    size = node.get("style", {}).get("textStyle", {}).get("fontSize")
    style = None if size is None else ft.ButtonStyle(text_style=ft.TextStyle(size=size))
    return ft.Button(content=control(node["child"]), style=style, **pressed(node))


@of_type("outlinedButton", known="child onPressed")
def outlined_button(node: Node) -> ft.Control:
    return ft.OutlinedButton(content=control(node["child"]), **pressed(node))


@of_type("textButton", known="child onPressed")
def text_button(node: Node) -> ft.Control:
    return ft.TextButton(content=control(node["child"]), **pressed(node))


@of_type("iconButton", known="icon onPressed isSelected")
def icon_button(node: Node) -> ft.Control:
    return ft.IconButton(icon=icon_name(node["icon"]), selected=node.get("isSelected"), **pressed(node))


@of_type("floatingActionButton", known="child icon buttonType onPressed")
def floating_action_button(node: Node) -> ft.Control:
    if node.get("buttonType") == "extended":
        return ft.FloatingActionButton(
            content=control(node["child"]), icon=icon_name(node["icon"]), on_click=lambda _: None
        )
    return ft.FloatingActionButton(
        icon=icon_name(node["child"]), mini=node.get("buttonType") == "small", on_click=lambda _: None
    )


@of_type("checkBox", known="value tristate onChanged isError")
def check_box(node: Node) -> ft.Control:
    return ft.Checkbox(
        value=node.get("value"), tristate=node.get("tristate", False), error=node.get("isError", False)
    )


@of_type("radioGroup", known="groupValue child")
def radio_group(node: Node) -> ft.Control:
    return ft.RadioGroup(value=node["groupValue"], content=control(node["child"]))


@of_type("radio", known="value onChanged")
def radio(node: Node) -> ft.Control:
    return ft.Radio(value=node["value"])


@of_type("switch", known="value onChanged activeThumbColor activeTrackColor inactiveThumbColor inactiveTrackColor")
def switch(node: Node) -> ft.Control:
    return ft.Switch(
        value=node["value"],
        active_color=node.get("activeThumbColor"),
        active_track_color=node.get("activeTrackColor"),
        inactive_thumb_color=node.get("inactiveThumbColor"),
        inactive_track_color=node.get("inactiveTrackColor"),
    )


@of_type("slider", known="value min max divisions onChanged activeColor inactiveColor thumbColor")
def slider(node: Node) -> ft.Control:
    return ft.Slider(
        value=node["value"],
        min=node.get("min", 0),
        max=node.get("max", 1),
        divisions=node.get("divisions"),
        active_color=node.get("activeColor"),
        inactive_color=node.get("inactiveColor"),
        thumb_color=node.get("thumbColor"),
    )


@of_type("chip", known="label onDeleted backgroundColor elevation")
def chip(node: Node) -> ft.Control:
    return ft.Chip(
        label=control(node["label"]),
        bgcolor=node.get("backgroundColor"),
        elevation=node.get("elevation"),
        on_delete=(lambda _: None) if "onDeleted" in node else None,
        show_checkmark=False,
        on_click=lambda _: None,
    )


@of_type("textField", known="decoration initialValue enabled maxLines maxLength obscureText")
def text_field(node: Node) -> ft.Control:
    look = dict(node.get("decoration", {}))
    known = "labelText hintText helperText errorText filled prefixIcon suffixIcon border prefixText suffixText"
    if unknown := set(look) - set(known.split()):
        raise NotKnownHereError(f"decoration: {', '.join(sorted(unknown))}")
    outlined = look.get("border", {}).get("type") == "outlineInputBorder"
    return ft.TextField(
        value=node.get("initialValue", ""),
        label=look.get("labelText"),
        hint_text=look.get("hintText"),
        helper=look.get("helperText"),
        error=look.get("errorText"),
        filled=look.get("filled", False),
        prefix_icon=icon_name(look["prefixIcon"]) if "prefixIcon" in look else None,
        suffix_icon=icon_name(look["suffixIcon"]) if "suffixIcon" in look else None,
        border=ft.OutlineInputBorder() if outlined else ft.UnderlineInputBorder(),
        disabled=node.get("enabled") is False,
        multiline=node.get("maxLines", 1) > 1,
        min_lines=node.get("maxLines"),
        max_lines=node.get("maxLines"),
        max_length=node.get("maxLength"),
        password=node.get("obscureText", False),
    )


@of_type("card", known="child elevation")
def card(node: Node) -> ft.Control:
    return ft.Card(content=control(node["child"]), elevation=node.get("elevation"))


@of_type("listTile", known="title subtitle leading trailing isThreeLine selected enabled dense onTap")
def list_tile(node: Node) -> ft.Control:
    return ft.ListTile(
        title=maybe(node, "title"),
        subtitle=maybe(node, "subtitle"),
        leading=maybe(node, "leading"),
        trailing=maybe(node, "trailing"),
        is_three_line=node.get("isThreeLine", False),
        selected=node.get("selected", False),
        disabled=node.get("enabled") is False,
        dense=node.get("dense", False),
    )


@of_type("divider", known="height thickness indent endIndent")
def divider(node: Node) -> ft.Control:
    return ft.Divider(
        height=node.get("height"),
        thickness=node.get("thickness"),
        leading_indent=node.get("indent"),
        trailing_indent=node.get("endIndent"),
    )


@of_type("verticalDivider", known="width thickness")
def vertical_divider(node: Node) -> ft.Control:
    return ft.VerticalDivider(width=node.get("width"), thickness=node.get("thickness"))


@of_type("circleAvatar", known="child radius")
def circle_avatar(node: Node) -> ft.Control:
    return ft.CircleAvatar(content=maybe(node, "child"), radius=node.get("radius"))


@of_type("linearProgressIndicator", known="value minHeight borderRadius color backgroundColor")
def linear_progress(node: Node) -> ft.Control:
    return ft.ProgressBar(
        value=node["value"],
        bar_height=node.get("minHeight"),
        border_radius=node.get("borderRadius"),
        color=node.get("color"),
        bgcolor=node.get("backgroundColor"),
    )


@of_type("circularProgressIndicator", known="value")
def circular_progress(node: Node) -> ft.Control:
    return ft.ProgressRing(value=node["value"])


@of_type("badge", known="child label count")
def badge(node: Node) -> ft.Control:
    inner = control(node["child"])
    label = str(node["count"]) if "count" in node else text_of(node.get("label"))
    inner.badge = ft.Badge(label=label) if label is not None else ft.Badge()
    return inner


@of_type("appBar", known="title actions leading centerTitle")
def app_bar(node: Node) -> ft.AppBar:
    return ft.AppBar(
        title=maybe(node, "title"),
        actions=many(node, "actions"),
        leading=maybe(node, "leading"),
        center_title=node.get("centerTitle", False),
    )


@of_type("navigationBar", known="destinations selectedIndex")
def navigation_bar(node: Node) -> ft.NavigationBar:
    places = [
        ft.NavigationBarDestination(icon=icon_name(each["icon"]), label=each["label"])
        for each in node["destinations"]
    ]
    return ft.NavigationBar(destinations=places, selected_index=node.get("selectedIndex", 0))


@of_type("defaultTabController", known="child length initialIndex")
def tab_controller(node: Node) -> ft.Control:
    return ft.Tabs(
        content=control(node["child"]), length=node["length"], selected_index=node.get("initialIndex", 0)
    )


@of_type("tabBar", known="tabs")
def tab_bar(node: Node) -> ft.Control:
    tabs = [
        ft.Tab(label=each.get("text"), icon=icon_name(each["icon"]) if "icon" in each else None)
        for each in node["tabs"]
    ]
    return ft.TabBar(tabs=tabs, scrollable=False)


@of_type("alertDialog", known="title content actions icon")
def alert_dialog(node: Node) -> ft.AlertDialog:
    return ft.AlertDialog(
        title=maybe(node, "title"),
        content=maybe(node, "content"),
        actions=many(node, "actions"),
        icon=maybe(node, "icon"),
        content_padding=ft.Padding(left=24, top=16, right=24, bottom=24),
    )


@of_type("dropdownMenu", known="label dropdownMenuEntries initialSelection width hintText")
def dropdown_menu(node: Node) -> ft.Control:
    options = [ft.DropdownOption(key=each["value"], text=each["label"]) for each in node["dropdownMenuEntries"]]
    return ft.Dropdown(
        options=options,
        value=node.get("initialSelection"),
        label=text_of(node.get("label")),
        hint_text=node.get("hintText"),
        width=node.get("width"),
        editable=True,
    )


def snack_bar(action: Node) -> ft.SnackBar:
    """Of a `showSnackBar`."""
    button = action.get("action")
    return ft.SnackBar(
        content=control(action["content"]),
        action=ft.SnackBarAction(label=button["label"], on_click=lambda _: None) if button else None,
        show_close_icon=action.get("showCloseIcon", False),
        behavior=enum(ft.SnackBarBehavior, action.get("behavior")),
    )


def bottom_sheet(action: Node) -> ft.BottomSheet:
    """Of a `showModalBottomSheet`."""
    return ft.BottomSheet(content=control(action["widget"]), show_drag_handle=action.get("showDragHandle", False))
