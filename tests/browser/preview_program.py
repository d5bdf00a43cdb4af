"""The mini-program that tests of a preview look at."""

from __future__ import annotations

from typing import Any

from browser.preview_site import screen, text

FIELD = {"type": "textFormField", "id": "name", "decoration": {"labelText": "Name"}}
ROWS = [{"type": "listTile", "title": text(f"Row {number}")} for number in range(40)]
WIDE = {"type": "row", "children": [{"type": "sizedBox", "width": 900, "height": 20}]}
DETAILS = {
    "actionType": "miniProgramNavigation",
    "action": "openMiniProgramScreen",
    "payload": {"screenId": "shop_details"},
}


def home(title: str) -> dict[str, Any]:
    button = {"type": "filledButton", "child": text("Details"), "onPressed": DETAILS}
    return screen("Home", text(title), FIELD, button, *ROWS)
