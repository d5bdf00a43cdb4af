"""The levels of a document are counted once and believed by the checker, the one too many included."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.errors import ProjectError
from miniprogram.project.screen_limits import require_bounded
from miniprogram.stac.checker import MAX_DEPTH, MAX_VALUES, check_screen


def _nested(levels: int) -> dict[str, Any]:
    """A screen with `levels` levels of values."""
    node: dict[str, Any] = {"type": "text", "data": "Hello"}
    for _ in range(levels - 2):
        node = {"type": "center", "child": node}
    return node


@pytest.mark.parametrize("node", [{}, [], 1, {"a": [{"b": None}], "c": 1}])
def test_levels_are_counted_down_to_the_last_value(node: Any) -> None:
    def levels(value: Any) -> int:
        members = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        return 1 + max(map(levels, members), default=0)

    assert require_bounded(node, name="x") == levels(node)


@pytest.mark.parametrize(("levels", "codes"), [(MAX_DEPTH, []), (MAX_DEPTH + 1, ["too_deep"])])
def test_counted_levels_say_what_counting_again_would(levels: int, codes: list[str]) -> None:
    node = _nested(levels)
    counted = require_bounded(node, name="x")

    for given in (counted, None):
        assert [each.code for each in check_screen(node, screens=(), assets=(), levels=given)] == codes


@pytest.mark.parametrize(
    "node",
    [_nested(MAX_DEPTH + 2), [0] * MAX_VALUES, [[0] * (MAX_VALUES - 1)], {1: 2}, [{"a": {2: ""}}], [float("nan")]],
)
def test_what_no_screen_can_be_is_refused(node: Any) -> None:
    with pytest.raises(ProjectError, match=r"^the screen 'x' "):
        require_bounded(node, name="the screen 'x'")
