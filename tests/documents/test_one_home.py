"""Facts and loops that have one home in the sources."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    path.relative_to(ROOT).as_posix(): path
    for pattern in ("core/src", "plugins/*/src")
    for folder in ROOT.glob(pattern)
    for path in folder.rglob("*.py")
}
SECOND_LOOP = """
while True:
    found = store.get(key)
    try:
        store.put(key, body, if_match=found.etag)
    except PreconditionFailed:
        continue
"""
SECOND_TABLE = """TYPES = {".png": "image/png", ".json": JSON}"""


def retried_writes(tree: ast.AST) -> Iterator[int]:
    """Lines of loops that write on a condition and go on when somebody else was first."""
    for loop in ast.walk(tree):
        if isinstance(loop, ast.While | ast.For):
            inside = list(ast.walk(loop))
            writes = any(isinstance(each, ast.keyword) and each.arg == "if_match" for each in inside)
            caught = [each for each in inside if isinstance(each, ast.ExceptHandler) and each.type is not None]
            if writes and any("PreconditionFailed" in ast.unparse(each.type or each) for each in caught):
                yield loop.lineno


def type_tables(tree: ast.AST) -> Iterator[int]:
    """Lines of tables that give content types of images: what everybody who makes such a table begins with."""
    for table in ast.walk(tree):
        if isinstance(table, ast.Dict):
            values = [each.value for each in table.values if isinstance(each, ast.Constant)]
            if "image/png" in values:
                yield table.lineno


Finder = Callable[[ast.AST], Iterator[int]]


@pytest.mark.parametrize(
    ("find", "home", "second"),
    [
        (retried_writes, "core/src/miniprogram/documents/conditional_write.py", SECOND_LOOP),
        (type_tables, "core/src/miniprogram/delivery/documents/content_types.py", SECOND_TABLE),
    ],
    ids=["compare and swap", "content types"],
)
def test_it_has_one_home(find: Finder, home: str, second: str) -> None:
    homes = [name for name, path in MODULES.items() if list(find(ast.parse(path.read_text("utf-8"))))]

    assert homes == [home]
    assert list(find(ast.parse(second))), "a second one would be seen"


def test_models_of_core_and_its_server_take_camel_case_from_one_base() -> None:
    """Plugins write a settings model of their own: the bases of core are not public."""
    ours = {name: path for name, path in MODULES.items() if name.startswith(("core/", "plugins/server/"))}
    homes = [name for name, path in ours.items() if "alias_generator=" in path.read_text("utf-8")]

    assert homes == ["core/src/miniprogram/models.py"]
