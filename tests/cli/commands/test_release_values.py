"""What cannot be kept is a usage error at every option, and old texts are escaped on the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import frozen_clock, write_program

WALLET = ("--app", "wallet")
VALUES = {
    "nan": "NaN",
    "inf": "1e999",
    "pair": r'"\ud800"',
    "twice": '{"a":1,"a":2}',
    "deep": "[" * 2000 + "]" * 2000,
}


class Line:
    """A command line in a folder with one environment and a draft of shop 1.0.0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shop"
        self.store = folder / "store"
        self.document = self.store / "metadata" / "releases" / "shop.json"
        self.box = AppContext(
            cwd=self.folder, environ={"HOME": str(folder / "home"), "USER": "ann"}, now=frozen_clock
        )
        (folder / "home").mkdir()
        write_program(self.folder)
        for words in (
            ("env", "init"),
            ("env", "configure", "dev", "--provider", "filesystem", "--store", str(self.store),
             "--api-base-url", "https://api.example.com/api"),
            ("env", "use", "dev"),
            ("publish", "--target", "cloud"),
            ("app", "add", "wallet", "--stage", "test"),
            ("release", "create", "shop", "1.0.0", *WALLET),
        ):  # fmt: skip
            assert self(*words) == 0, words

    def __call__(self, *words: str) -> int:
        return run(list(words), self.box)

    def contents(self) -> dict[Path, bytes]:
        files = (path for path in self.store.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files if path.suffix == ".json"}


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


@pytest.fixture(scope="module")
def lasting_line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """One for all that is refused."""
    return Line(tmp_path_factory.mktemp("line"))


@pytest.fixture
def unchanged(lasting_line: Line) -> Iterator[Line]:
    """A line after whose command the folder holds what it held."""
    before = lasting_line.contents()
    yield lasting_line
    assert lasting_line.contents() == before


DOORS = {
    "default": lambda value: ("switch", "set", "shop", "x", "--type", "json", "--default", value),
    "rule value": lambda value: (
        "switch", "set", "shop", "x", "--type", "json", "--rule", '{"value": ' + value + "}",
    ),
    "rule audience": lambda value: (
        "switch", "set", "shop", "x",
        "--rule",
        '{"value": true, "audience": {"attribute": "userId", "operator": "in", "values": [' + value + "]}}",
    ),
    "audience": lambda value: (
        "release", "configure", "shop", "1.0.0", *WALLET,
        "--audience", '{"attribute": "custom.n", "operator": "num_gt", "values": [' + value + "]}",
    ),
    "override": lambda value: (
        "release", "deny", "shop", *WALLET, "--reason", "why",
        "--audience", '{"attribute": "custom.n", "operator": "num_gt", "values": [' + value + "]}",
    ),
    "import": lambda value: ("switch", "import", "shop", "given.json", "--existing", "overwrite"),
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_a_value_that_cannot_be_kept_changes_nothing(unchanged: Line, door, value: str, capsys) -> None:
    (unchanged.folder / "given.json").write_text(
        '{"switches": [{"key": "x", "type": "json", "default": ' + value + "}]}"
    )

    assert unchanged(*door(value)) == 64

    said = capsys.readouterr()
    assert said.out == ""
    assert "internal error" not in said.err


TEXTS = {
    "title": lambda text: ("release", "configure", "shop", "1.0.0", *WALLET, "--title", text),
    "description": lambda text: ("release", "configure", "shop", "1.0.0", *WALLET, "--description", text),
    "reason": lambda text: ("release", "force-remove", "shop", "1.0.0", *WALLET, "--reason", text),
    "override reason": lambda text: (
        "release", "deny", "shop", *WALLET, "--reason", text,
        "--audience", '{"attribute": "userId", "operator": "in", "values": ["eve"]}',
    ),
    "switch": lambda text: ("switch", "set", "shop", "x", "--description", text),
    "app": lambda text: ("app", "add", "bank", "--title", text),
    "member": lambda text: ("member", "add", "bob", "--role", "reviewer", "--title", text),
    "actor": lambda text: ("app", "add", "bank", "--actor", text),
    "tester": lambda text: ("release", "testers", "add", "shop", "1.0.0", *WALLET, "--tester", text),
}  # fmt: skip


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\u202eb", "\u200b", "a\0b", "a\x9bb", "a\ud800b"])
@pytest.mark.parametrize("door", TEXTS.values(), ids=TEXTS)
def test_text_that_hides_is_a_usage_error(unchanged: Line, door, text: str, capsys) -> None:
    assert unchanged(*door(text)) == 64

    said = capsys.readouterr()
    assert said.out == ""
    assert "\x1b" not in said.err


@pytest.mark.parametrize("ratio", ["nan", "inf", "-inf", "1e400", "-1", "101", "0.001", "１０", "1_0", "ten"])
@pytest.mark.parametrize("verb", ["grayscale", "shrink"])
def test_a_ratio_is_a_plain_number_from_0_to_100(unchanged: Line, verb: str, ratio: str, capsys) -> None:
    assert unchanged("release", verb, "shop", "1.0.0", *WALLET, f"--ratio={ratio}", *_reason(verb)) == 64
    assert "internal error" not in capsys.readouterr().err


def _reason(verb: str) -> tuple[str, ...]:
    return ("--reason", "why") if verb == "shrink" else ()


def test_text_of_an_old_document_is_escaped(line: Line, capsys) -> None:
    document = json.loads(line.document.read_text("utf-8"))
    document["releases"][0]["configuration"]["title"] = "a\x1b[31mb\u202ec"
    document["trail"]["latest"][0]["reason"] = "x\n    2  2030  eve  release approve"
    line.document.write_text(json.dumps(document), "utf-8")
    capsys.readouterr()

    assert line("release", "show", "shop", "1.0.0", *WALLET) == 0
    assert r"a\x1b[31mb\u202ec" in capsys.readouterr().out
    assert line("release", "history", "shop") == 0
    assert r"x\x0a    2  2030" in capsys.readouterr().out
