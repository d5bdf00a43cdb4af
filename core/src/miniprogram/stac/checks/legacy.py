"""Names that used to be right, or are often written by mistake, and what to write instead.

Keyed by the widget, action or value type they belong to. Everything here stands in screens that people published.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RENAMED_WIDGETS = {"scrollView": "singleChildScrollView"}
"""Widget types of older releases, which render nothing today."""

RENAMED_ACTIONS = {"getFormDataValue": "getFormValue", "request": "networkRequest"}
"""Action types of older releases, which do nothing today."""

_RENAMED_KEYS: dict[tuple[str, str], str] = {
    ("text", "align"): "textAlign",
    ("text", "text"): "data",
    ("textSpan", "data"): "text",
    ("iconButton", "child"): "icon",
    ("icon", "iconData"): "icon",
    ("icon", "data"): "icon",
    ("navigate", "navigationType"): "navigationStyle",
    ("navigate", "route"): "routeName",
    ("delay", "duration"): "milliseconds",
    ("switch", "activeColor"): "activeThumbColor",
    ("bottomNavigationBar", "bottomNavigationBarType"): "barType",
    ("offset", "x"): "dx",
    ("offset", "y"): "dy",
}

_ADVICE: dict[tuple[str, str], str] = {
    ("textStyle", "styleFromTheme"): 'write {"type": "theme", "textTheme": …} instead of the whole style',
    ("radio", "groupValue"): 'write "groupValue" on the enclosing radioGroup',
    ("textField", "autovalidateMode"): 'use a "textFormField" inside a "form"',
    ("textField", "id"): 'use a "textFormField" inside a "form"',
    ("textFormField", "onChanged"): 'a "textField" has "onChanged"',
    ("setValue", "key"): 'write "values": [{"key": …, "value": …}]',
    ("setValue", "value"): 'write "values": [{"key": …, "value": …}]',
    ("showDialog", "title"): 'put an "alertDialog" with it into "widget"',
    ("showDialog", "content"): 'put an "alertDialog" with it into "widget"',
    ("showDialog", "message"): 'put an "alertDialog" with it into "widget"',
    ("showDialog", "actions"): 'put an "alertDialog" with it into "widget"',
    ("edgeInsets", "all"): "write the number itself instead of the object",
    ("edgeInsets", "horizontal"): 'write "left" and "right"',
    ("edgeInsets", "vertical"): 'write "top" and "bottom"',
    ("borderRadius", "all"): "write the number itself instead of the object",
}

_ANYWHERE = {
    "props": 'properties stand on the node itself; Stac has no "props" wrapper',
    "itemTemplate": 'only the direct template of a "dynamicView" repeats an "itemTemplate"',
    "ItemTemplate": 'write "itemTemplate" in the direct template of a "dynamicView"',
}


def advice_for(owner: str, key: str) -> str | None:
    """What to write instead of `key` on `owner`; None when nothing is known about it."""
    renamed = _RENAMED_KEYS.get((owner, key))
    if renamed is not None:
        return f'write "{renamed}"'
    return _ADVICE.get((owner, key)) or _ANYWHERE.get(key)


def replacement_in(owner: str, name: str, members: Mapping[str, Any]) -> str | None:
    """The old name of `name` that `members` has instead of it."""
    for (renamed_owner, old), new in _RENAMED_KEYS.items():
        if (renamed_owner, new) == (owner, name) and members.get(old) is not None:
            return old
    return None
