"""Shell completion: what is offered where, and that bash gets it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.fast_path import COMPLETE

Offer = Callable[..., list[str]]


@pytest.fixture
def offer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Offer:
    """`offer(*words)`: the values offered for the last word."""

    def once(*words: str, **environ: str) -> list[str]:
        assert run(words, AppContext(cwd=tmp_path, environ={COMPLETE: "1", "HOME": str(tmp_path), **environ})) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return [line.partition("\t")[0] for line in out.splitlines()]

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
        (["--help"], ["--help"]),
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


def test_bash_completes(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash, "these tests need bash"
    program = tmp_path / "miniprogram"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m miniprogram "$@"\n')
    program.chmod(0o755)
    script = (
        "source <(miniprogram completion bash)\n"
        "COMP_WORDS=(miniprogram backend sta); COMP_CWORD=2; _miniprogram\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )

    done = subprocess.run(
        [bash, "--norc", "-c", script],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )

    assert (done.stdout.split(), done.stderr) == (["start", "status"], "")
