"""What is kept of an internal error, and what must not be in it."""

from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.crash_report import crash_report, shape


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
