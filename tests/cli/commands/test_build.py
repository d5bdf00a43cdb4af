"""`build` on the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import write_program


@pytest.fixture
def app_context(tmp_path: Path) -> AppContext:
    return AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path), "PATH": os.environ["PATH"]})


@pytest.fixture
def root(app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["create", "shop", "--language", "json"], app_context) == 0
    capsys.readouterr()
    return app_context.cwd / "shop"


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    "argv",
    [["shop"], ["--mini-program-root", "shop"], ["shop", "--mini-program-root=shop", "--skip-pub-get"]],
    ids=["id", "root", "both"],
)
def test_builds_from_outside(argv: list[str], app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["build", *argv], app_context)

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Built shop 1.0.0: 2 screens"
    assert (app_context.cwd / "shop/stac/.build/screens/shop_home.json").is_file()


def test_created_python_program_builds_where_it_lies(
    tmp_path: Path, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["create", "cafe", "--title", "It's $5", "--with-backend", "mock"], app_context)
    inside = AppContext(cwd=tmp_path / "cafe", environ=app_context.environ)
    capsys.readouterr()

    assert run(["build"], inside) == 0
    assert run(["build"], inside) == 0

    out, err = capsys.readouterr()
    assert [line for line in out.splitlines() if "uilt" in line] == [
        "Built cafe 1.0.0: 2 screens",
        "Already built cafe 1.0.0: 2 screens",
    ]
    assert err == ""


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [
        ([], 64, "no mini-program id"),
        (["a", "b"], 64, "b"),
        (["gone"], 1, "gone"),
        (["other", "--mini-program-root", "shop"], 1, "other"),
        (["shop", "--repo-root", "."], 1, "monorepo"),
        (["shop", "--bogus"], 64, "--bogus"),
    ],
    ids=["no id", "two ids", "unknown", "mismatch", "repo", "option"],
)
@pytest.mark.usefixtures("root")
def test_failures_name_the_culprit(
    argv: list[str], code: int, culprit: str, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", *argv], app_context) == code

    out, err = capsys.readouterr()
    assert out == ""
    assert culprit in err
    assert "Traceback" not in err


def test_errors_are_listed_on_stderr(
    root: Path, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "stac/screens/shop_details.json").write_text('{"type": "colum"}', "utf-8")

    assert run(["build", "shop"], app_context) == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert "shop/stac/screens/shop_details.json:1:2: " in err
    assert '"column"' in err
    assert err.splitlines()[-1] == "shop was not built: 1 error"


@pytest.mark.parametrize(
    "line",
    ["build", "publish --dry-run --target static --output ../site", "publish --target static --output ../site"],
)
def test_sources_that_may_not_be_written_are_built_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    root = write_program(tmp_path / "shop")
    (root / ".mini_program").write_text("in the way of the lock, as a read-only checkout would be")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def call(*more: str) -> tuple[int, str, str]:
        code = run([*line.split(), *more], AppContext(cwd=root, environ={"HOME": str(tmp_path)}))
        return (code, *capsys.readouterr())

    refused, built = call(), call("--build-dir", "../out")

    assert (refused[0], refused[2].splitlines()[-1]) == (
        1,
        "Where sources may not be written, name another folder with --build-dir.",
    )
    assert (built[0], built[2]) == (0, "")
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert (tmp_path / "out" / "screens" / "shop_home.json").is_file()
    assert call("--build-dir", "../out")[0] == 0
    (tmp_path / "out" / "mine").touch()
    code, _, err = call("--build-dir", "../out")
    assert (code, "holds mine, which no build made" in err) == (1, True)
