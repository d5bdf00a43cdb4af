"""What is kept of an internal error, and what must not be in it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.crash_report import crash_report, packages_of_commands, shape
from miniprogram.plugins.installed.discovery import PluginEntry
from miniprogram.plugins.specs import CommandSpec


@pytest.mark.parametrize(
    ("argv", "kept"),
    [
        (["access-key", "create", "shop", "--key", "s3cret"], ["access-key", "create", "…", "--key", "…"]),
        (["access-key", "create", "shop", "--key=s3cret"], ["access-key", "create", "…", "--key=…"]),
        (["publish", "publish", "--env", "prod"], ["publish", "publish", "--env", "…"]),
        (["doctor", "--json"], ["doctor", "--json"]),
        (["s3cret"], ["…"]),
    ],
    ids=["value", "joined", "a word that is also a command", "flags", "no command"],
)
def test_words_of_commands_and_names_of_options_stay(argv: list[str], kept: list[str]) -> None:
    assert shape(argv) == kept


@pytest.mark.parametrize(
    "argv", [["env", "configure", "x", "--token", "t0ps3cret"], ["env", "use", "--x=t0ps3cret"]]
)
def test_what_was_typed_is_in_no_part_of_the_report(tmp_path: Path, argv: list[str]) -> None:
    app_context = AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path / "home"), "TOKEN": "elsewhere"})
    try:
        raise ValueError(f"cannot use t0ps3cret in {tmp_path / 'home' / 'shop'}")
    except ValueError as error:
        report = crash_report(error, argv, app_context)

    assert report["error"] == "ValueError: cannot use … in ~/shop"
    assert "t0ps3cret" not in str(report)
    assert "elsewhere" not in str(report)


def test_a_plugin_is_at_fault_for_its_own_packages_only(tmp_path: Path) -> None:
    entry = PluginEntry("guest", "guest_hooks", "dist-guest", "1.0")
    loads = ["guest_commands.go:run", "json:loads", "httpx:get", "miniprogram.cli.framework.main:run"]
    commands = [("guest", CommandSpec(("go", str(at)), "x", load)) for at, load in enumerate(loads)]
    app_context = AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path)})
    vars(app_context)["registry"] = SimpleNamespace(commands_by_plugin=lambda: commands)

    assert packages_of_commands([entry], app_context) == {"guest_commands": entry}
