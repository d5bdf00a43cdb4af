"""A function of a plugin that does not take what it is called with is the plugin's fault, and found beforehand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.cli.framework.plugin_check import examine
from miniprogram.errors import PluginError
from miniprogram.plugins import additions
from miniprogram.plugins.additions import KINDS, Kind, read_additions
from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.spec_rules import miscalled
from miniprogram.plugins.specs import CommandSpec, ScreenSourceSpec

VALUES: dict[str, Any] = {
    "name": "acme", "summary": "a thing", "label": "thing", "suffix": ".moon", "storages": ("one",),
    "scheme": "acme", "path": ("moon",), "load": "acme:moon", "id": "acme", "feature": "acme", "command": "moon",
}  # fmt: skip
FUNCTIONS = [
    (kind, field)
    for kind in KINDS
    for field in kind.spec.fields
    if str(kind.spec.__annotations__[field]).startswith("Callable[[")
]


def spec_with(kind: Kind, function: Callable[..., Any], *others: str) -> Any:
    """A specification of that kind, with `function` in the fields `others` and whatever fits in the rest."""
    values = {}
    for field in kind.spec.fields:
        if str(kind.spec.__annotations__[field]).startswith("Callable[["):
            values[field] = function if field in others else lambda *_: None
        elif field in VALUES:
            values[field] = VALUES[field]
    return kind.spec(**values)


@pytest.mark.parametrize(("kind", "field"), FUNCTIONS, ids=lambda each: getattr(each, "title", each))
def test_each_function_of_a_specification_is_held_to_what_it_gets(kind: Kind, field: str) -> None:
    def takes_far_more(a: int, b: int, c: int, d: int) -> None:
        del a, b, c, d

    assert list(miscalled(spec_with(kind, takes_far_more))) == []
    (fault,) = miscalled(spec_with(kind, takes_far_more, field))
    assert fault.startswith(f"has a {field} that cannot be called with (")


def test_there_are_functions_to_hold() -> None:
    assert len(FUNCTIONS) >= 12


@pytest.mark.parametrize("kind", [each for each in KINDS if each.makes], ids=lambda each: each.title)
def test_a_factory_that_takes_something_else_is_told_as_the_plugins(kind: Kind) -> None:
    """It used to be called a mistake of ours: no line of the plugin was running."""
    (field, *_) = kind.makes
    (added,) = read_additions("acme", kind, [spec_with(kind, lambda a, b, c, d: None, field)])

    with pytest.raises(PluginError, match=rf"the {kind.title} .* of acme cannot be made: .* required positional"):
        getattr(added.spec, field)()


def test_what_a_factory_itself_does_wrong_is_raised_as_it_is() -> None:
    def adds_up(context: object) -> Any:
        return len(context)  # type: ignore[arg-type]

    (added,) = read_additions("acme", additions.SOURCES, [ScreenSourceSpec(".moon", "moons", adds_up)])

    with pytest.raises(TypeError):
        added.spec.create(7)


def test_plugins_check_finds_it_beforehand() -> None:
    class Acme:
        @hookimpl
        def miniprogram_screen_sources(self) -> list[ScreenSourceSpec]:
            return [ScreenSourceSpec(".moon", "moons", lambda: None)]  # type: ignore[misc]

    registry = Registry.built_in()
    registry.add("acme", Acme())

    (problem,) = [each for each in examine(registry) if each.plugin == "acme"]

    assert problem.severity == "error"
    assert "'.moon' has a create that cannot be called with (SourceContext): too many" in problem.message


def test_nothing_of_this_repository_is_called_wrongly(tmp_path: Path) -> None:
    registry = Registry.discover(cwd=tmp_path, environ={})

    assert [fault for kind in KINDS for each in registry.added(kind) for fault in miscalled(each.spec)] == []


def strange(context: object, moon: object) -> None:
    """Takes what no option can be."""


def test_a_command_whose_parameters_can_be_no_options_is_told_as_the_plugins() -> None:
    spec = CommandSpec(("moon",), "raise it", f"{__name__}:strange")

    with pytest.raises(
        PluginError, match=r"miniprogram moon cannot be loaded from .*test_miscalled: RuntimeError"
    ):
        load_command(spec, Registry.built_in)
