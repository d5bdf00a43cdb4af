"""`backend` from the command line, with the real server."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import PNG, image_screen, write_program

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    (tmp_path / "home").mkdir()

    def call(*argv: str) -> tuple[int, str, str]:
        environ = {"HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
        code = run(["backend", *argv], AppContext(cwd=tmp_path, environ=environ))
        return (code, *capsys.readouterr())

    yield call
    call("stop")


@pytest.fixture
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_whole_life_of_a_backend(call: Call, port: str, tmp_path: Path) -> None:
    assert call("init", "--root", "work")[0] == 0
    code, out, _ = call("status", "--json")
    assert (code, json.loads(out)["hasState"]) == (1, False)
    code, out, err = call("start", "--port", port)
    assert (code, f"http://127.0.0.1:{port}/api/" in out, err) == (0, True, "")
    assert "other machines" not in out
    assert (
        httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).json()["service"] == "local_backend_service"
    )
    code, out, _ = call("status", "--json")
    status = json.loads(out)
    assert (code, status["healthy"], status["healthError"]) == (0, True, None)
    assert set(status) == {"hasState", "processAlive", "healthy", "healthStatusCode", "healthError", "state"}
    assert status["state"]["bindHost"] == "127.0.0.1"
    assert "already runs" in call("start", "--port", port)[1]
    assert "already runs" in call("start")[1]
    other = str(int(port) + 1)
    code, out, err = call("start", "--port", other)
    assert (code, out) == (1, "")
    assert err.startswith(f"the local backend runs on port {port} already (process ")
    assert f"not on {other}" in err
    assert call("stop")[:2] == (0, "Local backend stopped\n")
    assert call("stop")[:2] == (0, "Local backend is not running\n")


def test_a_wider_address_is_never_silent(call: Call, port: str) -> None:
    call("init")
    code, out, _ = call("start", "--port", port, "--host", "0.0.0.0")
    assert (code, "other machines on the network can reach it" in out) == (0, True)
    assert f"http://127.0.0.1:{port}/api/" in out


def test_a_second_init_changes_nothing_and_a_changed_file_is_kept(call: Call, tmp_path: Path) -> None:
    call("init", "--root", "work")
    assert "Written: 0 files" in call("init", "--root", "work")[1]
    entry = tmp_path / "work/backend/local_backend_service/service.json"
    entry.write_text("mine")
    code, out, err = call("init", "--root", "work")
    assert (code, out, entry.read_text()) == (1, "", "mine")
    assert "service.json" in err
    assert call("init", "--root", "work", "--force")[0] == 0


def test_reset_needs_to_be_confirmed(call: Call) -> None:
    call("init")
    code, out, err = call("reset-local")
    assert (code, out, "--yes" in err) == (64, "", True)
    assert call("reset-local", "--yes")[0] == 0


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["status"], 1, "backend init"),
        (["start", "--root", "nowhere"], 1, "is not a local backend workspace"),
        (["start", "--port", "0"], 64, "--port"),
        (["start", "--host", "example.com"], 64, "--host"),
        (["init", "surplus"], 64, "surplus"),
    ],
)
def test_bad_input_is_one_sentence(call: Call, argv: list[str], code: int, words: str) -> None:
    result, out, err = call(*argv)
    assert (result, out) == (code, "")
    assert words in err
    assert "Traceback" not in err


def test_images_of_another_port_are_told_until_they_are_published_again(
    call: Call, port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_program(tmp_path / "shop")
    (root / "assets").mkdir()
    (root / "assets" / "logo.png").write_bytes(PNG)
    (root / "stac" / "screens" / "pictures.json").write_text(json.dumps(image_screen()))

    def publish() -> None:
        environ = {"HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
        assert run(["publish", "--root", str(tmp_path / "work")], AppContext(cwd=root, environ=environ)) == 0
        capsys.readouterr()

    call("init", "--root", "work")
    publish()

    out = call("start", "--port", port)[1]
    again = json.loads(call("start", "--port", port, "--json")[1])["notes"]
    publish()
    after = call("start", "--port", port)[1]

    note = "Images of shop 1.0.0 are looked for at http://127.0.0.1:8080/api/assets/shop/1.0.0/"
    assert out.splitlines()[-1].startswith(note)
    assert again == [out.splitlines()[-1]]
    assert "Images" not in after


def test_a_record_that_cannot_be_read_says_how_to_go_on(call: Call, port: str, tmp_path: Path) -> None:
    call("init", "--root", "work")
    assert call("start", "--port", port)[0] == 0
    record = tmp_path / "work" / ".mini_program" / "backend.local.json"
    kept = record.read_bytes()
    record.write_text("{")

    for words in (["start", "--port", port], ["stop"], ["status"]):
        code, out, err = call(*words)
        assert (code, out) == (1, "")
        assert err.startswith(f"{record} is not JSON")
        assert err.splitlines()[-1].startswith("Delete it: `miniprogram backend start`")
    record.unlink()
    code, out, err = call("start", "--port", port)
    record.write_bytes(kept)  # so that it can be stopped

    assert (code, out) == (1, "")
    assert "already answers, but no backend is recorded in this workspace" in err
