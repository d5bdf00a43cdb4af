"""What each child slot of each widget means for the nodes in it: who lays them out and what lies around them."""

from __future__ import annotations

from miniprogram.stac.checks.scope import ANY_BINDING, Holder, Step

_HOLDERS: dict[str, Holder] = {"row": "flex", "column": "flex", "stack": "stack"}

_TRANSPARENT = frozenset(
    {
        "bottomNavigationView",
        "conditional",
        "defaultBottomNavigationController",
        "defaultNavigationController",
        "defaultTabController",
        "dynamicDataProvider",
        "dynamicView",
        "form",
        "miniProgramAuthBuilder",
        "miniProgramBackendBuilder",
        "navigationView",
        "networkWidget",
        "radioGroup",
        "setValue",
        "templateBuilder",
    }
)
"""Widgets that draw nothing themselves: for layout, their child stands where they stand."""

_AROUND = {
    "defaultBottomNavigationController": "bottomTabs",
    "defaultTabController": "tabs",
    "form": "form",
    "miniProgramAuthBuilder": "builder",
    "miniProgramBackendBuilder": "builder",
    "radioGroup": "radioGroup",
}

_SLIVER_SLOTS = frozenset({"sliver", "slivers", "replacementSliver"})
_BUILDER_ROOTS = frozenset({"backend", "auth"})
_RESPONSE_SLOTS = frozenset({("dynamicView", "template"), ("templateBuilder", "itemTemplate")})
_BUILDERS = frozenset({"miniProgramAuthBuilder", "miniProgramBackendBuilder"})
_PAGES = frozenset({("navigate", "widgetJson"), ("showDialog", "widget"), ("showModalBottomSheet", "widget")})

BOX = Step()
"""An ordinary slot."""

UNCHANGED = Step(holder=None)
"""Action slots: actions have no place in the layout, and what lies around the widget lies around them."""

ITEMS_OF_RESPONSE = Step(bindings=frozenset({ANY_BINDING}))


def step_into(owner: str, slot: str) -> Step:
    """What changes for the child in `owner`'s `slot`. `owner` is a widget or an action."""
    if (owner, slot) in _PAGES:
        return Step(leaves_page=True)
    holder: Holder | None = "slivers" if slot in _SLIVER_SLOTS else _HOLDERS.get(owner, "box")
    if (owner, slot) == ("miniProgramBackendBuilder", "itemTemplate"):
        holder = "flex"  # the list is a column
    elif owner in _TRANSPARENT:
        holder = None
    around = frozenset({_AROUND[owner]}) if owner in _AROUND else frozenset[str]()
    return Step(holder, around, _bindings(owner, slot), is_column=holder == "flex" and owner not in _HOLDERS)


def holder_of_children(widget: str) -> Holder:
    """How `widget` lays out its `children`: for the items a template appends to them."""
    return _HOLDERS.get(widget, "box")


def _bindings(owner: str, slot: str) -> frozenset[str]:
    if (owner, slot) in _RESPONSE_SLOTS:
        return frozenset({ANY_BINDING})
    if owner not in _BUILDERS:
        return frozenset()
    return _BUILDER_ROOTS | {"item"} if slot == "itemTemplate" else _BUILDER_ROOTS


def is_transparent(widget: str) -> bool:
    return widget in _TRANSPARENT
