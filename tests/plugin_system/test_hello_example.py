"""The example plugin, used as its readers would: found on the path, through the real command line."""

import json
import re
from pathlib import Path

import pytest

from miniprogram.testing import write_program
from testbed.example_plugins import Run, installed_example

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugins" / "hello"
GUIDE = ROOT / "docs" / "howto" / "write-a-plugin.md"
SHOWN = re.compile(r"\n`(?P<name>[\w/.-]+)`:\n\n```(?:toml|python)\n(?P<code>.*?)```\n", re.DOTALL)


@pytest.fixture
def miniprogram(tmp_path: Path) -> Run:
    """The command line in a folder of its own, with the example installed as its pyproject says."""
    return installed_example(EXAMPLE, tmp_path)


def test_it_is_listed_with_what_it_adds(miniprogram: Run) -> None:
    rows = json.loads(miniprogram("plugins", "list", "--json").stdout)["plugins"]

    hello = next(row for row in rows if row["name"] == "hello")
    assert (hello["distribution"], hello["version"], hello["status"]) == ("miniprogram-hello", "0.1.0", "loaded")
    assert hello["adds"] == {
        "publish target": ["shelf"],
        "command": ["hello greet"],
        "capability": ["publish.shelf"],
    }
    assert miniprogram("plugins", "check").returncode == 0


def test_its_command_runs_and_shows_in_its_group(miniprogram: Run) -> None:
    assert miniprogram("hello", "greet").stdout == "Hello, world!\n"
    assert json.loads(miniprogram("hello", "greet", "you", "--json").stdout) == {"name": "you"}
    usage = miniprogram("hello", "--help").stdout
    assert "greet  greet somebody" in usage
    assert "\n  Greetings, as an example.\n" in usage
    assert miniprogram("hello", "great").returncode == 64


def test_it_publishes(miniprogram: Run, tmp_path: Path) -> None:
    write_program(tmp_path / "shop")

    done = miniprogram(
        "publish", "--mini-program-root", "shop", "--target", "shelf", "--shelf", "out", "--label", "Mine"
    )

    assert (done.returncode, done.stderr) == (0, "")
    latest = json.loads((tmp_path / "out" / "manifests" / "shop" / "latest.json").read_text())
    assert latest["version"] == "1.0.0"
    assert (tmp_path / "out" / "LABEL.txt").read_text() == "Mine\n"


def test_its_options_are_options_of_publish(miniprogram: Run) -> None:
    text = " ".join(miniprogram("publish", "--help").stdout.split())

    assert "--shelf PATH" in text
    assert "What LABEL.txt in the folder says, default:" in text


def test_what_does_not_fit_names_the_option(miniprogram: Run, tmp_path: Path) -> None:
    write_program(tmp_path / "shop")

    done = miniprogram("publish", "--mini-program-root", "shop", "--target", "shelf")

    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr.startswith("--shelf is required")


def test_pins_keep_it_out(miniprogram: Run) -> None:
    done = miniprogram("hello", "greet", MINIPROGRAM_PLUGINS="static")

    assert done.returncode == 64
    assert "there is no command 'hello'" in done.stderr


def test_its_own_tests_pass(miniprogram: Run, tmp_path: Path) -> None:
    argv = ["-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(EXAMPLE / "tests")]

    done = miniprogram(*argv, program="pytest")

    assert done.returncode == 0, done.stdout


def test_the_guide_shows_the_example_as_it_is() -> None:
    shown = {match["name"]: match["code"] for match in SHOWN.finditer(GUIDE.read_text("utf-8"))}

    assert set(shown) == {
        "pyproject.toml",
        "src/miniprogram_hello/hooks.py",
        "src/miniprogram_hello/settings.py",
        "src/miniprogram_hello/target.py",
        "src/miniprogram_hello/greet.py",
        "tests/test_target.py",
    }
    for name, code in shown.items():
        assert code == (EXAMPLE / name).read_text("utf-8"), f"{name} differs from the guide"
