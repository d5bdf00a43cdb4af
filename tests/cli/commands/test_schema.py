"""`schema` on the command line, and `$schema` in what is built."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run


@pytest.fixture
def app_context(tmp_path: Path) -> AppContext:
    return AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path), "PATH": os.environ["PATH"]})


@pytest.mark.parametrize("document", ["manifest", "screen", "theme"])
def test_it_prints_one(document: str, app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", document], app_context) == 0

    assert json.loads(capsys.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_it_writes_all_or_one(app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "--output", "a"], app_context) == 0
    assert run(["schema", "screen", "-o", "b"], app_context) == 0

    names = ["manifest.schema.json", "screen.schema.json", "theme.schema.json"]
    assert sorted(path.name for path in (app_context.cwd / "a").iterdir()) == names
    assert [path.name for path in (app_context.cwd / "b").iterdir()] == ["screen.schema.json"]
    assert len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize(("argv", "culprit"), [([], "name a document"), (["screens"], "screens")])
def test_what_is_missing_is_said(
    argv: list[str], culprit: str, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["schema", *argv], app_context) == 64

    assert culprit in capsys.readouterr().err


@pytest.mark.parametrize("language", ["json", "yaml"])
def test_documents_may_name_their_schema(
    language: str, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["create", "shop", "--language", language], app_context)
    root = app_context.cwd / "shop"
    screen = root / f"stac/screens/shop_home.{language}"
    line = '{"$schema": "x",' if language == "json" else "$schema: x\n"
    text = screen.read_text("utf-8")
    screen.write_text(line + (text[1:] if language == "json" else text), "utf-8")
    manifest = root / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("{", '{"$schema": "x",', 1), "utf-8")
    capsys.readouterr()

    assert run(["build", "--mini-program-root", "shop"], app_context) == 0

    assert "[warning]" not in capsys.readouterr().out
    assert "$schema" not in (root / "stac/.build/screens/shop_home.json").read_text("utf-8")
