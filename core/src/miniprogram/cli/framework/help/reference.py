"""Write what is generated from the code: the shipped root help, and the pages `cli.md` and `hooks.md`.

Run as `python -m miniprogram.cli.framework.help.reference docs/reference`. A test makes the same texts and
compares.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from miniprogram.cli.command_table import GROUPS
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.help.json_reference import write_documents
from miniprogram.cli.framework.help.usage import render_root
from miniprogram.cli.framework.pages.records import help_record
from miniprogram.cli.framework.parsing.command_line import Command, load_command
from miniprogram.plugins import additions, hookspecs, specs
from miniprogram.plugins.markers import HOOK_API_VERSION
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import CommandSpec

ROOT_HELP = Path(__file__).with_name("root_help.txt")

CLI_INTRODUCTION = """\
# Command line

Every command of `miniprogram` and of the plugins of this repository. Generated from the code; `miniprogram
COMMAND --help` prints the same for what is installed on your machine.

Options may stand anywhere after the command, as `--name value` or `--name=value`. A value may start with a dash.
When an option is repeated the last one counts, unless its text says otherwise. `--` ends the options.
Texts are trimmed, and a blank one counts as not given.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the operation failed, or what was asked about is not well |
| 64 | the command line, or the environment it selects, is wrong |
| 130 | interrupted with Ctrl-C |

Results go to stdout, errors to stderr. With `--json` stdout holds one JSON document and nothing else.
Every command also takes `-h`, `--help` and `--verbose`, which may be the first word too and writes what is going
on to stderr. With `MINIPROGRAM_LOG=json` that happens always, one JSON object per line.

On a terminal, and only there, help fits the width, words that say how something went are coloured, and a line on
stderr counts what takes long. Nothing is said by colour alone.

| set | colour | counters |
|---|---|---|
| nothing | on a terminal | on a terminal |
| `NO_COLOR`, not empty | none | on a terminal |
| `FORCE_COLOR`, neither empty nor `0` | also into a pipe, unless `NO_COLOR` is set | on a terminal |
| `TERM=dumb` or `CI`, not empty | none, unless `FORCE_COLOR` is set | none |
| `--quiet` | as above | none |

`miniprogram` alone shows on a terminal what fits on a screen; `miniprogram help --all`, and `miniprogram` into a
pipe, show every command.
"""

HOOKS_INTRODUCTION = f"""\
# Hooks

What a plugin can add, and how it says so. Generated from the code. A plugin is a distribution with an entry point
in the group `miniprogram` whose module implements some of these hooks, each marked with `@hookimpl`, and declares
`MINIPROGRAM_HOOK_API`, the range of hook API versions it was written for. This is version {HOOK_API_VERSION}.

Hooks describe; they import nothing but the standard library and `miniprogram.plugins`, and touch neither disk nor
network. What a description names is imported when it is used. See [Write a plugin](../howto/write-a-plugin.md).
"""


def write_reference(folder: Path) -> None:
    """Write the shipped root help, and `cli.md` and `hooks.md` into `folder`."""
    ROOT_HELP.write_text(render_root(), "utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cli.md").write_text(render_cli(reference_registry()), "utf-8")
    (folder / "hooks.md").write_text(render_hooks(), "utf-8")
    write_documents(folder, reference_registry().commands())


def reference_registry() -> Registry:
    """Every installed plugin, whatever pins hold here."""
    return Registry.discover(cwd=Path(Path.cwd().anchor), environ={})


def render_cli(registry: Registry) -> str:
    """The page of all commands, sorted."""
    parts = [CLI_INTRODUCTION]
    for spec in sorted(registry.commands(), key=lambda each: each.path):
        parts.append("\n".join(_command(spec, load_command(spec, _given(registry)))))
    return "\n".join(parts)


def render_hooks() -> str:
    """The page of all hooks, in the order of their specifications."""
    fields = _field_texts()
    return "\n".join([HOOKS_INTRODUCTION, *("\n".join(_hook(kind, fields)) for kind in additions.KINDS)])


def _given(registry: Registry) -> Callable[[], Registry]:
    return lambda: registry


def _command(spec: CommandSpec, command: Command) -> Iterator[str]:
    name = " ".join(("miniprogram", *spec.path))
    context = command.make_context(name, [], obj=AppContext(environ={}), resilient_parsing=True)
    yield f"## {name}\n"
    if spec.path[:-1] in GROUPS:
        yield f"*{GROUPS[spec.path[:-1]]}*\n"
    yield f"{inspect.cleandoc(command.help or spec.summary)}\n"
    yield f"```text\n{name} {' '.join(command.collect_usage_pieces(context))}\n```\n"
    records = [help_record(each, context) for each in command.params if "--verbose" not in each.opts]
    for names, text in filter(None, records):
        yield f"- `{_cell(names)}`: {_cell(text)}" if text else f"- `{_cell(names)}`"
    if spec.passes_on:
        yield "\nWords after `--` go to the program that the command starts."
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split())


def _hook(kind: additions.Kind, fields: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    spec: Any = kind.spec
    yield f"## {kind.hook}\n"
    yield f"{inspect.getdoc(getattr(hookspecs, kind.hook))}\n"
    yield f"Returns a list of `{spec.__name__}`. {inspect.cleandoc(spec.__doc__)}\n"
    for name in spec.fields:
        default = f", default `{getattr(spec, name)!r}`" if hasattr(spec, name) else ""
        text = fields[spec.__name__].get(name, "")
        yield f"- `{name}`: `{spec.__annotations__[name]}`{default}{'. ' + text if text else ''}"
    yield ""


def _field_texts() -> dict[str, dict[str, str]]:
    """The texts below the fields of every spec, by class and field."""
    texts: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(specs)).body:
        if isinstance(node, ast.ClassDef):
            pairs = zip(node.body, node.body[1:], strict=False)
            texts[node.name] = {
                field.target.id: _cell(text.value.value)
                for field, text in pairs
                if isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
                and isinstance(text.value.value, str)
            }
    return texts


if __name__ == "__main__":
    write_reference(Path(sys.argv[1]))
