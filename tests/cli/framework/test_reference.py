"""The reference pages are what the code renders, and leave nothing out."""

import inspect
from pathlib import Path

import pytest

from miniprogram import errors
from miniprogram.cli.framework.help.reference import (
    CLI_INTRODUCTION,
    reference_registry,
    render_cli,
    render_hooks,
    write_reference,
)
from miniprogram.plugins.markers import HOOKS

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
AGAIN = "run: python -m miniprogram.cli.framework.help.reference docs/reference"


def test_the_page_of_commands_is_current() -> None:
    assert (REFERENCE / "cli.md").read_text("utf-8") == render_cli(reference_registry()), AGAIN


def test_the_page_of_hooks_is_current() -> None:
    assert (REFERENCE / "hooks.md").read_text("utf-8") == render_hooks(), AGAIN


def test_every_command_has_an_entry() -> None:
    page = (REFERENCE / "cli.md").read_text("utf-8")

    for spec in reference_registry().commands():
        assert f"## miniprogram {' '.join(spec.path)}\n" in page


def test_every_hook_has_an_entry() -> None:
    page = (REFERENCE / "hooks.md").read_text("utf-8")

    assert all(f"## {hook}\n" in page for hook in HOOKS)


def test_every_error_has_an_entry_with_its_exit_code() -> None:
    page = (REFERENCE / "errors.md").read_text("utf-8")
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]

    for each in classes:
        if issubclass(each, errors.MiniProgramError):
            assert f"| `{each.__name__}` | {each.exit_code} |" in page


@pytest.mark.parametrize("code", ["0", "1", "64", "130"])
def test_exit_codes_are_explained(code: str) -> None:
    assert f"| {code} |" in CLI_INTRODUCTION


def test_writing_does_not_depend_on_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miniprogram.cli.framework.help.reference.ROOT_HELP", tmp_path / "root_help.txt")
    monkeypatch.setenv("COLUMNS", "40")

    write_reference(tmp_path)

    for name in ("cli.md", "hooks.md"):
        assert (tmp_path / name).read_bytes() == (REFERENCE / name).read_bytes()
