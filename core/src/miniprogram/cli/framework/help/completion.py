"""Shell completion. `completion SHELL` prints a script; the script asks us what may stand at the cursor.

A shell asks by running the words so far, the unfinished one last, with `_MINIPROGRAM_COMPLETE` set. The answer
is a line per candidate, `value`, a tab, what it means. No line: the shell offers file names. One without a value:
there is nothing to offer, file names neither.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from miniprogram.cli.framework.help.known_values import LineSoFar, known_values
from miniprogram.cli.framework.output import emit_lines
from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.cli.framework.parsing.tree import CommandTree, ResolvedCommand

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext

Shell = Literal["bash", "zsh", "fish"]


class Candidate(NamedTuple):
    """What may stand at the cursor."""

    value: str
    help: str


GROUP_OPTIONS = {"--help": "Show this message and exit."}
ROOT_OPTIONS = {
    "--version": "Print the version of the tool.",
    "--verbose": "Write what is going on to stderr.",
    "--quiet": "Print results and errors only.",
    "--locked": "Run only with the plugins of miniprogram.lock.",
    "-C": "Run in another folder.",
}
NOTHING = Candidate("", "")
"""Keeps the shell from offering file names."""


def completion(
    shell: Annotated[Shell, typer.Argument(help="The shell to complete in.", show_default=False)],
) -> None:
    """Print the completion script of a shell, to be loaded by its start-up file."""
    script = resources.files("miniprogram.cli.framework.help").joinpath("completion_scripts", f"{shell}.txt")
    emit_lines(script.read_text("utf-8").splitlines())


def answer_shell(tree: CommandTree, words: Sequence[str], app_context: AppContext) -> int:
    """Write the candidates for the last of `words`. What goes wrong yields none: the user is in mid-sentence."""
    try:
        found = list(candidates(tree, words, app_context))
    except Exception:  # noqa: BLE001 - an error between two keystrokes helps nobody
        found = []
    for candidate in found:
        sys.stdout.write(f"{candidate.value}\t{' '.join(candidate.help.split())}\n")
    return 0


def candidates(tree: CommandTree, words: Sequence[str], app_context: AppContext) -> Iterator[Candidate]:
    """What may stand where the last of `words` stands, given those before it."""
    *before, current = _join_equals(words or [""])
    resolved = tree.find(before)
    if resolved.spec is not None:
        prefix = current.partition("=")[0] + "=" if "=" in words[-1][1:] else ""  # the shell replaces a whole word
        yield from _of_command(resolved, current, app_context, prefix)
    elif not resolved.rest:
        children = tree.children(resolved.path)
        if current.startswith("-"):
            children = GROUP_OPTIONS if resolved.path else {**GROUP_OPTIONS, **ROOT_OPTIONS}
        yield from (Candidate(*row) for row in children.items() if row[0].startswith(current))


def _join_equals(words: Sequence[str]) -> list[str]:
    """bash hands `--target=st` over as three words; as one they mean the same everywhere."""
    joined: list[str] = []
    for word in words:
        if joined and (word == "=" or joined[-1].endswith("=")) and joined[-1].startswith("--"):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _of_command(
    resolved: ResolvedCommand, current: str, app_context: AppContext, prefix: str
) -> Iterator[Candidate]:
    assert resolved.spec is not None  # noqa: S101 - the caller looked
    command = load_command(resolved.spec, lambda: app_context.registry)
    context = command.make_context(
        resolved.spec.path[-1], list(resolved.rest), obj=app_context, resilient_parsing=True
    )
    typed = LineSoFar(app_context, resolved.path, context.params)
    options = [each for each in command.get_params(context) if each.param_type_name == "option"]
    waiting = _waiting(options, resolved.rest)
    name, equals, value = current.partition("=")
    if waiting is not None:
        yield from _values(waiting, context, typed, current)
    elif equals and name.startswith("--"):
        for option in options:
            if name in option.opts:
                found = _values(option, context, typed, value)
                yield from (
                    each if each == NOTHING else Candidate(prefix + each.value, each.help) for each in found
                )
    elif current.startswith("-"):
        yield from _names(options, current)
    else:
        arguments = [each for each in command.params if each.param_type_name == "argument"]
        for argument in [each for each in arguments if context.params.get(each.name or "") is None][:1]:
            yield from _values(argument, context, typed, current)


def _waiting(options: Sequence[Any], rest: Sequence[str]) -> Any:
    """The option the last word belongs to as its value, if there is one."""
    waiting = None
    for word in rest:
        named = next((option for option in options if word in option.opts and not option.is_flag), None)
        waiting = None if waiting is not None else named
    return waiting


def _names(options: Sequence[Any], current: str) -> Iterator[Candidate]:
    for option in options:
        for name in (*option.opts, *option.secondary_opts):
            if not option.hidden and name.startswith("--") and name.startswith(current):
                yield Candidate(name, option.help or "")


def _values(parameter: Any, context: Any, typed: LineSoFar, current: str) -> Iterator[Candidate]:
    """What the value may be. A blank one when it is chosen from what is known, and none of that fits."""
    known = known_values(parameter, typed)
    if known is not None:
        found = [Candidate(value, "") for value in known if value.startswith(current)]
    else:
        items = parameter.shell_complete(context, current)
        found = [Candidate(str(item.value), item.help or "") for item in items if item.type == "plain"]
    if not found and (known is not None or _is_chosen(parameter)):
        found = [NOTHING]
    yield from found


def _is_chosen(parameter: Any) -> bool:
    """Whether its values are known, and files are none of them."""
    return bool(getattr(parameter, "_custom_shell_complete", None) or getattr(parameter.type, "choices", None))
