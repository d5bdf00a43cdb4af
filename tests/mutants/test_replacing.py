"""A mutant in the place of what is loaded, whoever holds it, and in the place of what will be."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import pytest
from mutants.replacing import import_as, replace_functions

SOURCE = """
from functools import cache
TABLE = {"key": lambda n: n + 1}
LIMIT = 3
@cache
def cached(n):
    return n < 3
class Thing:
    def method(self, n):
        return [each for each in range(n) if each < 3]
    @property
    def shown(self):
        return LIMIT < 3
def outer():
    def inner(n):
        return n < 3
    return inner
made = outer()
"""


@pytest.fixture
def loaded(tmp_path: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "loaded"}
    exec(compile(SOURCE, str(tmp_path / "loaded.py"), "exec", dont_inherit=True), names)
    return names


def changed(old: str, new: str) -> ast.Module:
    assert old in SOURCE
    return ast.parse(SOURCE.replace(old, new))


def test_whoever_holds_a_function_runs_the_changed_one(tmp_path: Path, loaded: dict[str, Any]) -> None:
    thing, held = loaded["Thing"](), loaded["TABLE"]["key"]

    assert replace_functions(str(tmp_path / "loaded.py"), changed("< 3", "<= 3"))
    assert (loaded["cached"](3), thing.method(5), thing.shown, loaded["made"](3)) == (
        True,
        [0, 1, 2, 3],
        True,
        True,
    )
    assert replace_functions(str(tmp_path / "loaded.py"), changed("n + 1", "n + 2"))
    assert held(1) == 3


def test_what_is_made_at_import_is_no_function(tmp_path: Path, loaded: dict[str, Any]) -> None:
    assert not replace_functions(str(tmp_path / "loaded.py"), changed("LIMIT = 3", "LIMIT = 4"))
    assert not replace_functions(str(tmp_path / "other.py"), changed("< 3", "<= 3"))


def test_which_of_two_on_a_line_cannot_be_told(tmp_path: Path, loaded: dict[str, Any]) -> None:
    with pytest.raises(LookupError):
        replace_functions(str(tmp_path / "loaded.py"), changed("lambda n: n + 1", "(lambda n: n, lambda n: n)"))


def test_a_module_is_imported_as_it_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module_to_mutate.py").write_text("LIMIT = 3\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    import_as("module_to_mutate", ast.parse("LIMIT = 4\n"))

    import module_to_mutate  # type: ignore[import-not-found]

    monkeypatch.delitem(sys.modules, "module_to_mutate")
    assert module_to_mutate.LIMIT == 4
