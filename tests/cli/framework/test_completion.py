"""Shell completion: what is offered where, and that bash gets it."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.help import known_values
from miniprogram.cli.framework.main import run
from miniprogram.fast_path import COMPLETE
from miniprogram.testing import write_program

Offer = Callable[..., list[str]]


@pytest.fixture
def offer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Offer:
    """`offer(*words)`: the values offered for the last word."""

    def once(*words: str, **environ: str) -> list[str]:
        assert run(words, AppContext(cwd=tmp_path, environ={COMPLETE: "1", "HOME": str(tmp_path), **environ})) == 0
        out, err = capsys.readouterr()
        assert err == ""
        values = [line.partition("\t")[0] for line in out.splitlines()]
        return [] if values == [""] else values

    return once


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["bac"], ["backend"]),
        (["backend", "st"], ["start", "status", "stop"]),
        (["cloud", "app", "i"], ["info"]),
        (["backend", "--"], ["--help"]),
        (["nonsense", ""], []),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["completion", "z"], ["zsh"]),
        (["cloud", "outputs", "--for"], ["--format"]),
        (["cloud", "outputs", "--format", ""], ["text", "dart-define"]),
        (["cloud", "outputs", "--format", "d"], ["dart-define"]),
        (["cloud", "outputs", "--format=d"], ["--format=dart-define"]),
        (["cloud", "outputs", "--format", "=", "d"], ["dart-define"]),
        (["cloud", "outputs", "--format", "text", "--for"], ["--format"]),
        (["env", "configure", "prod", "--require-"], ["--require-access-keys", "--require-versions"]),
        (["env", "configure", "prod", "--no-req"], ["--no-require-access-keys", "--no-require-versions"]),
        (["doctor", "--repo-root", ""], []),
        (["--h"], ["--help"]),
        (["-"], ["--help", "--version", "--verbose", "--quiet", "--locked", "-C"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_offered(offer: Offer, words: list[str], offered: list[str]) -> None:
    assert offer(*words) == offered


def test_every_top_level_word_is_offered(offer: Offer) -> None:
    assert {"create", "publish", "env", "plugins", "completion"} <= set(offer(""))


def test_names_of_what_is_installed_and_configured_are_offered(offer: Offer, tmp_path: Path) -> None:
    moment = "2030-01-01T00:00:00.000Z"
    environment = {"name": "prod", "provider": "filesystem", "values": {}}
    environment |= {"configuredAtUtc": moment, "updatedAtUtc": moment}
    document = {"schemaVersion": 2, "activeEnvironment": "prod", "cloudEnvironments": [environment]}
    document |= {"initializedAtUtc": moment, "updatedAtUtc": moment}
    path = tmp_path / ".mini_program" / "env.json"
    path.parent.mkdir()

    assert offer("cloud", "status", "--env", "") == []
    path.write_text(json.dumps(document))
    assert offer("cloud", "status", "--env", "p") == ["prod"]
    path.write_text("{")
    assert offer("cloud", "status", "--env", "p") == []
    assert offer("publish", "--target", "sta") == ["static"]
    assert offer("env", "configure", "--provider", "file") == ["filesystem"]


def test_trouble_with_plugins_offers_what_the_core_has(offer: Offer) -> None:
    assert "backend" in offer("", MINIPROGRAM_PLUGINS="absent")
    assert offer("nonsense", "", MINIPROGRAM_PLUGINS="absent") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_script_asks_the_program(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell], AppContext(cwd=tmp_path, environ={})) == 0

    assert f"{COMPLETE}=1 miniprogram" in capsys.readouterr().out


def test_an_unknown_shell_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "tcsh"], AppContext(cwd=tmp_path, environ={})) == 64
    assert "tcsh" in capsys.readouterr().err


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Two versions in an environment with a host app, a segment and keys, and two in a folder."""
    write_program(tmp_path / "shop")
    for line in (
        "env init",
        "env configure dev --provider filesystem --store ../store",
        "publish --target cloud --env dev",
        "publish --target static --output ../site",
        "version set 1.2.0",
        "publish --target cloud --env dev",
        "publish --target static --output ../site",
        "app add wallet --env dev",
        "release create shop 1.0.0 --app wallet --env dev",
        "segment create shop beta --id a --env dev",
        "switch set shop checkout --type boolean --default true --env dev",
        "access-key create shop --key-id alice --env dev",
        "access-key create shop --key-id bob --env dev",
        "access-key revoke shop --key-id bob --env dev",
    ):
        assert run(line.split(), AppContext(cwd=tmp_path / "shop", environ={"HOME": str(tmp_path)})) == 0, line
    capsys.readouterr()
    return tmp_path / "shop"


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("build |", "shop"),
        ("cloud app info --env dev s|", "shop"),
        ("release why |", "shop"),
        ("cloud rollback --env dev |", "1.2.0 1.0.0"),
        ("rollback --target cloud --env dev 1.2|", "1.2.0"),
        ("rollback --target static --output ../site |", "1.2.0 1.0.0"),
        ("rollback --target static --output ../nowhere |", ""),
        ("release create shop --env dev |", "1.2.0 1.0.0"),
        ("release create shop 1.0.0 --env dev --app |", "wallet"),
        ("release create shop 1.0.0 --env dev --app=w|", "--app=wallet"),
        ("app remove --env dev |", "wallet"),
        ("segment show shop --env dev |", "beta"),
        ("switch on shop --env dev |", "checkout"),
        ("access-key revoke shop --env dev --key-id |", "alice"),
        ("access-key revoke shop --env nosuch --key-id |", ""),
        ("version set |", "1.2.1 1.3.0 2.0.0"),
        ("env use |", "dev local"),
        ("env configure d|", "dev"),
        ("preview -d ch|", "chrome"),
        ("host run -d ch|", "chrome"),
        ("host endpoint remove |", ""),
        ("publisher-backend scaffold --template m|", "mock"),
        ("create |", ""),
        ("version set 1.0.0 shop more |", ""),
    ],
)
def test_what_there_is_here_is_offered(
    shop: Path, capsys: pytest.CaptureFixture[str], line: str, offered: str
) -> None:
    words = [word.removesuffix("|") for word in line.split()]

    assert run(words, AppContext(cwd=shop, environ={COMPLETE: "1", "HOME": str(shop)})) == 0

    out, err = capsys.readouterr()
    values = [row.partition("\t")[0] for row in out.splitlines()]
    assert ([value for value in values if value], err) == (offered.split(), "")


def test_a_store_that_is_slow_or_broken_keeps_nobody_waiting(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = threading.Event()

    def fail(*_: object) -> None:
        raise RuntimeError("not even one of ours")

    def slow(*_: object) -> None:
        asleep.wait(30)

    monkeypatch.setattr(known_values, "PATIENCE_S", 0.05)
    for look in (fail, slow):
        monkeypatch.setattr("miniprogram.environments.session.storage_of", look)
        words = ["cloud", "rollback", "--env", "dev", ""]
        assert run(words, AppContext(cwd=shop, environ={COMPLETE: "1", "HOME": str(shop)})) == 0
        assert capsys.readouterr() == ("\t\n", "")
    asleep.set()


ASK = {
    "bash": """
source <(miniprogram completion bash)
ask() {
    COMP_WORDS=(miniprogram "$@"); COMP_CWORD=$#; _miniprogram
    printf '%s ' "${COMPREPLY[@]}"; echo
}
""",
    "fish": """
miniprogram completion fish | source
function ask
    complete -C "miniprogram $(string join ' ' -- $argv)" | string replace -r '\\t.*' '' | string join ' '
end
""",
    "zsh": """
compdef() { :; }
_describe() { print -r -- "${(@)rows%%:*}" }
_files() { print -r -- *(N) }
source <(miniprogram completion zsh)
ask() { words=(miniprogram "$@"); CURRENT=$#words; _miniprogram || echo }
""",
}


@pytest.mark.process
@pytest.mark.parametrize("shell", ASK)
def test_a_shell_completes(shell: str, tmp_path: Path) -> None:
    found = shutil.which(shell)
    if not found:
        assert shell != "bash", "these tests need bash"
        pytest.skip(f"{shell} is not here")
    program = tmp_path / "bin" / "miniprogram"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m miniprogram "$@"\n')
    program.chmod(0o755)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "a-file").touch()
    lines = [*ASK[shell].splitlines(), "ask backend sta", "ask publish --target stat", "ask publish --target zz"]
    lines += ["ask validate --repo-root a-f"] if shell != "bash" else []

    done = subprocess.run(
        [found, *NO_START_FILES[shell], "-c", "\n".join(lines)],
        cwd=tmp_path / "work",
        env={"PATH": f"{program.parent}:/usr/bin:/bin", "HOME": str(tmp_path), "TERM": "dumb"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )

    files = ["a-file"] if shell != "bash" else []  # bash itself adds them, when nothing is answered
    answers = [line.split() for line in done.stdout.splitlines() if line.strip()]
    assert (answers, done.stderr) == ([["start", "status"], ["static"], *([files] if files else [])], "")


NO_START_FILES = {"bash": ["--norc"], "fish": ["--no-config"], "zsh": ["-f"]}
