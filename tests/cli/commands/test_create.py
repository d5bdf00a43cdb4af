"""`create` on the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run


@pytest.fixture
def app_context(tmp_path: Path) -> AppContext:
    return AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path)}, now=lambda: datetime(2030, 1, 2, tzinfo=UTC))


def test_creates_and_lists_what_was_made(
    app_context: AppContext, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["create", "coupon_center"], app_context)

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert "  stac/screens/coupon_center_home.py" in out.splitlines()
    assert "Next: cd coupon_center && miniprogram build" in out
    manifest = json.loads((tmp_path / "coupon_center" / "manifest.json").read_bytes())
    assert (manifest["title"], manifest["requiredCapabilities"]) == ("Coupon Center", ["analytics"])


def test_every_option_at_once(app_context: AppContext, tmp_path: Path) -> None:
    argv = [
        "--title",
        " My Shop ",
        "--output-root=deep/er",
        "--capabilities",
        "secure_api,auth",
        "--language",
        "json",
    ]

    code = run(["create", *argv, "shop", "--description", " ", "--with-backend", "mock"], app_context)

    root = tmp_path / "deep" / "er"
    manifest = json.loads((root / "manifest.json").read_bytes())
    assert code == 0
    assert (manifest["title"], manifest["requiredCapabilities"]) == ("My Shop", ["auth", "secure_api"])
    assert (root / "backend" / "mock" / "data" / "session.json").is_file()


def test_monorepo_gets_it_in_its_programs_folder(app_context: AppContext, tmp_path: Path) -> None:
    (tmp_path / "repo" / "mini_programs").mkdir(parents=True)

    assert run(["create", "shop", "--repo-root", "repo"], app_context) == 0
    assert (tmp_path / "repo" / "mini_programs" / "shop" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [
        ([], 64, "mini-program-id"),
        (["a", "b"], 64, "b"),
        (["shop", "--language", "cobol"], 64, "cobol"),
        (["shop", "--with-backend", "aws"], 64, "aws"),
        (["shop", "--bogus"], 64, "--bogus"),
        (["Shop"], 1, "Shop"),
        (["shop", "--capabilities", "zoom"], 1, "zoom"),
        (["shop", "--capabilities", ""], 1, "capability"),
        (["shop", "--repo-root", "."], 1, "mini_programs"),
    ],
    ids=["none", "two ids", "language", "backend", "option", "id", "capability", "no capability", "no parent"],
)
def test_failures_name_the_culprit_and_write_nothing(
    argv: list[str], code: int, culprit: str, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["create", *argv], app_context) == code

    out, err = capsys.readouterr()
    assert (out, list(app_context.cwd.iterdir())) == ("", [])
    assert culprit in err


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        ("create inner", False),
        ("create inner --output-root inner", True),
        ("create inner --output-root stac/screens/inner", False),
        ("create inner --output-root assets/inner", False),
        ("create inner --output-root ../inner", True),
    ],
)
def test_a_mini_program_in_another_is_refused_unless_it_was_named(
    app_context: AppContext, capsys: pytest.CaptureFixture[str], words: str, taken: bool
) -> None:
    assert run(["create", "outer"], app_context) == 0
    inside = replace(app_context, cwd=app_context.cwd / "outer")
    before = sorted(inside.cwd.rglob("*"))

    code = run(words.split(), inside)

    assert code == (0 if taken else 1)
    if not taken:
        assert f"would lie in the mini-program outer of {inside.cwd}" in capsys.readouterr().err
        assert sorted(inside.cwd.rglob("*")) == before


def test_another_kind_of_manifest_is_nothing_to_stay_out_of(app_context: AppContext) -> None:
    (app_context.cwd / "manifest.json").write_text('{"name": "a web app"}')

    assert run(["create", "inner"], app_context) == 0


def test_second_time_needs_force_and_keeps_edits(
    app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["create", "shop"], app_context)
    (app_context.cwd / "shop" / "README.md").write_text("mine", "utf-8")
    capsys.readouterr()

    assert run(["create", "shop"], app_context) == 1
    assert "is not empty" in capsys.readouterr().err
    assert run(["create", "shop", "--force"], app_context) == 0

    assert "Replaced README.md" in capsys.readouterr().out
    kept = app_context.cwd / "shop" / ".mini_program" / "replaced" / "20300102T000000Z" / "README.md"
    assert kept.read_text("utf-8") == "mine"


def test_help_needs_no_id(app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["create", "--help"], app_context) == 0

    assert "--with-backend" in capsys.readouterr().out
