"""Run one command through Typer: parse what follows its name, call it, name what does not parse."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from miniprogram.cli.command_table import SILENT_WHEN_QUIET
from miniprogram.cli.examples import example_of
from miniprogram.cli.framework.output import be_quiet, life_line, mute_lines
from miniprogram.cli.framework.pages.command_page import Page, command_page
from miniprogram.cli.framework.parsing.signatures import parameters_of, stand_for
from miniprogram.errors import PluginError, UsageError
from miniprogram.logs import be_verbose
from miniprogram.plugins.loading.contained import only_the_document, pass_on_interrupt, stdout_guarded

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext
    from miniprogram.plugins.registry import Registry
    from miniprogram.plugins.specs import CommandSpec

HELP_NAMES = ["-h", "--help"]
OWN_PACKAGE = "miniprogram."
PASSED_ON = "miniprogram.passed_on"
"""Where a Typer context keeps the words for another program."""
REQUIRED = " is required"
"""How a command says that something is missing: people are shown how it is typed."""
SURPLUS = "Got unexpected extra argument(s) ("


def call(spec: CommandSpec, arguments: list[str], app_context: AppContext) -> int:
    """Run the command with what followed its name; return its exit code. Raises UsageError naming the culprit."""
    chosen = _require_chosen(spec.settings_of, arguments, app_context) if spec.settings_of else None
    command = load_command(spec, lambda: app_context.registry)
    command.chosen = chosen
    own, passed_on = _split(arguments) if spec.passes_on else (list(arguments), [])
    stdout = only_the_document() if _prints_a_document(spec, own) else nullcontext()
    try:
        with command.make_context(_name(spec), own, obj=app_context) as context:
            context.meta[PASSED_ON] = passed_on
            with stdout, life_line(app_context.environ) if _ends_by_itself(spec, command) else nullcontext():
                if spec.path in SILENT_WHEN_QUIET:
                    mute_lines()
                result = command.invoke(context)
    except UsageError as error:
        if error.hint is None and str(error).endswith(REQUIRED):
            error.hint = _usage(command, spec, app_context)
        raise
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        raise UsageError(_message(error, command, app_context), hint=_usage(command, spec, app_context)) from None
    return result if type(result) is int else 0


def _prints_a_document(spec: CommandSpec, words: Sequence[str]) -> bool:
    """Whether stdout is for one JSON document. A command of somebody else writes to it as it likes."""
    return is_of_core(spec) and "--json" in words and not {*words} & {*HELP_NAMES}


def _ends_by_itself(spec: CommandSpec, command: Command) -> bool:
    """Whether it has an outcome: others stay in the foreground and use the terminal as they like."""
    return is_of_core(spec) and any("--json" in parameter.opts for parameter in command.params)


def is_of_core(spec: CommandSpec) -> bool:
    return spec.load.startswith(OWN_PACKAGE)


def passed_on(context: typer.Context) -> list[str]:
    """The words after `--` on the command line of a command that passes them on."""
    words: list[str] = context.meta.get(PASSED_ON, [])
    return words


def load_command(spec: CommandSpec, registry: Callable[[], Registry]) -> Command:
    """The Typer command behind `spec`. Raises PluginError when a plugin's function cannot be one."""
    function = _import(spec)
    if spec.settings_of:
        from miniprogram.cli.framework.parsing.settings_options import (
            accept_settings,  # deferred: imports pydantic
        )

        plugins, kind = registry(), spec.settings_of

        def report(owner: str, reason: str) -> None:
            plugins.set_broken(plugins.owner(kind, owner), reason)

        function = accept_settings(function, plugins.settings_models(kind), report=report, command=spec.path[-1])
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    settings = {"help_option_names": HELP_NAMES}
    text = function.__doc__ or spec.summary
    typed = app.command(spec.path[-1], cls=Command, help=text, epilog=example_of(spec), context_settings=settings)
    try:
        typed(_accept_everywhere(function))
        command = typer.main.get_command(app)
    except Exception as error:  # Typer tells what it cannot read in many ways
        _blame(spec, error)
        raise
    assert isinstance(command, Command)  # noqa: S101 - the class asked for above
    command.chooser = CHOOSERS.get(spec.settings_of or "", "")
    for parameter in command.params:
        parameter.metavar = parameter.metavar or _kind_of_value(parameter)
    return command


def _kind_of_value(parameter: Any) -> str | None:
    """What help calls a value, where Typer's own word is one for programmers; None to leave it to Typer."""
    if getattr(parameter.type, "name", "").startswith(("int", "float")):
        return "NUMBER"
    choices = getattr(parameter.type, "choices", None)
    return "|".join(map(str, choices)) if choices and parameter.param_type_name == "argument" else None


class Command(TyperCommand):
    """A command whose wrong values win over `--help`, and whose help fits the terminal."""

    chooser: str = ""
    """The option that says whose settings the command takes; empty when it takes none."""
    chosen: str | None = None
    """Its value on this command line."""

    def get_help(self, ctx: Any) -> str:
        """The page of help, for whoever looks at stdout."""
        page = Page.of(ctx.obj)
        ctx.color = page.coloured
        return command_page(self, ctx, page).rstrip("\n")

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Like Typer's; with help asked for, every value given is looked at before the help is printed."""
        if set(args) & set(ctx.help_option_names):
            given, _, order = self.make_parser(ctx).parse_args(list(args))
            for parameter in order:
                if not parameter.is_eager and given.get(parameter.name or "") is not None:
                    parameter.handle_parse_result(ctx, given, [])
        rest: list[str] = super().parse_args(ctx, args)
        return rest


def _accept_everywhere(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with the options that every command has."""
    own = parameters_of(function)
    more = [each for each in EVERYWHERE if each.name not in {parameter.name for parameter in own}]

    def quiet_or_not(*args: Any, **values: Any) -> Any:
        for each in more:
            values.pop(each.name, None)  # these options have acted already
        return function(*args, **values)

    return stand_for(quiet_or_not, function, [*own, *more])


VERBOSE = Parameter(
    "verbose",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool,
        typer.Option(
            "--verbose",
            is_eager=True,
            callback=lambda given: be_verbose() if given else None,
            help="Write what is going on to stderr.",
        ),
    ],
)


LOCKED = Parameter(
    "locked",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool, typer.Option("--locked", hidden=True, help="Run only with the plugins of miniprogram.lock.")
    ],
)
"""Looked at before the command line is parsed; here so that it may stand after a command too."""
QUIET = Parameter(
    "quiet",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            is_eager=True,
            hidden=True,
            callback=lambda given: be_quiet() if given else None,
            help="Print results and errors only.",
        ),
    ],
)
EVERYWHERE = (VERBOSE, QUIET, LOCKED)


def _import(spec: CommandSpec) -> Callable[..., Any]:
    module, _, name = spec.load.partition(":")
    try:
        with stdout_guarded():
            function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except BaseException as error:
        pass_on_interrupt(error)
        _blame(spec, error)
        raise
    return function


def _blame(spec: CommandSpec, error: BaseException) -> None:
    """Raises PluginError when it is a plugin's function that cannot be imported, or made a command of."""
    module = spec.load.partition(":")[0]
    if module.startswith(OWN_PACKAGE):
        return
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    raise PluginError(f"{_name(spec)} cannot be loaded from {module}: {reason}") from error


def _name(spec: CommandSpec) -> str:
    return " ".join(("miniprogram", *spec.path))


CHOOSERS = {"publish_targets": "--target", "cloud_providers": "--provider"}
"""The option that says whose settings a command takes."""


def _require_chosen(settings_of: str, arguments: Sequence[str], app_context: AppContext) -> str | None:
    """Ask for the target or provider before its options are judged: without it they would all be unknown.

    Returns its name, None when none is given.

    Raises PluginError or UsageError saying why it is not there.
    """
    chosen = _value_of(CHOOSERS[settings_of], arguments)
    if chosen is not None and settings_of == "publish_targets":
        app_context.registry.target(chosen)
    elif chosen is not None:
        app_context.registry.provider(chosen)
    return chosen


def _value_of(option: str, arguments: Sequence[str]) -> str | None:
    """The last value given to `option`, trimmed; None when there is none."""
    found = None
    for position, word in enumerate(arguments):
        if word == "--":
            break
        if word == option and position + 1 < len(arguments):
            found = arguments[position + 1]
        elif word.startswith(f"{option}="):
            found = word.partition("=")[2]
    return (found or "").strip() or None


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before the first `--`, and what stands after it."""
    if "--" not in arguments:
        return list(arguments), []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _message(error: typer.TyperException, command: Command, app_context: AppContext) -> str:
    """Typer's sentence in our form: it starts small, has no full stop, and suggests one option at most."""
    unknown = getattr(error, "option_name", None)
    if unknown and hasattr(error, "possibilities"):
        known = [name for parameter in command.params for name in parameter.opts if name.startswith("-")]
        return f"there is no option {unknown}{_meant(unknown, known)}"
    value = _about_value(error)
    if value is not None:
        return value
    text = error.format_message().rstrip(".")
    if text.startswith(SURPLUS):
        words = text.removeprefix(SURPLUS).removesuffix(")")
        return f"surplus arguments: {words}{_meant_by(words.split(), command, app_context)}"
    return text[:1].lower() + text[1:]


def _about_value(error: typer.TyperException) -> str | None:
    """What is wrong with a value that is chosen from a few, or a number; None for other mistakes."""
    parameter, given = getattr(error, "param", None), _quoted_value(error)
    kind = getattr(parameter, "type", None)
    if parameter is None or given is None:
        return None
    option = parameter.opts[0]
    choices = [str(choice) for choice in getattr(kind, "choices", None) or ()]
    if choices:
        return f"{option}: {given!r} is not one of {', '.join(choices)}{_meant(given, choices)}"
    if getattr(kind, "name", "").startswith("int"):
        low, high = getattr(kind, "min", None), getattr(kind, "max", None)
        limits = [f" from {low}" if low is not None else "", f" to {high}" if high is not None else ""]
        return f"{option}: {given!r} is not a whole number{''.join(limits)}"
    return None


def _quoted_value(error: typer.TyperException) -> str | None:
    """The value that Typer's sentence quotes first, or starts with."""
    import re  # deferred: only a mistake needs it

    found = re.match(r"'(.*?)' is not|(-?\d+) is not in the range", getattr(error, "message", ""))
    return (found[1] or found[2]) if found else None


def _meant_by(words: Sequence[str], command: Command, app_context: AppContext) -> str:
    """The option a surplus word was probably meant for: an environment's name, or a folder."""
    from miniprogram.cli.framework.parsing.surplus import probable_option  # deferred: only a mistake needs it

    options = [name for parameter in command.params for name in parameter.opts if name.startswith("--")]
    meant = probable_option(words, options, app_context)
    return f"; did you mean {meant}?" if meant else ""


def _meant(word: str, known: Sequence[str]) -> str:
    from miniprogram.suggestions import closest  # deferred: only a mistake needs it

    near = closest(word, known)
    return f"; did you mean {near}?" if near else ""


def _usage(command: Command, spec: CommandSpec, app_context: AppContext) -> str:
    context = command.make_context(_name(spec), [], obj=app_context, resilient_parsing=True)
    page = Page.of(app_context, sys.stderr)
    page.usage(_name(spec), command.collect_usage_pieces(context))
    return f"{page.text()}Run `{_name(spec)} --help` for all options."
