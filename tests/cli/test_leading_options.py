"""`-C DIR` and `--quiet`: what may stand in front of a command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.command_table import COMMANDS, SILENT_WHEN_QUIET
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import write_program

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    write_program(tmp_path / "work" / "shop")
    (tmp_path / "home").mkdir()

    def call(line: str) -> tuple[int, str, str]:
        app_context = AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path / "home")})
        code = run(line.split(), app_context)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.mark.parametrize(
    "line", ["-C work/shop version show", "-C work -C shop version show", "-Cwork/shop version show"]
)
def test_the_command_runs_in_that_folder(call: Call, line: str) -> None:
    assert call(line) == (0, "1.0.0\n", "")


def test_relative_paths_on_the_line_are_meant_from_there(call: Call, tmp_path: Path) -> None:
    code, _, err = call("-C work/shop publish --target static --output ../site")

    assert (code, err) == (0, "")
    assert (tmp_path / "work/site/manifests/shop/latest.json").is_file()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-C", "-C needs the folder to run in"),
        ("-C nowhere version show", "-C nowhere: there is no such folder"),
        ("-C work/shop/manifest.json version show", "there is no such folder"),
        ("-C work/shop", ""),
    ],
)
def test_what_is_no_folder_is_refused(call: Call, line: str, said: str) -> None:
    code, out, err = call(line)

    if said:
        assert (code, out) == (64, "")
        assert said in err
    else:
        assert (code, err) == (0, "")
        assert out.startswith("Usage: miniprogram <command>")


@pytest.mark.parametrize("quiet", ["--quiet {}", "-q {}", "{} --quiet", "{} -q"])
def test_a_quiet_change_says_nothing_and_does_it(call: Call, quiet: str) -> None:
    code, out, err = call(f"-C work/shop {quiet.format('version patch')}")

    assert (code, out, err) == (0, "", "")
    assert call("-C work/shop version show --quiet")[1] == "1.0.1\n"


def test_quiet_leaves_documents_and_errors(call: Call) -> None:
    code, out, err = call("-q -C work/shop version minor --json")
    assert (code, err) == (0, "")
    assert json.loads(out)["version"] == "1.1.0"

    code, out, err = call("-q -C work/shop publish --target moon")
    assert (code, out) == (64, "")
    assert "moon" in err


def test_one_quiet_run_does_not_silence_the_next(call: Call) -> None:
    call("-q -C work/shop version patch")

    assert call("-C work/shop version patch")[1] == "shop: 1.0.1 -> 1.0.2\n"


def test_only_commands_that_there_are_are_silent() -> None:
    assert {spec.path for spec in COMMANDS} >= SILENT_WHEN_QUIET


@pytest.mark.parametrize(
    "path", [("access-key", "create"), ("access-key", "rotate"), ("token", "create"), ("versions",)]
)
def test_what_prints_its_result_is_never_silent(path: tuple[str, ...]) -> None:
    assert path not in SILENT_WHEN_QUIET
