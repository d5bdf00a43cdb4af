"""What a type checker says about screens: right ones pass, wrong ones are caught where they are wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

_HEAD = "from miniprogram.stac import actions, ui, values\nfrom miniprogram.stac.node import Widget\n"

_GOOD = """
from miniprogram.stac.nodes.kinds import Theme
from miniprogram.stac.screens import screen, theme

def card(text: str) -> Widget:
    return ui.card(ui.padding(ui.text(text, style="titleMedium", text_align="center"), padding=16))

@screen
def home() -> Widget:
    rows = [card("a"), ui.sized_box(height=24), ui.expanded(ui.spacer())]
    button = ui.filled_button(ui.text("Go"), on_pressed=actions.open_screen("details"))
    return ui.scaffold(app_bar=ui.app_bar(title=ui.text("Hi")), body=ui.column([*rows, button]))

@screen("details")
def details() -> Widget:
    style = values.text_style(font_size=28, font_weight="w700", color="#123456")
    price = ui.sized_box(ui.text("{{item.price}}", style=style), width=values.binding("item.width"))
    body = {"a": actions.get_form_value("a")}
    request = actions.network_request("https://example.org", method="post", body=body)
    return ui.column([ui.backend_builder("home", "home/x", item_template=price), ui.dynamic_view(request)])

@theme("light")
def light() -> Theme:
    return values.theme(brightness="light", card_theme=values.card_theme_data(elevation=2))
"""

_BAD = {
    "enum": 'ui.text("x", text_align="centre")',
    "missing argument": "ui.text()",
    "missing keyword": 'ui.conditional("true")',
    "number as text": 'ui.sized_box(height="24")',
    "text as number": "ui.text(3)",
    "widget as child list": "ui.column(ui.spacer())",
    "action as child": "ui.center(actions.none())",
    "widget as action": "ui.filled_button(on_pressed=ui.spacer())",
    "unknown parameter": "ui.text('x', colour='red')",
    "wrong value kind": "ui.container(decoration=values.border())",
    "style name": 'ui.text("x", style="bodyMedum")',
    "positional": "ui.sized_box(None, 24)",
    "plain text for a request": 'ui.network_widget(request="https://example.org")',
    "host action without a route": "actions.open_native_screen()",
    "method of a backend call": 'actions.backend_call("a", method="SEND")',
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """mypy's errors by file stem. One run for all samples: starting it is the slow part."""
    folder = tmp_path_factory.mktemp("samples")
    (folder / "good.py").write_text(_HEAD + _GOOD)
    for number, line in enumerate(_BAD.values()):
        (folder / f"bad{number}.py").write_text(f"{_HEAD}made: Widget | object = {line}\n")
    options = ["--strict", "--config-file=", f"--cache-dir={folder / 'cache'}"]
    command = [sys.executable, "-m", "mypy", *options, *folder.glob("*.py")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if match := re.match(r"(.+?)\.py:\d+: error: (.*)", line):
            found.setdefault(Path(match[1]).name, []).append(match[2])
    return found


def test_right_screens_pass(complaints: dict[str, list[str]]) -> None:
    assert complaints.get("good", []) == []


@pytest.mark.parametrize("number", range(len(_BAD)), ids=list(_BAD))
def test_wrong_screens_are_caught(number: int, complaints: dict[str, list[str]]) -> None:
    assert complaints.get(f"bad{number}")
