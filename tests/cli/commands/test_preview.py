"""`preview` as typed, with a flutter that only takes notes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

pytestmark = pytest.mark.process

WAIT_S = 20
FLUTTER = """#!/bin/sh
echo "$@" >> "$NOTES"
[ "$1" = run ] || exit 0
echo $$ > "$NOTES.pid"
[ -z "$FLUTTER_SLEEP" ] || sleep "$FLUTTER_SLEEP"
exit ${FLUTTER_EXIT:-0}
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    flutter = tmp_path / "bin" / "flutter"
    flutter.parent.mkdir()
    flutter.write_text(FLUTTER)
    flutter.chmod(0o755)
    return {"HOME": str(tmp_path), "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "NOTES": str(tmp_path / "notes")}


@pytest.fixture
def root(tmp_path: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Path:
    argv = ["create", "shop", "--language", "python", "--title", "It's $5"]
    assert run(argv, AppContext(cwd=tmp_path, environ=environ)) == 0
    capsys.readouterr()
    return tmp_path / "shop"


@pytest.mark.parametrize("code", [0, 3])
def test_the_exit_code_is_flutters(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str], code: int
) -> None:
    app_context = AppContext(cwd=root, environ={**environ, "FLUTTER_EXIT": str(code)})

    assert run(["preview", "-d", "Flutter:Chrome"], app_context) == code

    out, err = capsys.readouterr()
    assert err == ""
    base = re.search(r"Preview: (http://127\.0\.0\.1:\d+/[\w-]{20,}/preview/)", out)
    assert base
    create, ran = Path(environ["NOTES"]).read_text().splitlines()
    assert create.startswith(
        "create --platforms=web --project-name mini_program_preview_host --org dev.miniprogram"
    )
    host = root / ".mini_program" / "preview_host"
    assert ran == (
        f"run --project-root {host} -d chrome --no-hot --dart-define=MINI_PROGRAM_PREVIEW_BASE_URL={base[1]} "
        "--dart-define=MINI_PROGRAM_PREVIEW_MINI_PROGRAM_ID=shop --dart-define=MINI_PROGRAM_PREVIEW_TITLE=It's $5"
    )


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [
        (["-d", "linux", "--no-open"], 64, "--no-open"),
        (["-d", "linux", "--lan"], 64, "--lan"),
        (["--port", "0"], 64, "--port"),
        (["-d", "moon"], 1, "'moon'"),
        (["-d", "chrome", "other"], 1, "'other'"),
        (["-d", "chrome", "--mini-program-root", "nowhere"], 1, "nowhere"),
        (["-d", "chrome", "shop", "surplus"], 64, "surplus"),
    ],
    ids=["open an app", "app in the network", "no port", "unknown", "other id", "other root", "surplus"],
)
def test_what_cannot_be_shown_is_named(
    root: Path,
    environ: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    code: int,
    culprit: str,
) -> None:
    assert run(["preview", *argv], AppContext(cwd=root, environ=environ)) == code

    out, err = capsys.readouterr()
    assert culprit in err
    assert out == ""
    assert not Path(environ["NOTES"]).exists()


def test_a_build_that_fails_comes_before_any_flutter(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "stac" / "screens" / "shop_home.py").write_text("def (")

    assert run(["preview", "-d", "linux"], AppContext(cwd=root, environ=environ)) == 1

    assert "stac/screens/shop_home.py:1" in capsys.readouterr().err
    assert not Path(environ["NOTES"]).exists()


def test_without_flutter_it_says_so(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["preview", "-d", "linux"], AppContext(cwd=root, environ={**environ, "PATH": str(root)})) == 1

    err = capsys.readouterr().err
    assert "flutter is not on PATH" in err
    assert "preview -d web" in err


def test_a_browser_that_is_not_installed_is_named(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["preview", "-d", "firefox"], AppContext(cwd=root, environ={**environ, "PATH": str(root)})) == 1

    assert "Firefox is not installed" in capsys.readouterr().err


def until(question: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError("it never came about")


def test_a_save_is_served_and_ctrl_c_leaves_nothing(root: Path, environ: dict[str, str], tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "miniprogram", "preview", "--device=linux"],
            cwd=root,
            env={**environ, "FLUTTER_SLEEP": "60"},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        base = until(lambda: re.search(r"Preview: (\S+)", said.read_text()))[1]
        flutter_pid = int(until(lambda: _text(Path(environ["NOTES"] + ".pid"))))
        component = root / "stac" / "components" / "info_card.py"
        component.write_text(component.read_text().replace("titleMedium", "titleLarge"))
        details = "screens/shop_details.json"
        until(lambda: "titleLarge" in json.dumps(httpx.get(base + details, trust_env=False).json()))
        family = [each.pid for each in psutil.Process(child.pid).children(recursive=True)]
        assert flutter_pid in family

        os.kill(child.pid, signal.SIGINT)

        assert child.wait(WAIT_S) == 130
    finally:
        child.kill()
        child.wait()
    assert "Traceback" not in said.read_text()
    until(lambda: not any(_runs(pid) for pid in family))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(base.split(":")[2].split("/")[0])), timeout=5)


def _text(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_once_prints_a_document_and_ends(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    context = AppContext(cwd=root.parent, environ=environ)
    where = ["--mini-program-root", "shop"]
    assert run(["preview", "--once", "--json", *where], context) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["miniProgramId"], len(document["screens"])) == (True, "shop", 2)
    assert document["screens"][0]["file"].startswith("shop/stac/screens/")

    (root / "stac" / "screens" / "shop_home.py").write_text("def (")
    assert run(["preview", "--once", *where], context) == 1
    assert "shop/stac/screens/shop_home.py:1" in capsys.readouterr().out


def test_where_sources_may_not_be_written_it_builds_elsewhere(
    root: Path, environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(root.rglob("*"))

    argv = ["preview", "--once", "--build-dir", "../built"]
    assert run(argv, AppContext(cwd=root, environ=environ)) == 0, capsys.readouterr()

    assert len(list((tmp_path / "built" / "screens").iterdir())) == 2
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize("option", [["-d", "web"], ["--no-open"], ["--lan"], ["--port", "4300"]])
def test_once_shows_nothing(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    assert run(["preview", "--once", *option], AppContext(cwd=root, environ=environ)) == 64
    assert "--once shows none" in capsys.readouterr().err
    assert run(["preview", "--json"], AppContext(cwd=root, environ=environ)) == 64
    assert "add --once" in capsys.readouterr().err
