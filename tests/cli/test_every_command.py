"""Every command, typed wrong in every usual way: nothing is ignored, nothing is changed, the answer is short."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import CommandSpec
from miniprogram.testing import write_program

pytestmark = pytest.mark.slow

WITHOUT_JSON = {
    "schema": "prints a schema, which is JSON",
    "serve": "runs in the foreground until it is interrupted",
    "console": "runs in the foreground until it is interrupted",
    "host run": "runs in the foreground until the app ends",
    "cloud logs": "prints lines as the service wrote them",
    "completion": "prints a script",
    "trust root": "prints a root, which is JSON",
}
"""Commands without an outcome of their own, and why."""

LONGEST_ERROR = 5
"""Lines. The answer has to be seen without scrolling."""

Call = Callable[..., tuple[int, str, str]]


@cache
def registry() -> Registry:
    return Registry.discover(cwd=Path(Path.cwd().anchor), environ={})


@cache
def parameters(path: tuple[str, ...]) -> tuple[Any, ...]:
    spec = next(spec for spec in registry().commands() if spec.path == path)
    return tuple(load_command(spec, registry).params)


COMMANDS = sorted(registry().commands(), key=lambda spec: spec.path)


def name(spec: CommandSpec) -> str:
    return " ".join(spec.path)


def chosen_values() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Options that are chosen from a few values: command, option, values."""
    for spec in COMMANDS:
        for parameter in parameters(spec.path):
            choices = getattr(parameter.type, "choices", None)
            if choices and parameter.param_type_name == "option":
                yield name(spec), parameter.opts[0], tuple(map(str, choices))


@pytest.fixture
def world(tmp_path: Path) -> Path:
    write_program(tmp_path / "shop")
    (tmp_path / "home").mkdir()
    return tmp_path


@pytest.fixture
def call(world: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(
        *words: str, cwd: Path = world / "shop", home: str | None = str(world / "home")
    ) -> tuple[int, str, str]:
        environ = {"PATH": "/usr/bin:/bin"} | ({"HOME": home} if home is not None else {})
        code = run(words, AppContext(cwd=cwd, environ=environ))
        out, err = capsys.readouterr()
        return code, out, err

    return call


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize("spec", COMMANDS, ids=name)
def test_a_surplus_word_and_an_unknown_option_change_nothing(spec: CommandSpec, call: Call, world: Path) -> None:
    before = contents(world)
    words = [f"word{number}" for number in range(12)]
    required = required_options(spec)
    for wrong, culprit in (([*required, *words], "word11"), (["--no-such-option"], "--no-such-option")):
        code, out, err = call(*spec.path, *wrong)

        assert (code, out) == (64, ""), (wrong, err)
        assert culprit in err
        assert len(err.splitlines()) <= LONGEST_ERROR, err
    assert contents(world) == before


def required_options(spec: CommandSpec) -> list[str]:
    words: list[str] = []
    for parameter in parameters(spec.path):
        if parameter.param_type_name == "option" and parameter.required:
            words += [parameter.opts[0], *(choices_of(parameter)[:1] or ["1"])]
        elif parameter.param_type_name == "argument" and choices_of(parameter):
            words.append(choices_of(parameter)[0])
    return words


def choices_of(parameter: Any) -> list[str]:
    return list(map(str, getattr(parameter.type, "choices", None) or ()))


@pytest.mark.parametrize(("command", "option", "values"), list(chosen_values()), ids=lambda value: str(value)[:40])
def test_an_unknown_value_is_answered_with_the_known_ones(
    command: str, option: str, values: tuple[str, ...], call: Call
) -> None:
    code, out, err = call(*command.split(), option, f"{values[0]}x")

    first = err.splitlines()[0]
    assert (code, out) == (64, "")
    assert first.startswith(f"{option}: '{values[0]}x' is not one of {', '.join(values)}")
    assert f"did you mean {values[0]}?" in first


@pytest.mark.parametrize("spec", COMMANDS, ids=name)
def test_what_has_an_outcome_has_a_document(spec: CommandSpec) -> None:
    has_json = any("--json" in parameter.opts for parameter in parameters(spec.path))

    assert has_json != (name(spec) in WITHOUT_JSON)


@pytest.mark.parametrize("spec", [each for each in COMMANDS if name(each) not in WITHOUT_JSON], ids=name)
def test_a_failure_is_one_document_too(spec: CommandSpec, call: Call) -> None:
    code, out, err = call(*spec.path, "--json", "--no-such-option")

    document = json.loads(out)
    assert code == document["error"]["exitCode"] == 64
    assert document["command"] == name(spec)
    assert document["error"]["message"] == err.splitlines()[0]


@pytest.mark.parametrize("spec", COMMANDS, ids=name)
def test_help_shows_how_the_command_is_typed(spec: CommandSpec, call: Call) -> None:
    code, out, err = call("help", *spec.path)

    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: miniprogram {name(spec)}")
    assert out == call(*spec.path, "--help")[1]


@pytest.mark.parametrize("spec", COMMANDS, ids=name)
def test_help_ends_with_an_example_that_can_be_typed(spec: CommandSpec, call: Call) -> None:
    _, example = call(*spec.path, "--help")[1].split("\nFor example:\n")
    typed = example.replace("\\\n", "").split()
    words = typed[1 + len(spec.path) :]

    assert typed[: 1 + len(spec.path)] == ["miniprogram", *spec.path]
    typed = words[: words.index("--")] if "--" in words else words
    load_command(spec, registry).make_context(name(spec), typed, obj=AppContext(environ={}))


READ_ONLY = "/proc"
"""A folder in which nobody, root included, can make a file."""


@pytest.mark.parametrize("home", [READ_ONLY, None], ids=["read-only", "none"])
def test_a_home_that_takes_nothing_stops_no_work(home: str | None, call: Call, world: Path) -> None:
    if home is not None and not Path(home).is_dir():
        pytest.skip("this system has no such folder")
    backend = str(world / "be")
    lines = (
        "env init",
        "env configure dev --provider filesystem --store ../store",
        "env use dev",
        "env status",
        "env use local",
        f"backend init --root {backend}",
        f"publish --root {backend}",
        f"versions --root {backend}",
        f"rollback 1.0.0 --root {backend}",
        "publish --env dev --target cloud",
        "access-key create shop --env dev --key-id k",
        "release list --env dev",
        f"backend reset-local --yes --root {backend}",
        "doctor",
        "workflow status",
    )
    for line in lines:
        code, out, err = call(*line.split(), home=home)

        assert (code, err) == (0, ""), (line, out, err)
    notes = call("env", "init", "--json", home=home)[1]
    assert bool(json.loads(notes)["notes"]) == (home is not None)


def test_without_a_home_a_workspace_needs_a_folder(call: Call) -> None:
    code, out, err = call("backend", "init", home=None)

    assert (code, out) == (64, "")
    assert err.splitlines() == ["there is no home folder: HOME is not set", "Name a folder with --root DIR."]
