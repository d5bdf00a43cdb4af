"""The argument syntax and the help of the contract, over the real commands and one made for the purpose."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Annotated, Literal

import pytest
import typer

from miniprogram.cli.framework import main
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.help.usage import render_group, render_root
from miniprogram.cli.framework.main import run
from miniprogram.cli.framework.output import emit_json, emit_lines
from miniprogram.cli.framework.pages.command_page import Page
from miniprogram.cli.framework.parsing.options import AsJson, OptionalProgramId, trimmed
from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import CommandSpec

Run = Callable[..., tuple[int, str, str]]


def probe(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    title: Annotated[str | None, typer.Option("--title", "-t", parser=trimmed)] = None,
    form: Annotated[Literal["text", "line"], typer.Option("--format")] = "text",
    limit: Annotated[int, typer.Option("--limit", min=1, max=500)] = 50,
    force: Annotated[bool, typer.Option("--force")] = False,
    keys: Annotated[bool, typer.Option("--require-keys/--no-require-keys")] = False,
    as_json: AsJson = False,
) -> None:
    """Print what was given."""
    emit_json({
        "id": program_id, "title": title, "form": form, "limit": limit, "force": force, "keys": keys,
        "json": as_json,
    })  # fmt: skip


def needy(context: typer.Context, program_id: Annotated[str, typer.Argument(metavar="mini-program-id")]) -> None:
    """Print the id."""
    emit_lines([program_id])


def failing(context: typer.Context, how: str) -> int:
    """Fail."""
    if how == "ours":
        raise MiniProgramError("it went wrong", hint="Try again.")
    if how == "interrupt":
        raise KeyboardInterrupt
    if how == "disk":
        raise OSError(28, "No space left on device", "/full/disk")
    if how == "pipe":
        raise BrokenPipeError
    if how == "exit":
        raise typer.Exit(7)
    if how == "code":
        return 5
    password = "hunter2-in-a-local-variable"
    raise RuntimeError(f"a mistake of {len(password)} letters")


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`call(*argv)` runs a command line in a tree with a few commands more; returns code, stdout and stderr."""
    module = ModuleType("probe_commands")
    for function in (probe, needy, failing):
        setattr(module, function.__name__, function)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    more = (
        CommandSpec(("probe",), "print what was given", "probe_commands:probe"),
        CommandSpec(("needy",), "print the id", "probe_commands:needy"),
        CommandSpec(("group", "failing"), "fail", "probe_commands:failing"),
    )
    monkeypatch.setattr(main, "COMMANDS", (*main.COMMANDS, *more))
    monkeypatch.setenv("COLUMNS", "200")

    def once(*argv: str, **environ: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(argv, AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path), **environ}))
        out, err = capsys.readouterr()
        return code, out, err

    return once


def given(call: Run, *argv: str) -> dict[str, object]:
    import json

    code, out, err = call(*argv)
    assert (code, err) == (0, "")
    document: dict[str, object] = json.loads(out)
    return document


@pytest.mark.parametrize(
    ("argv", "key", "value"),
    [
        (["--title", "a"], "title", "a"),
        (["--title=a=b"], "title", "a=b"),
        (["-t", "a"], "title", "a"),
        (["-ta"], "title", "a"),
        (["--title", "-dash"], "title", "-dash"),
        (["--title", "--force"], "title", "--force"),
        (["--title", "--", "shop"], "title", "--"),
        (["--title", "a", "--title", "b"], "title", "b"),
        (["--title", "  a b  "], "title", "a b"),
        (["--title", "   "], "title", None),
        (["--title="], "title", None),
        (["shop", "--force"], "id", "shop"),
        (["--force", "shop"], "id", "shop"),
        (["--", "--force"], "id", "--force"),
        (["--force", "--", "-x"], "id", "-x"),
        (["--require-keys", "--no-require-keys"], "keys", False),
        (["--format", "line"], "form", "line"),
        (["--limit", "7"], "limit", 7),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_accepted(call: Run, argv: list[str], key: str, value: object) -> None:
    assert given(call, "probe", *argv)[key] == value


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--bogus"], "there is no option --bogus"),
        (["--titel", "a"], "there is no option --titel; did you mean --title?"),
        (["--tit", "a"], "there is no option --tit; did you mean --title?"),
        (["-z"], "there is no option -z"),
        (["--title"], "option '--title' requires an argument"),
        (["-t"], "option '-t' requires an argument"),
        (["--force=true"], "option '--force' does not take a value"),
        (["--no-force"], "there is no option --no-force; did you mean --force?"),
        (["--format", "moon"], "--format: 'moon' is not one of text, line"),
        (["--limit", "x"], "--limit: 'x' is not a whole number from 1 to 500"),
        (["--limit", "501"], "--limit: '501' is not a whole number from 1 to 500"),
        (["a", "b", "c"], "surplus arguments: b c"),
        (["--bogus", "--help"], "there is no option --bogus"),
        (["--help", "--bogus"], "there is no option --bogus"),
        (["--help", "--format", "moon"], "--format: 'moon' is not one of"),
        (["--force=1", "-h"], "option '--force' does not take a value"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_refused_is_named(call: Run, argv: list[str], message: str) -> None:
    code, out, err = call("probe", *argv)

    assert (code, out) == (64, "")
    assert err.startswith(message)
    assert "Usage: miniprogram probe [OPTIONS] [mini-program-id]" in err


def test_a_missing_argument_is_named(call: Run) -> None:
    code, out, err = call("needy")

    assert (code, out) == (64, "")
    assert err.startswith("missing argument 'mini-program-id'")


@pytest.mark.parametrize(
    "argv",
    [["probe", "--help"], ["probe", "-h"], ["probe", "shop", "-h", "--force"], ["needy", "--help"]],
    ids=" ".join,
)
def test_help_of_a_command(call: Run, argv: list[str]) -> None:
    code, out, err = call(*argv)

    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: miniprogram {argv[0]} ")
    assert "--verbose" in out


@pytest.mark.parametrize("argv", [[], ["help"], ["--help"], ["-h"], ["--verbose"], ["--quiet"]], ids=str)
def test_help_of_the_root(call: Run, argv: list[str]) -> None:
    assert call(*argv) == (0, render_root(), "")


GROUPS = ["access-key", "backend", "cloud", "cloud app", "env", "plugins", "publisher-backend"]


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
@pytest.mark.parametrize("group", GROUPS)
def test_help_of_a_group(call: Run, group: str, word: str) -> None:
    code, out, err = call(*group.split(), word)

    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: miniprogram {group} <command>")


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_needs_a_subcommand(call: Run, tmp_path: Path, group: str) -> None:
    code, out, err = call(*group.split())

    path = tuple(group.split())
    usage = render_group(main.command_tree(AppContext(cwd=tmp_path, environ={})), path, Page(80))
    assert (code, out) == (64, "")
    assert err.startswith(f"miniprogram {group} needs a subcommand")
    assert err.endswith(usage)


@pytest.mark.parametrize(
    ("argv", "message", "usage"),
    [
        (["creaet"], "there is no command 'creaet'; did you mean 'create'?", "Usage: miniprogram <command>"),
        (["zzz", "--json"], "there is no command 'zzz'\n", "Usage: miniprogram <command>"),
        (["--bogus"], "there is no option --bogus here", "Usage: miniprogram <command>"),
        (["backend", "strat"], "'backend strat'; did you mean 'backend start'?", "miniprogram backend"),
        (["backend", "--json"], "there is no option --json here", "Usage: miniprogram backend <command>"),
        (["backend", "help", "start"], "there is no command 'backend help'", "Usage: miniprogram backend <comm"),
        (["cloud", "app", "lsit"], "there is no command 'cloud app lsit'", "Usage: miniprogram cloud app <comm"),
        ([""], "there is no command ''", "Usage: miniprogram <command>"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_unknown_commands_are_named_with_the_usage(call: Run, argv: list[str], message: str, usage: str) -> None:
    code, out, err = call(*argv)

    assert code == 64
    assert bool(out) == ("--json" in argv)
    assert message in err.partition("Usage: ")[0]
    assert usage in err
    assert len(err.splitlines()) <= 5


@pytest.mark.parametrize(
    ("argv", "distribution"),
    [
        (["serve"], "miniprogram-server"),
        (["publisher-backend", "aws", "deploy", "--json"], "miniprogram-aws"),
        (["publisher-backend", "firebase", "data"], "miniprogram-firebase"),
    ],
    ids=["serve", "aws", "firebase"],
)
def test_a_first_party_command_that_is_not_installed_names_what_to_install(
    call: Run, monkeypatch: pytest.MonkeyPatch, argv: list[str], distribution: str
) -> None:
    monkeypatch.setattr("miniprogram.plugins.registry.find_entries", list)

    code, out, err = call(*argv)

    assert code == 64
    assert bool(out) == ("--json" in argv)
    folder = distribution.removeprefix("miniprogram-")
    assert f"comes with {distribution}, which is not installed\nInstall plugins/{folder} of a clone" in err


def test_a_command_of_a_plugin_that_may_not_load_names_the_plugin(call: Run) -> None:
    code, out, err = call("serve", MINIPROGRAM_PLUGINS="static")

    assert (code, out) == (1, "")
    assert err.startswith("the command 'serve' comes with server (miniprogram-server ")
    assert "which is not allowed: MINIPROGRAM_PLUGINS does not name miniprogram-server" in err


def test_unmet_pins_stop_only_what_asks_plugins(call: Run) -> None:
    pins = {"MINIPROGRAM_PLUGINS": "absent"}

    assert call("probe", **pins)[0] == 0
    assert call("backend", "--help", **pins)[0] == 0
    assert call("serve", **pins)[0] == 1
    assert call("plugins", "check", **pins)[0] == 1


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ("ours", 1, "it went wrong\nTry again.\n"),
        ("interrupt", 130, "interrupted\n"),
        ("disk", 1, "/full/disk: No space left on device\n"),
        ("pipe", 1, ""),
        ("exit", 7, ""),
        ("code", 5, ""),
    ],
)
def test_failures_become_exit_codes(call: Run, how: str, code: int, message: str) -> None:
    assert call("group", "failing", how) == (code, "", message)


def test_a_mistake_of_ours_is_kept_and_can_be_printed(call: Run, tmp_path: Path) -> None:
    code, out, err = call("group", "failing", "unforeseen")

    kept = tmp_path / ".mini_program" / "last_crash.json"
    assert (code, out) == (1, "")
    assert err.startswith("internal error: RuntimeError\n")
    assert str(kept) in err
    report = json.loads(call("doctor", "--report")[1])
    assert report == json.loads(kept.read_text())
    assert report["error"] == "RuntimeError: a mistake of 27 letters"
    assert report["commandLine"] == ["group", "failing", "…"] or report["commandLine"] == ["…", "…", "…"]
    assert any("failing" in line for line in report["calls"])
    assert "hunter2" not in kept.read_text()
    assert str(tmp_path) not in kept.read_text()


def test_without_a_home_to_write_to_the_error_is_told_all_the_same(call: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    code, _, err = call("group", "failing", "unforeseen", HOME=str(tmp_path / "file" / "below"))

    assert code == 1
    assert err.startswith("internal error: RuntimeError\n")


def test_a_mistake_is_logged_without_local_variables(call: Run) -> None:
    code, out, err = call("group", "failing", "unforeseen", MINIPROGRAM_LOG="json")

    assert (code, out) == (1, "")
    assert "a mistake of 27 letters" in err
    assert "hunter2" not in err.replace('password = "hunter2-in-a-local-variable"', "")


def test_verbose_may_stand_first_or_after_the_command(call: Run) -> None:
    assert call("--verbose", "probe")[0] == 0
    assert call("probe", "--verbose", "shop")[0] == 0
    assert given(call, "probe", "--title", "--verbose")["title"] == "--verbose"
    assert call("group", "--verbose", "failing")[0] == 64
