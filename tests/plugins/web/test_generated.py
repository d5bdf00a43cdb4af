"""Modules of the runtime that are made from documents are what those documents make."""

from __future__ import annotations

import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from miniprogram_web.bundle import bundle, modules
from miniprogram_web.node import RUNTIME
from miniprogram_web.npm.package_files import package_files
from miniprogram_web.screen_frame import ENTRY

TOOLS = RUNTIME.parents[2] / "tools"


def tool(name: str) -> ModuleType:
    spec = spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tokens_are_those_of_the_theme_document() -> None:
    tokens = tool("tokens")
    document = json.loads((TOOLS / "theme.json").read_text("utf-8"))

    assert tokens.TOKENS.read_text("utf-8") == tokens.module(document)


def test_the_types_are_those_of_the_catalogue() -> None:
    types = tool("catalogue_types")
    catalogue = json.loads(types.CATALOGUE.read_text("utf-8"))

    assert types.TYPES.read_text("utf-8") == types.module(catalogue)


def test_every_module_of_the_runtime_is_in_the_one_file() -> None:
    """But what only Node.js and tests use, and what is types only."""
    found = {path.relative_to(RUNTIME).as_posix() for path in RUNTIME.rglob("*.js")}
    others = {path for path in found if path.startswith("headless/")} | {
        "catalogue.js",
        "layout/types.js",
        "layout/positions.js",
    }

    assert set(modules()) == found - others - {ENTRY}
    assert set(modules(entry=ENTRY)) <= found - others, "what a frame of the console loads"


def test_the_one_file_exports_what_the_element_does() -> None:
    exported = bundle().rstrip().rpartition("\nexport const ")[2]

    assert exported == "{ setDefaults, MiniProgramElement, define, setRuntimeFolder } = $element;"


def test_every_file_that_the_one_file_asks_for_lies_beside_it() -> None:
    asked = re.findall(r"new URL\('\./([^']+)', import\.meta\.url\)", bundle())

    assert len(asked) == 8
    assert set(asked) <= package_files().keys()


def test_modules_that_need_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("import { b } from './b.js';\nexport const a = b;\n")
    (tmp_path / "b.js").write_text("import { a } from './a.js';\nexport const b = a;\n")

    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        modules(tmp_path, "a.js")
