"""`host endpoint add --trust-root`: what a host app pins, and that nothing said again unpins it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import frozen_clock

ROOT = {"signed": {"_type": "root", "version": 1}, "signatures": [{"keyid": "a$b", "sig": "00"}]}
ADD = "host endpoint add shop --api-base-url https://a.example/api/ --public --project-root app"
Call = Callable[[str], tuple[int, str, str]]
KINDS = ("web", "flutter")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    app = tmp_path / "app"
    (app / "lib").mkdir(parents=True)
    if request.param == "web":
        (app / "index.html").write_text("<!doctype html><title>Site</title>")
    else:
        (app / "pubspec.yaml").write_text("name: app\nflutter:\n  uses-material-design: true\n")
    (tmp_path / "root.json").write_text(json.dumps(ROOT, indent=1))
    return str(request.param)


@pytest.fixture
def call(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(line: str) -> tuple[int, str, str]:
        code = run(line.split(), AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path)}, now=frozen_clock))
        out, err = capsys.readouterr()
        return code, out, err

    assert call("embed init --project-root app")[0] == 0
    return call


def the_map(folder: Path) -> str:
    """What the host app loads, and from where, as code."""
    (found,) = (path for path in (folder / "app").rglob("*endpoints.*") if path.suffix in {".js", ".dart"})
    return found.read_text("utf-8")


def test_the_root_is_written_and_stays_when_the_endpoint_is_said_again(
    kind: str, call: Call, tmp_path: Path
) -> None:
    assert call(f"{ADD} --trust-root root.json")[0] == 0
    pinned = the_map(tmp_path)
    assert ("'trust-root'" in pinned or '"trust-root"' in pinned) == (kind == "web")
    assert ("const Map<String, String> miniProgramTrustRoots" in pinned) == (kind == "flutter")

    code, out, _ = call(ADD.replace("a.example", "b.example"))

    assert code == 0
    assert "The root that is pinned for shop stays" in out
    assert "b.example" in the_map(tmp_path)
    assert the_map(tmp_path).count("keyid") == pinned.count("keyid")


def test_without_a_root_nothing_is_said_of_one(kind: str, call: Call, tmp_path: Path) -> None:
    assert call(ADD)[0] == 0

    assert "trust" not in the_map(tmp_path).lower()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"signed": {"_type": "timestamp"}, "signatures": [1]}'])
def test_a_file_that_is_no_root_is_refused(text: str, kind: str, call: Call, tmp_path: Path) -> None:
    (tmp_path / "root.json").write_text(text or "not JSON")

    code, _, err = call(f"{ADD} --trust-root root.json")

    assert code == 1
    assert "is no root" in err


def test_a_file_that_is_not_there_is_named(kind: str, call: Call) -> None:
    code, _, err = call(f"{ADD} --trust-root nothing.json")

    assert code == 1
    assert "nothing.json" in err
