"""The constructors are what the catalogue says."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

from miniprogram.stac import actions, ui, values
from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.generate import PACKAGE, generated_files, render
from miniprogram.stac.generation.naming import snake


@pytest.mark.parametrize(("name", "text"), render().items(), ids=list(render()))
def test_the_files_are_up_to_date(name: str, text: str) -> None:
    assert (PACKAGE / name).read_text(encoding="utf-8") == text, "run python -m miniprogram.stac.generate"


def test_no_file_is_left_of_what_is_generated_no_more() -> None:
    assert generated_files() == set(render())


@pytest.mark.parametrize("module", [ui, actions, values], ids=["ui", "actions", "values"])
def test_what_is_not_there_is_told_with_what_was_meant(module: ModuleType) -> None:
    known = {"ui": "sizedBox", "actions": "openScreen", "values": "BoxDecoration"}
    name = known[module.__name__.rpartition(".")[2]]

    with pytest.raises(AttributeError) as told:
        getattr(module, name)

    assert str(told.value) == f'{module.__name__} has no {name!r}; did you mean "{snake(name)}"?'
    assert not hasattr(module, "nothing_like_it")


@pytest.mark.parametrize("module", [ui, actions, values], ids=["ui", "actions", "values"])
def test_a_prompt_completes_what_is_not_loaded_yet(module: ModuleType) -> None:
    assert dir(module) == module.__all__


def test_every_widget_and_action_has_a_constructor() -> None:
    catalog = load_catalog()
    widgets = [name for name in catalog.widget_names if not name.startswith("miniProgram")]
    plain_actions = [name for name in catalog.action_names if not name.startswith(("miniProgram", "host"))]

    assert {snake(name) for name in widgets} | {
        "raw",
        "with_item_template",
        "auth_builder",
        "backend_builder",
    } == set(ui.__all__)
    assert {snake(name) for name in plain_actions} <= set(actions.__all__)


@pytest.mark.parametrize("module", [ui, actions, values], ids=["ui", "actions", "values"])
def test_every_constructor_explains_itself(module: object) -> None:
    for name in module.__all__:  # type: ignore[attr-defined]
        text = inspect.getdoc(getattr(module, name)) or ""
        assert text.split("\n")[0].endswith((".", ":")), name


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("sizedBox", "sized_box"),
        ("clipRRect", "clip_rrect"),
        ("webView", "web_view"),
        ("enableIMEPersonalizedLearning", "enable_ime_personalized_learning"),
        ("in", "in_"),
    ],
)
def test_names_follow_python(name: str, python: str) -> None:
    assert snake(name) == python
