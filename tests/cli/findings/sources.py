"""Screens with room for a mistake, in every language, and the commands that find it."""

from __future__ import annotations

from collections.abc import Callable

PYTHON = """from components.part import part
from miniprogram.stac import ui
from miniprogram.stac.screens import screen


@screen
def case():
    return ui.column(
        [
            ui.text("a"),
            {here},
        ]
    )
"""
PART = "from miniprogram.stac import ui\n\n\ndef part():\n    return ui.center({here})\n"
JSON = '{{\n  "type": "column",\n  "children": [\n    {{"type": "text", "data": "a"}},\n    {here}\n  ]\n}}\n'
YAML = "# a comment\ntype: column\nchildren:\n  - type: text\n    data: a\n  - {here}\n"


Told = Callable[..., tuple[int, list[str]]]
DOORS = {
    "build": ["build"],
    "validate": ["validate"],
    "publish": ["publish", "--target", "static", "--output", "site"],
    "preview": ["preview", "--once"],
    "package": ["package", "build"],
}
"""Commands that check a mini-program, by what people call them."""
