"""Run one command line: find the command, call it, turn failures into a sentence and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from miniprogram.cli.command_table import COMMANDS, GROUPS
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.leading import read_leading
from miniprogram.cli.framework.locked import is_locked
from miniprogram.cli.framework.output import begin, emit_json, end_line, flush, has_document, tell_failure
from miniprogram.cli.framework.parsing.named_folders import named_folders
from miniprogram.cli.framework.parsing.tree import CommandTree, ResolvedCommand
from miniprogram.cli.framework.terminal import is_live
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.fast_path import COMPLETE, HELP_WORDS, WHOLE_HELP, asks_for_help, root_help
from miniprogram.logs import configure_logging, get_log
from miniprogram.version import VERSION

log = get_log(__name__)

COMMANDS_KIND = "command"
FAILED = 1
USAGE = 64
INTERRUPTED = 130


def run(argv: Sequence[str], app_context: AppContext) -> int:
    """Run `argv` (without the program name) and return the exit code. Writes to stdout and stderr only."""
    arguments = list(argv)
    asked = _Asked()
    begin(app_context.environ)
    configure_logging(app_context.environ, verbose=bool(arguments) and arguments[0] == "--verbose")
    try:
        code = _run(arguments, app_context, asked)
        flush()
    except MiniProgramError as error:
        return _fail(str(error), error.hint, error.exit_code, asked)
    except KeyboardInterrupt:
        end_line()
        return _fail("interrupted", None, INTERRUPTED, asked)
    except BrokenPipeError:  # whoever read our output stopped reading
        return FAILED
    except OSError as error:
        log.debug("command_failed", error=repr(error))
        return _fail(_sentence(error), None, FAILED, asked)
    except SystemExit:  # a plugin's own command ends as it likes
        raise
    except BaseException as error:
        log.debug("command_crashed", exc_info=True)
        return _fail(*_crashed(error, arguments, app_context), FAILED, asked)
    return code


@dataclass
class _Asked:
    """What is known of the command line so far: the command's path, and whether a document is wanted."""

    path: tuple[str, ...] = ()
    as_json: bool = False


def command_tree(app_context: AppContext) -> CommandTree:
    """All commands; the registry is made when a plugin's command is first asked for, not here."""
    return CommandTree(COMMANDS, GROUPS, lambda: app_context.registry)


def _run(words: list[str], app_context: AppContext, asked: _Asked) -> int:
    arguments = words
    if app_context.environ.get(COMPLETE):
        from miniprogram.cli.framework.help.completion import answer_shell  # deferred: imports Typer

        return answer_shell(command_tree(app_context), arguments, app_context)
    asked.as_json = "--json" in (words[: words.index("--")] if "--" in words else words)
    leading = read_leading(words, app_context.cwd)
    begin(app_context.environ, quiet=leading.quiet)
    configure_logging(app_context.environ, verbose=leading.verbose)
    app_context, arguments = replace(app_context, cwd=leading.cwd), list(leading.rest)
    if _answer_known(arguments, app_context):
        return 0
    if arguments[0] in HELP_WORDS:
        arguments = [*arguments[1:], "--help"]
    tree = command_tree(app_context)
    resolved = tree.find(arguments)
    asked.path = resolved.path
    if resolved.spec is None:
        return _answer_group(tree, resolved, app_context)
    from miniprogram.cli.framework.parsing.command_line import call, is_of_core  # deferred: imports Typer

    folders = named_folders(resolved.rest, app_context.cwd)
    if (leading.locked or is_locked(resolved.rest, app_context.environ)) and resolved.path != ("plugins", "lock"):
        _require_lock(app_context, folders)
    try:
        return call(resolved.spec, resolved.rest, replace(app_context, pinned_in=folders))
    except SystemExit as leave:
        if not is_of_core(resolved.spec):
            raise
        return _fail(*_crashed(leave, words, app_context), FAILED, asked)  # else a plugin could pass for success


def _require_lock(app_context: AppContext, folders: Sequence[Path]) -> None:
    """Before any plugin is imported: what is there must be what was locked."""
    from miniprogram.plugins.allowed.lock import require_lock  # deferred: reads the metadata of distributions
    from miniprogram.plugins.allowed.pins import read_pins

    pins = read_pins([str(app_context.cwd), *map(str, folders)], app_context.environ)
    require_lock([*folders, app_context.cwd], pins)


def _answer_group(tree: CommandTree, resolved: ResolvedCommand, app_context: AppContext) -> int:
    from miniprogram.cli.framework.help.usage import render_group
    from miniprogram.cli.framework.pages.command_page import Page

    if not resolved.path:
        raise _unknown(tree, resolved)
    if len(resolved.rest) == 1 and resolved.rest[0] in HELP_WORDS:
        sys.stdout.write(render_group(tree, resolved.path, Page.of(app_context)))
        return 0
    if not resolved.rest:
        usage = render_group(tree, resolved.path, Page.of(app_context, sys.stderr))
        raise UsageError(f"miniprogram {' '.join(resolved.path)} needs a subcommand", hint=f"\n{usage.rstrip()}")
    raise _unknown(tree, resolved)


def _unknown(tree: CommandTree, resolved: ResolvedCommand) -> MiniProgramError:
    """What to say about a word that is no command: who would bring it, or what was meant."""
    from miniprogram.plugins.absent import unusable
    from miniprogram.plugins.installed.first_party import bringer, how_to_install

    word = resolved.rest[0]
    if word.startswith("-"):
        return UsageError(f"there is no option {word} here", hint=_short_usage(resolved.path))
    path = (*resolved.path, word)
    name = " ".join(path)
    distribution = bringer(COMMANDS_KIND, name)
    installed = [each for each in tree.registry.plugins if each.entry.distribution == distribution]
    for plugin in installed:
        if plugin.reason:
            return unusable(f"the command {name!r}", plugin)
    if distribution and not installed:
        return UsageError(
            f"the command {name!r} comes with {distribution}, which is not installed",
            hint=how_to_install(distribution),
        )
    if installed:
        return UsageError(
            f"{distribution} {installed[0].entry.version} does not have the command {name!r} yet",
            hint=_short_usage(resolved.path),
        )
    broken = [f"The plugin {each.entry.name} is {each.status}: {each.reason}" for each in tree.registry.broken()]
    hint = "\n".join([*broken, _short_usage(resolved.path)])
    return UsageError(f"there is no command {name!r}{_meant(tree, resolved.path, word)}", hint=hint)


def _short_usage(path: tuple[str, ...]) -> str:
    group = " ".join(("miniprogram", *path))
    return f"Usage: {group} <command> [options]\nRun `{group} --help` for the commands."


def _meant(tree: CommandTree, path: tuple[str, ...], word: str) -> str:
    from miniprogram.suggestions import closest  # deferred: only a mistake needs it

    near = closest(word, tree.children(path))
    return f"; did you mean {' '.join((*path, near))!r}?" if near else ""


def _answer_known(arguments: list[str], app_context: AppContext) -> bool:
    """Print what needs no command: the help of all, or the version. False when a command is wanted."""
    if asks_for_help(arguments) or arguments in WHOLE_HELP:
        sys.stdout.write(_root_help(app_context, whole=not asks_for_help(arguments)))
    elif arguments == ["--version"]:
        sys.stdout.write(f"miniprogram {VERSION}\n")
    else:
        return False
    return True


def _root_help(app_context: AppContext, *, whole: bool) -> str:
    """All of it for programs; for a person as much as fits on a screen, or all of it in lines that fit.

    A person is told of what is installed; where plugins cannot be asked, of everything there is.
    """
    if not is_live(sys.stdout, app_context.environ):
        return root_help()
    from miniprogram.cli.framework.help.installed_lines import installed_sections  # deferred: a page of its own
    from miniprogram.cli.framework.help.usage import fit_root, render_root, render_start
    from miniprogram.cli.framework.help.usage_lines import SECTIONS
    from miniprogram.cli.framework.pages.command_page import Page

    page = Page.of(app_context)
    try:
        lines = installed_sections(app_context.registry)
    except MiniProgramError:
        lines = SECTIONS
    return fit_root(render_root(lines), page.width) if whole else render_start(page, lines)


def _fail(message: str, hint: str | None, code: int, asked: _Asked) -> int:
    if asked.as_json and not has_document():
        error = {"message": message, "hint": hint, "exitCode": code}
        emit_json({"schemaVersion": 1, "command": " ".join(asked.path), "error": error})
    tell_failure(message, hint, as_error=code != INTERRUPTED)
    return code


def _crashed(error: BaseException, argv: Sequence[str], app_context: AppContext) -> tuple[str, str]:
    """What to say about a mistake in code: whose it is, and what to report. The details are kept in a file."""
    from miniprogram.cli.framework.crash_report import described, plugin_at_fault, save_report
    from miniprogram.plugins.installed.origin import where_to_report

    saved = save_report(error, argv, app_context)
    details = (
        f"The details are in {saved}; `miniprogram doctor --report` prints them."
        if saved
        else "Run it again with --verbose for the details."
    )
    entry = plugin_at_fault(error, app_context)
    if entry is not None:
        plugin = f"the plugin {entry.name} ({entry.distribution} {entry.version})"
        return (
            f"{plugin} failed: {described(error, argv, app_context)}",
            f"Report it {where_to_report(entry.distribution)}. {details}",
        )
    return f"internal error: {type(error).__name__}", f"This is a mistake of ours, please report it. {details}"


def _sentence(error: OSError) -> str:
    """A failure of the machine under us, such as a full disk: not a mistake of ours, so no traceback."""
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{error.strerror or error}"
