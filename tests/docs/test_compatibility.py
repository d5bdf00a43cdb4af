"""The table of compatibility knows this core, and what is ours fits it."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from miniprogram.plugins.allowed.api_range import require_api
from miniprogram.plugins.installed.discovery import find_entries
from miniprogram.plugins.markers import HOOK_API_VERSION
from miniprogram.version import VERSION

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "compatibility.md"
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\S+) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
PROJECTS = sorted([*ROOT.glob("plugins/*/pyproject.toml"), *ROOT.glob("examples/plugins/*/pyproject.toml")])


def test_the_last_row_is_this_hook_api_on_this_core() -> None:
    hook_api, core, _ = ROWS[-1]

    assert hook_api == HOOK_API_VERSION
    assert SpecifierSet(core).contains(VERSION)


def test_versions_ascend_and_every_change_is_named() -> None:
    assert [row[0] for row in ROWS] == sorted({row[0] for row in ROWS}, key=Version)
    assert all(row[2].strip() for row in ROWS)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.parent.name)
def test_our_plugins_ask_for_cores_of_the_table(project: Path) -> None:
    wanted = tomllib.loads(project.read_text())["project"]["dependencies"]
    core = next(each.removeprefix("miniprogram") for each in wanted if re.match(r"miniprogram[<>=]", each))

    assert SpecifierSet(core) in [SpecifierSet(row[1]) for row in ROWS]


@pytest.mark.parametrize("entry", find_entries(), ids=lambda entry: entry.name)
def test_our_plugins_were_written_for_this_hook_api(entry: object) -> None:
    require_api(importlib.import_module(entry.module))  # type: ignore[attr-defined]


@pytest.mark.parametrize("version", [row[0] for row in ROWS])
def test_a_plugin_of_the_same_first_number_goes_on_working(version: str) -> None:
    first = int(version.partition(".")[0])

    class Hooks:
        MINIPROGRAM_HOOK_API = f">={version} <{first + 1}.0.0"

    require_api(Hooks, current=f"{first}.9.9")
