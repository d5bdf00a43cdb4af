from __future__ import annotations

import subprocess
import sys

import pytest

from miniprogram.stac.catalog import CURRENT, Catalog, icon_names, load_catalog


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog()


def test_holds_every_node_of_stac_and_of_the_platform(catalog: Catalog) -> None:
    extensions = [name for name in catalog.widget_names if name.startswith("miniProgram")]

    assert (len(catalog.widget_names), len(catalog.action_names)) == (101 + 2, 12 + 5)
    assert extensions == ["miniProgramBackendBuilder", "miniProgramAuthBuilder"]


def test_a_property_says_what_it_takes(catalog: Catalog) -> None:
    text = catalog.widget("text")
    assert text is not None

    assert text.properties["data"].required
    assert text.properties["textAlign"].enum == "textAlign"
    assert text.properties["data"].is_current


def test_versions_are_kept_apart(catalog: Catalog) -> None:
    switch = catalog.widget("switch")
    assert switch is not None

    assert not switch.properties["activeColor"].is_current
    assert switch.properties["activeThumbColor"].versions == (CURRENT,)


def test_unknown_names_give_nothing(catalog: Catalog) -> None:
    assert catalog.widget("txet") is None
    assert catalog.action("text") is None
    assert catalog.value("text") is None
    assert icon_names("emoji") == frozenset()


def test_every_enumeration_and_type_that_is_named_exists(catalog: Catalog) -> None:
    nodes = [catalog.widget(name) for name in catalog.widget_names]
    nodes += [catalog.action(name) for name in catalog.action_names]
    properties = [one for node in nodes if node for one in node.properties.values()]
    properties += [one for name in catalog.value_names if (v := catalog.value(name)) for one in v.fields.values()]

    for one in properties:
        if one.enum is not None:
            assert one.enum in catalog.enums
        else:
            assert _base(one.type) in {*catalog.value_names, "enum"}


def _base(type_name: str) -> str:
    return type_name.partition("<")[2].rstrip(">").split(",")[-1] if "<" in type_name else type_name


def test_icons_are_known_by_family() -> None:
    assert "home_outlined" in icon_names("material")
    assert "heart_solid" in icon_names("cupertino")


def test_nothing_is_read_before_it_is_asked_for() -> None:
    program = """
import sys
from miniprogram.stac import actions, ui, values
ui.text("a", text_align="center")
actions.pop_screen()
print(*sorted(name for name in sys.modules if name.startswith("miniprogram.stac.nodes.")))
print(*sys.modules.keys() & {"json", "dataclasses", "difflib", "pydantic", "miniprogram.stac.catalog"})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    nodes, others = done.stdout.splitlines()
    assert [name.removeprefix("miniprogram.stac.nodes.") for name in nodes.split()] == [
        *("actions", "actions.platform", "coercion", "on_first_use", "widgets", "widgets.text")
    ]
    assert others == ""
