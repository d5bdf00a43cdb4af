"""`publisher-backend` from the command line."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text('{"id": "shop"}')
    return tmp_path


@pytest.fixture
def call(shop: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*argv: str) -> tuple[int, str, str]:
        code = run(["publisher-backend", *argv], AppContext(cwd=shop, environ={"HOME": str(shop)}))
        return (code, *capsys.readouterr())

    return call


def test_the_whole_life_of_a_mock_backend(call: Run, shop: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    assert call("status", "--json")[0] == 1
    assert call("scaffold", "--template", "mock")[0] == 0
    try:
        code, out, _ = call("run", "--port", port)
        assert (code, f"http://127.0.0.1:{port}/" in out) == (0, True)
        code, out, _ = call("status", "--json")
        report = json.loads(out)
        assert (code, report["healthy"], report["miniProgramRootPath"]) == (0, True, str(shop))
        assert report["urls"]["androidEmulator"] == f"http://10.0.2.2:{port}/"
    finally:
        assert call("stop")[0] == 0
    assert call("stop") == (0, "The publisher backend is not running.\n", "")


def test_status_without_state_has_exactly_the_contract_keys(call: Run) -> None:
    code, out, _ = call("status", "--json")
    assert code == 1
    assert json.loads(out) == {
        "schemaVersion": 1,
        "command": "publisher-backend status",
        "hasState": False,
        "processAlive": False,
        "healthy": False,
        "healthStatusCode": None,
        "healthError": None,
    }


def test_urls_lists_all_three(call: Run) -> None:
    code, out, _ = call("urls", "--port", "9999")
    assert code == 0
    assert "http://127.0.0.1:9999/" in out
    assert "http://10.0.2.2:9999/" in out


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [
        (["scaffold", "--template", "moon"], 64, "moon"),
        (["scaffold", "--storage", "moon"], 64, "moon"),
        (["scaffold", "surplus"], 64, "surplus"),
        (["run", "--port", "0"], 64, "--port"),
        (["run", "--port", "x"], 64, "x"),
        (["urls", "--port", "65536"], 64, "--port"),
        (["run"], 1, "no mock publisher backend"),
        (["run", "--mini-program-root", "elsewhere"], 1, "manifest.json"),
    ],
)
def test_failures_name_the_culprit(call: Run, argv: list[str], code: int, culprit: str) -> None:
    result, out, err = call(*argv)
    assert (result, out) == (code, "")
    assert culprit in err
