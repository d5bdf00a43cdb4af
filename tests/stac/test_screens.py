from __future__ import annotations

from types import ModuleType

import pytest

from miniprogram.errors import ProjectError
from miniprogram.stac.screens import make, marked

_HEAD = """
from miniprogram.stac import ui, values
from miniprogram.stac.node import Widget
from miniprogram.stac.screens import screen, theme
"""


def _module(source: str, name: str = "shop") -> ModuleType:
    module = ModuleType(name)
    exec(_HEAD + source, module.__dict__)
    return module


def test_finds_screens_and_themes_in_order() -> None:
    module = _module("""
@screen
def shop_home() -> Widget:
    return card("x")

def card(text: str) -> Widget:
    return ui.card(ui.text(text))

@screen("shop_details")
def details() -> Widget:
    return card("y")

@theme("light")
def light():
    return values.theme(brightness="light")
""")

    found = marked(module)

    assert [(one.name, one.kind) for one in found] == [
        ("shop_home", "screen"),
        ("shop_details", "screen"),
        ("light", "theme"),
    ]
    assert [make(one) for one in found] == [
        {"child": {"data": "x", "type": "text"}, "type": "card"},
        {"child": {"data": "y", "type": "text"}, "type": "card"},
        {"brightness": "light"},
    ]


def test_imported_screens_belong_to_their_own_module() -> None:
    module = _module("@screen\ndef home(): return ui.spacer()")
    other = ModuleType("other")
    other.__dict__["home"] = module.__dict__["home"]

    assert marked(other) == []


def test_one_name_twice_is_refused() -> None:
    module = _module('@screen("a")\ndef one(): return ui.spacer()\n@screen("a")\ndef two(): return ui.spacer()')

    with pytest.raises(ProjectError, match='screen "a" is made twice, on line 5 and on line 7'):
        marked(module)


def test_two_names_for_one_function_are_one_screen() -> None:
    module = _module("@screen\ndef home(): return ui.spacer()\nstart = home")

    assert [one.name for one in marked(module)] == ["home"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("@screen\ndef home(): pass", 'screen "home" returned NoneType where a widget is wanted'),
        ("@screen\ndef home(): return {'type': 'text'}", "returned dict"),
        ("@screen\ndef home(title): return ui.text(title)", "wants some"),
        ("@screen\ndef home(): return values.border(width=1)", "returned Border where a widget is wanted"),
        ("@theme\ndef light(): return ui.spacer()", "returned Widget where a theme is wanted"),
    ],
    ids=["nothing", "a dict", "arguments", "a value", "a widget for a theme"],
)
def test_what_is_no_screen_is_named(source: str, problem: str) -> None:
    (home,) = marked(_module(source))

    with pytest.raises(ProjectError) as failure:
        make(home)

    assert problem in str(failure.value)


def test_optional_arguments_are_fine() -> None:
    (home,) = marked(_module('@screen\ndef home(title="x", *rest, **more): return ui.text(title)'))

    assert make(home) == {"data": "x", "type": "text"}
