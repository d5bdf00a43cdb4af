"""The command line against the surface we promise: no command, option or exit code may be missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
import yaml

from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import CommandSpec

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
COMMANDS = yaml.safe_load((ROOT / "docs" / "reference" / "surface.yaml").read_text())["commands"]
EXIT_CODES = yaml.safe_load(Path(__file__).with_name("exit_codes.yaml").read_text())


def is_installed(distribution: str) -> bool:
    try:
        return bool(version(distribution))
    except PackageNotFoundError:
        return False


OURS = [row for row in COMMANDS if is_installed(row.get("brought_by", "miniprogram")) and not row.get("later")]
ABSENT = [row for row in COMMANDS if row not in OURS]

Run = Callable[..., tuple[int, str, str]]


def path_of(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row["path"].split())


def installed_options(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The options of the row, without those of distributions that are not installed."""
    return [option for option in row.get("options", ()) if is_installed(option.get("brought_by", "miniprogram"))]


@pytest.fixture(scope="module")
def specs() -> dict[tuple[str, ...], CommandSpec]:
    registry = Registry.discover(cwd=Path("/"), environ={})
    return {spec.path: spec for spec in registry.commands()}


def options(spec: CommandSpec) -> dict[str, Any]:
    """Every accepted option word with its parameter."""
    registry = Registry.discover(cwd=Path("/"), environ={})
    command = load_command(spec, lambda: registry)
    return {
        word: parameter
        for parameter in command.params
        if parameter.param_type_name == "option"
        for word in (*parameter.opts, *parameter.secondary_opts)
    }


@pytest.mark.parametrize("row", OURS, ids=lambda row: row["path"])
def test_the_command_exists_with_every_option(row: dict[str, Any], specs: dict[Any, CommandSpec]) -> None:
    spec = specs[path_of(row)]
    accepted = options(spec)
    for option in installed_options(row):
        parameter = accepted[f"--{option['name']}"]
        assert (option["type"] == "flag") == parameter.is_flag, option["name"]
        assert not option.get("short") or f"-{option['short']}" in accepted
        assert bool(option.get("negatable")) == bool(parameter.secondary_opts), option["name"]
        assert not option.get("hidden") or parameter.hidden


@pytest.mark.parametrize("row", OURS, ids=lambda row: row["path"])
def test_help_shows_every_option_that_is_not_hidden(row: dict[str, Any], call: Run) -> None:
    code, out, err = call(f"{row['path']} --help")
    assert (code, err) == (0, "")
    for option in installed_options(row):
        shown = re.search(rf"--{option['name']}\b(?!-)", out) is not None
        assert shown is not option.get("hidden", False), option["name"]


@pytest.mark.parametrize("row", OURS, ids=lambda row: row["path"])
def test_an_unknown_option_is_a_usage_error_on_stderr(row: dict[str, Any], call: Run) -> None:
    for line in (f"{row['path']} --bogus", f"{row['path']} --bogus --help"):
        code, out, err = call(line)
        assert (code, out) == (64, "")
        assert "--bogus" in err


@pytest.mark.parametrize("row", OURS, ids=lambda row: row["path"])
def test_surplus_arguments_are_a_usage_error(row: dict[str, Any], call: Run) -> None:
    count = len(row.get("positionals", ())) + 1
    code, out, err = call(f"{row['path']} {' '.join(f'surplus{n}' for n in range(count))}")
    assert (code, out) == (64, "")
    assert f"surplus{count - 1}" in err


STARTING = ("backend start ", "publisher-backend start", "cloud deploy ")


def _marks(lines: list[str], code: int) -> list[pytest.MarkDecorator]:
    """Some leave a server running when they succeed."""
    starts = any(word in line for line in lines for word in STARTING)
    return [pytest.mark.process] if starts and code == 0 else []


SCENES = [
    pytest.param(lines, code, id=f"{path} {code}", marks=_marks(lines, code))
    for path, codes in EXIT_CODES.items()
    for code, lines in codes.items()
    if code != "proven_in"
]
PROVEN = [
    pytest.param(path, code, test, id=f"{path} {code}")
    for path, codes in EXIT_CODES.items()
    for code, test in codes.get("proven_in", {}).items()
]


@pytest.mark.parametrize(("lines", "code"), SCENES)
def test_the_exit_code_comes_about(lines: list[str], code: int, call: Run) -> None:
    for line in lines[:-1]:
        assert call(line)[0] == 0, line
    result, out, err = call(lines[-1])
    assert result == code, (out, err)
    assert "Traceback" not in out + err
    if code == 64:
        assert out == ""
    if code:
        assert out or err


@pytest.mark.parametrize("row", OURS, ids=lambda row: row["path"])
def test_every_promised_exit_code_is_provoked(row: dict[str, Any]) -> None:
    scenes = EXIT_CODES.get(row["path"], {})
    provoked = set(scenes) | set(scenes.get("proven_in", ())) | {64}
    never = {1} if row["path"] in NEVER_FAIL else set()
    assert set(row["exit"]) - never - PROVOKED_ELSEWHERE.get(row["path"], set()) <= provoked


@pytest.mark.parametrize(("path", "code", "test"), PROVEN)
def test_what_is_proven_elsewhere_is_run_there(path: str, code: int, test: str) -> None:
    assert code == 0
    assert path.split(" ", 1)[1] in (ROOT / "tests" / test).read_text()


PROVOKED_ELSEWHERE = {"preview": {130}}
"""Ctrl-C needs a process of its own: tests/cli/commands/test_preview.py."""

NEVER_FAIL = {"capabilities", "workflow status", "publisher-backend urls"}
"""They report whatever they find; what could fail is told in the report."""


@pytest.mark.parametrize("row", ABSENT, ids=lambda row: row["path"])
def test_a_command_of_another_distribution_says_what_to_install(row: dict[str, Any], call: Run) -> None:
    code, out, err = call(row["path"])
    assert (code, out) == (64, "")
    assert row["brought_by"] in err
