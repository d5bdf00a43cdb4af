"""The mutation runner: what it changes, and that its lists name things there are."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest
from mutants.__main__ import HERE, ROOT, equivalents
from mutants.operators import mutants_of

TARGETS = tomllib.loads((HERE / "targets.toml").read_text("utf-8"))["target"]


def changed(source: str) -> set[str]:
    return {ast.unparse(mutant.tree()) for mutant in mutants_of(source)}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a = b < c", {"a = b <= c"}),
        ("a = b >= c", {"a = b > c"}),
        ("a = b == c", {"a = b != c"}),
        ("a = b is None", {"a = b is not None"}),
        ("a = b in c", {"a = b not in c"}),
        ("a = 1 <= b < 9", {"a = 1 < b < 9", "a = 1 <= b <= 9", "a = 2 <= b < 9", "a = 1 <= b < 10"}),
        ("a = b and c", {"a = b or c", "a = b", "a = c"}),
        ("a = not b", {"a = b"}),
        ("a = b + 1", {"a = b - 1", "a = b + 2"}),
        ("a = b | c", {"a = b"}),
        ("a = (g.one, g.two)", {"a = (g.two,)", "a = (g.one,)"}),
        ("a = {R.one, R.two}", {"a = {R.two}", "a = {R.one}"}),
        ("put(key, body, if_match=etag)", {"put(key, body)", "pass"}),
        ("def f():\n    return g(1)", {"def f():\n    return None", "def f():\n    return g(2)"}),
        (
            "def f(a):\n    if a():\n        raise E",
            {"def f(a):\n    if not a():\n        raise E", "def f(a):\n    if a():\n        pass"},
        ),
    ],
)
def test_each_operator_changes_one_thing(source: str, wanted: set[str]) -> None:
    assert changed(source) == wanted


@pytest.mark.parametrize(
    "source",
    [
        '"""Some words."""',
        "import a",
        "a = f'{b + 1}'",
        "def f(a: X[1] | None=None) -> int | None:\n    pass",
        "@d(slots=True)\nclass C:\n    a: int = 1",
        "if TYPE_CHECKING:\n    a = 1",
        "log.info('x', n=1)",
        "Check = Callable[[A], B | None]",
        "T = TypeVar('T', bound=A)",
    ],
)
def test_what_no_test_is_about_is_left_alone(source: str) -> None:
    assert changed(source) == set()


def test_names_outlive_moving_lines_and_are_one_each() -> None:
    source = "def f(a):\n    return a < 1 or a < 1\n"

    before = [mutant.name for mutant in mutants_of(source)]
    after = [mutant.name for mutant in mutants_of("\n\n" + source)]

    assert before == after
    assert len(set(before)) == len(before)
    assert all(name.startswith("f: ") for name in before)


@pytest.mark.parametrize("path", sorted({path for each in TARGETS for path in (*each["modules"], *each["tests"])}))
def test_targets_are_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_equivalent_is_a_mutant_there_is_and_has_a_reason() -> None:
    known = {
        f"{module} {mutant.name}"
        for each in TARGETS
        for module in each["modules"]
        for mutant in mutants_of(Path(ROOT / module).read_text("utf-8"))
    }

    assert equivalents().keys() <= known
    assert all(len(reason) > 20 for reason in equivalents().values())
