"""`plugins list` and `plugins check`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def once(*argv: str, **environ: str) -> tuple[int, str, str]:
        code = run(["plugins", *argv], AppContext(cwd=tmp_path, environ=environ))
        out, err = capsys.readouterr()
        return code, out, err

    return once


def test_the_list_says_what_each_plugin_adds(call: Run) -> None:
    code, out, err = call("list", "--json")

    document = json.loads(out)
    rows = {row["name"]: row for row in document["plugins"]}
    assert (code, err) == (0, "")
    assert list(document) == ["schemaVersion", "command", "pinnedBy", "plugins"]
    assert document["pinnedBy"] is None
    assert list(rows) == sorted(rows)
    assert rows["static"]["status"] == "loaded"
    assert rows["static"]["distribution"] == "miniprogram-static"
    assert rows["flutter"]["adds"]["host generator"] == ["flutter"]


def test_the_list_says_what_pins_exclude(call: Run) -> None:
    code, out, err = call("list", MINIPROGRAM_PLUGINS="static>=0.0")

    assert (code, err) == (0, "")
    assert "Pinned by MINIPROGRAM_PLUGINS" in out
    assert "static (miniprogram-static" in out
    assert "): not allowed, from " in out


def test_the_check_passes_here(call: Run) -> None:
    code, out, err = call("check")

    assert (code, err) == (0, "")
    assert "nothing wrong" in out


def test_the_check_names_every_unmet_pin(call: Run) -> None:
    code, out, err = call("check", MINIPROGRAM_PLUGINS="static>=99,absent")

    assert (code, out) == (1, "")
    assert "static >=99 is pinned" in err
    assert "absent is pinned" in err


def test_the_check_names_a_file_it_cannot_read(call: Run, tmp_path: Path) -> None:
    (tmp_path / "miniprogram.toml").write_text("[plugins\n")

    code, out, err = call("check")

    assert (code, out) == (1, "")
    assert f"{tmp_path / 'miniprogram.toml'} is not TOML" in err
    assert "line 1" in err
