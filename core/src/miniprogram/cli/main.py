"""Run one command line: build the tree, call, turn failures into a sentence and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from miniprogram.cli.commands import COMMANDS, GROUPS
from miniprogram.cli.lazy import CommandTree, LazyGroup
from miniprogram.cli.toolbox import Toolbox
from miniprogram.errors import MiniProgramError
from miniprogram.logs import configure_logging, get_log

log = get_log(__name__)

USAGE = 64
INTERRUPTED = 130


def run(argv: Sequence[str], toolbox: Toolbox) -> int:
    """Run `argv` (without the program name) and return the exit code. Writes to stdout and stderr only."""
    arguments = list(argv)
    verbose = "--verbose" in arguments[:1]
    configure_logging(toolbox.environ, verbose=verbose)
    try:
        return _call(arguments[1:] if verbose else arguments, toolbox)
    except MiniProgramError as error:
        return _fail(str(error), error.hint, error.exit_code)
    except typer.TyperException as error:
        return _fail(error.format_message(), None, USAGE)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception:
        log.exception("command_crashed", argv_length=len(arguments))
        return _fail("internal error", "Run again with --verbose and report what it prints.", 1)


def root_group(toolbox: Toolbox) -> LazyGroup:
    """All commands, with plugins asked only when one of theirs is."""
    # the registry is made when it is first asked, not here
    tree = CommandTree(
        COMMANDS,
        GROUPS,
        plugin_commands=lambda: toolbox.registry.commands(),  # noqa: PLW0108
        settings_models=lambda kind: toolbox.registry.settings_models(kind),  # noqa: PLW0108
    )
    return LazyGroup(tree, (), "Create, validate, publish and deliver mini-programs.")


def _call(arguments: list[str], toolbox: Toolbox) -> int:
    group = root_group(toolbox)
    result = group.main(args=arguments, prog_name="miniprogram", standalone_mode=False, obj=toolbox)
    return result if isinstance(result, int) else 0


def _fail(message: str, hint: str | None, code: int) -> int:
    sys.stderr.write(f"{message}\n" + (f"{hint}\n" if hint else ""))
    return code
