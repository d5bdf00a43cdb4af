"""Real screens, screens authored for these tests, and the checker with nothing around it."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from miniprogram.stac.checker import check_screen
from miniprogram.stac.findings import Finding

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def real_screens() -> Callable[[str], Any]:
    """Gives the JSON of a real screen by the end of its file name, without the suffix."""
    index = json.loads((FOLDER / "screens" / "index.json").read_text(encoding="utf-8"))
    names = [entry["file"] for entry in index["files"]]

    def load(ending: str) -> Any:
        (name,) = (name for name in names if name.endswith(f"__{ending}.json"))
        return json.loads((FOLDER / "screens" / name).read_bytes())

    return load


@pytest.fixture
def authored(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports a screen module of `authored/` the way a project's folder of screens is imported."""
    monkeypatch.syspath_prepend(FOLDER / "authored")
    before = set(sys.modules)
    yield importlib.import_module
    for name in {"parts", "profile_center", "feedback_form"} & (set(sys.modules) - before):
        del sys.modules[name]


@pytest.fixture
def check() -> Callable[..., list[Finding]]:
    """Checks a screen of a mini-program with the screens `home` and `details` and the asset `logo.png`."""

    def run(node: Any, *, capabilities: Collection[str] | None = None) -> list[Finding]:
        return check_screen(node, screens=["home", "details"], assets=["logo.png"], capabilities=capabilities)

    return run
