"""`validate` on the command line."""

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


@pytest.fixture
def root(app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["create", "shop", "--language", "json"], app_context) == 0
    capsys.readouterr()
    return app_context.cwd / "shop"


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """A usable, empty backend workspace."""
    backend = tmp_path / "b"
    (backend / "backend/api").mkdir(parents=True)
    entry = backend / "backend/local_backend_service/bin/server.dart"
    entry.parent.mkdir(parents=True)
    entry.touch()
    return backend


def test_no_backend_is_needed(root: Path, app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["validate", "shop"], app_context)

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert out.splitlines() == [f"Checked shop in {root}", "0 errors, 0 warnings"]
    assert not (root / "stac" / ".build").exists()


def test_errors_exit_with_1_and_are_on_stdout(
    root: Path, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "stac/screens/shop_details.json").write_text('{"type": "colum"}', "utf-8")

    assert run(["validate", "shop"], app_context) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Checked shop in {root}"
    assert lines[1].startswith("[error] unknown_widget shop/stac/screens/shop_details.json:1:2: ")
    assert lines[2] == "1 error, 0 warnings"


def test_screens_that_cannot_be_read_are_a_finding_too(
    root: Path, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "stac/screens/shop_details.json").write_text("{", "utf-8")

    assert run(["validate", "shop", "--json"], app_context) == 1

    document = json.loads(capsys.readouterr().out)
    assert (document["errorCount"], document["messages"][0]["code"]) == (1, "screen_source_failed")


@pytest.mark.usefixtures("root")
def test_json_is_one_document(backend: Path, app_context: AppContext, capsys: pytest.CaptureFixture[str]) -> None:
    rules = backend / "backend/api/rollout-rules/shop.json"
    rules.parent.mkdir()
    rules.write_text("[]", "utf-8")

    code = run(["validate", "--json", "--root", "b", "--mini-program-root", "shop"], app_context)

    assert code == 1
    assert json.loads(capsys.readouterr().out) == {
        "repoRootPath": str(backend),
        "errorCount": 1,
        "warningCount": 0,
        "messages": [
            {
                "severity": "error",
                "code": "json_object_required",
                "path": "backend/api/rollout-rules/shop.json",
                "message": "backend/api/rollout-rules/shop.json must hold a JSON object",
            }
        ],
    }


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [([], 64, "no mini-program id"), (["shop", "--root", "nowhere"], 1, "nowhere"), (["a", "b"], 64, "b")],
    ids=["no id", "no backend", "two ids"],
)
@pytest.mark.usefixtures("root")
def test_failures_name_the_culprit(
    argv: list[str], code: int, culprit: str, app_context: AppContext, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", *argv], app_context) == code

    out, err = capsys.readouterr()
    assert out == ""
    assert culprit in err
