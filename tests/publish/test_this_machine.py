"""Addresses that every device takes for itself are told at every target but the one on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.addresses import is_this_machine
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import PNG, image_screen, write_program

Call = Callable[..., list[str]]
HERE = [
    "http://localhost:3000/a.png",
    "http://LocalHost/a.png",
    "https://api.localhost/a",
    "http://localhost./a",
    "http://127.0.0.1/a",
    "http://127.9.8.7:80/a",
    "http://[::1]:8080/a",
    "http://[::ffff:127.0.0.1]/a",
    "http://0.0.0.0:8080/",
    "ws://localhost/updates",
]
ELSEWHERE = [
    "https://example.org/localhost",
    "https://localhost.example.org/a",
    "http://10.0.2.2/a",
    "http://[::2",
    "",
]


@pytest.mark.parametrize("url", HERE)
def test_an_address_of_this_machine(url: str) -> None:
    assert is_this_machine(url)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_an_address_of_another_machine(url: str) -> None:
    assert not is_this_machine(url)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return write_program(tmp_path / "shop")


@pytest.fixture
def call(program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command in the mini-program; gives all it wrote."""

    def call(line: str) -> list[str]:
        code = run(line.split(), AppContext(cwd=program, environ={"HOME": str(tmp_path)}))
        out, err = capsys.readouterr()
        assert code == 0, err
        return [*out.splitlines(), *err.splitlines()]

    return call


DOORS = {
    "static": "publish --target static --output ../site",
    "static, a dry run": "publish --target static --output ../site --dry-run",
    "cloud": "publish --target cloud --env team",
    "a package": "package build --output ../shop.tar",
}
SCREENS = {
    "an image": lambda url: {"type": "image", "src": url},
    "a request": lambda url: {
        "type": "textButton",
        "child": {"type": "text", "data": "Go"},
        "onPressed": {"actionType": "networkRequest", "url": url, "method": "get", "results": []},
    },
}


@pytest.mark.parametrize("line", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_a_screen_that_looks_at_this_machine_is_told(
    call: Call, program: Path, line: str, screen: Callable[[str], object]
) -> None:
    call("env init")
    call("env configure team --provider filesystem --store ../store --api-base-url https://example.org/api")
    (program / "stac/screens/other.json").write_text(json.dumps(screen("https://example.org/a.png")))

    before = call(line)
    (program / "stac/screens/other.json").write_text(json.dumps(screen("http://localhost:3000/a.png")))
    call("version patch")
    after = call(line)

    note = "Every device takes these addresses for itself, in the screens other (http://localhost:3000/a.png)."
    assert note not in before
    assert note in after


@pytest.mark.parametrize("where", ["https://example.org/", "http://localhost:8000/"])
def test_images_that_are_looked_for_on_this_machine_are_told(call: Call, program: Path, where: str) -> None:
    (program / "assets").mkdir(exist_ok=True)
    (program / "assets/logo.png").write_bytes(PNG)
    (program / "stac/screens/other.json").write_text(json.dumps(image_screen("assets/logo.png")))

    lines = call(f"publish --target static --output ../site --base-url {where}")

    note = f"Its images are looked for at {where}, which every device takes for itself."
    assert (note in lines) is ("localhost" in where)


def test_the_local_workspace_is_on_this_machine(call: Call, program: Path) -> None:
    (program / "stac/screens/other.json").write_text(json.dumps({"type": "image", "src": HERE[0]}))
    call("backend init --root ../be")

    assert not [line for line in call("publish --root ../be") if "takes" in line]
