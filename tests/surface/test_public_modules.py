"""What plugins may import: our own are held to it, and a change of it is noticed."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from miniprogram import deprecation

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
PUBLIC = set(importlib.import_module("public_surface").public_modules())
sys.path.remove(str(ROOT / "tools"))
FRONTS = {"server"}
"""A front of the same version: it calls the use cases, as the command line does."""
PLUGINS = sorted(
    path.name for path in (ROOT / "plugins").iterdir() if (path / "src").is_dir() and path.name not in FRONTS
)
SOURCES = {name: ROOT / "plugins" / name / "src" for name in PLUGINS} | {"examples": ROOT / "examples" / "plugins"}


@pytest.mark.parametrize("folder", SOURCES.values(), ids=SOURCES)
def test_our_plugins_import_public_modules_only(folder: Path) -> None:
    private = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in folder.rglob("*.py")
        for module in imported(path)
        if module not in PUBLIC
    }

    assert private == set()


@pytest.mark.parametrize("module", sorted(PUBLIC))
def test_every_public_module_is_there(module: str) -> None:
    assert importlib.import_module(module).__doc__


@pytest.mark.parametrize("tool", ["public_surface", "import_graph"])
def test_generated_pages_are_up_to_date(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / f"{tool}.py", "--check"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_a_name_that_moved_still_works_and_warns() -> None:
    lookup = deprecation.moved("old.module", {"Old": "miniprogram.errors:UsageError"}, ends_in="0.9")

    with pytest.warns(
        DeprecationWarning, match=r"old\.module\.Old ends in miniprogram 0\.9; use miniprogram\.errors\.Us"
    ):
        assert lookup("Old").exit_code == 64
    with pytest.raises(AttributeError, match="no attribute 'New'"):
        lookup("New")


def imported(path: Path) -> set[str]:
    """The modules of core that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "miniprogram":
            module = node.module or ""
            names = {f"{module}.{each.name}" for each in node.names}
            found |= {name for name in names if name in PUBLIC} or {module}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names if each.name.split(".")[0] == "miniprogram"}
    return found
