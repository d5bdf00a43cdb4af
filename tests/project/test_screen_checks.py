"""What plugins say of screens stands in `validate` as warnings, at the lines their authors wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import ToolError
from miniprogram.plugins.specs import ScreenCheckSpec, ScreenSourceSpec
from miniprogram.project.location import ProgramLocation
from miniprogram.project.validation.program import validate_program
from miniprogram.seams.screen_check import ScreenRemark
from miniprogram.stac.json_path import read_steps, write_steps

Write = Callable[[str, object], Path]
Sources = Mapping[str, ScreenSourceSpec]
Nodes = Mapping[str, dict[str, Any]]
MORE = "type: column\nchildren:\n- type: text\n  data: short\n- type: text\n  data: much too long\n"


def long_texts(screens: Nodes) -> Iterable[ScreenRemark]:
    for name, node in screens.items():
        for index, child in enumerate(node.get("children", ())):
            if len(child["data"]) > 8:
                yield ScreenRemark(name, "acme_long", f"$.children[{index}].data", "this text is long")


def test_a_remark_is_a_warning_at_its_line(location: ProgramLocation, sources: Sources, write: Write) -> None:
    write("stac/screens/more.yaml", MORE)

    report = validate_program(location, None, sources=sources, checks=[ScreenCheckSpec("Texts", long_texts)])

    [message] = report.messages
    assert (message.severity, message.code, message.path) == ("warning", "acme_long", "stac/screens/more.yaml")
    assert (message.line, message.column, message.message) == (6, 3, "this text is long")


def test_screens_with_errors_are_not_asked_about(
    location: ProgramLocation, sources: Sources, write: Write
) -> None:
    asked: list[str] = []
    write("stac/screens/wrong.json", {"type": "txt"})

    def ask(screens: Nodes) -> Iterable[ScreenRemark]:
        asked.extend(screens)
        return ()

    spec = ScreenCheckSpec("Names", ask)
    validate_program(location, None, sources=sources, checks=[spec])

    assert asked == ["shop_home"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ToolError("node gave no answer within 30 s"), "Layout: node gave no answer within 30 s"),
        (KeyError("children"), "Layout failed: KeyError: 'children'"),
    ],
)
def test_a_check_that_fails_is_told_and_the_others_are_asked(
    location: ProgramLocation, sources: Sources, write: Write, error: Exception, said: str
) -> None:
    write("stac/screens/more.yaml", MORE)

    def fail(_: Nodes) -> Iterable[ScreenRemark]:
        raise error

    checks = [ScreenCheckSpec("Layout", fail), ScreenCheckSpec("Texts", long_texts)]
    report = validate_program(location, None, sources=sources, checks=checks)

    assert [(each.code, each.severity) for each in report.messages] == [
        ("screen_check_failed", "warning"),
        ("acme_long", "warning"),
    ]
    assert report.messages[0].message == said


@pytest.mark.parametrize("steps", [(), ("body",), ("a", 0, "b"), ("odd key", 3), ('q"uote', "x"), ("1", 1)])
def test_a_path_is_read_as_it_is_written(steps: tuple[str | int, ...]) -> None:
    assert read_steps(write_steps(steps)) == steps
