"""`capabilities` as a command: the same document as the fast answer."""

import json
from pathlib import Path

import pytest

from miniprogram import fast_path
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run


@pytest.mark.parametrize("argv", [["capabilities"], ["capabilities", "--json"]], ids=" ".join)
def test_both_ways_say_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    code = run(argv, AppContext(cwd=tmp_path, environ={}))

    assert (code, capsys.readouterr().out) == (0, fast_path.answer(argv))


def test_surplus_words_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["capabilities", "x"], AppContext(cwd=tmp_path, environ={})) == 64
    assert "surplus arguments: x" in capsys.readouterr().err


def test_the_document_is_two_space_indented_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["capabilities", "--json"], AppContext(cwd=tmp_path, environ={}))

    out = capsys.readouterr().out
    assert out == json.dumps(json.loads(out), indent=2, ensure_ascii=False) + "\n"
