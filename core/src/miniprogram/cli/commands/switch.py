"""`switch`: values that depend on who asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from miniprogram.cli.commands.actor import ActorName
from miniprogram.cli.commands.release_command import Work, on_program
from miniprogram.cli.commands.release_lines import table
from miniprogram.cli.commands.release_options import (
    ProgramArgument,
    open_command_context,
    read_json_file,
    read_json_option,
    required,
)
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import Report, emit_json, emit_lines
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, StateRoot, trimmed
from miniprogram.errors import UsageError

Key = Annotated[str | None, typer.Argument(metavar="<key>", parser=trimmed, help="Key of the switch.")]


def _line(report: Any) -> Iterator[str]:
    what = report.subject
    state = "on" if what["enabled"] else "off"
    rules = f", rules: {len(what['rules'])}" if what["rules"] else ""
    head = f"{report.command}: {what['key']} ({what['type']}, {state})"
    yield f"{head}, default {json.dumps(what['default'])}{rules}"


@on_program(_line)
def set_switch(
    work: Work,
    key: Key = None,
    *,
    kind: Annotated[
        Literal["boolean", "string", "number", "json"], typer.Option("--type", help="Of its values.")
    ] = "boolean",
    default: Annotated[
        str | None,
        typer.Option(
            metavar="JSON",
            help='What everybody gets that no rule is for; strings need no quotes. Default: false, "", 0, null.',
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(metavar="JSON", help='As {"value": true, "audience": …, "basisPoints": 500}; in order.'),
    ] = None,
    app: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="NAME", help="Only for this host app.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="NAME", help="Only in this environment of host apps.")
    ] = None,
    description: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
) -> Report:
    """Create a switch, or replace it."""
    from miniprogram.releases.commands.switches import set_switch as put

    blank: dict[str, Any] = {"boolean": False, "string": "", "number": 0, "json": None}
    value = blank[kind] if default is None else _value(work.tools, kind, default)
    rules = [read_json_option(work.tools, each, "--rule") for each in rule or ()]
    members = {"key": required(key, "the key of a switch"), "type": kind, "default": value, "rules": rules}
    narrowed = {"hostApp": app, "environment": stage, "description": description}
    return put(work.context, work.program, {**members, **narrowed})


@on_program(_line)
def turn_on(work: Work, key: Key = None) -> Report:
    """Turn a switch on: its rules count."""
    return _turn(work, key, on=True)


@on_program(_line)
def turn_off(work: Work, key: Key = None) -> Report:
    """Turn a switch off: everybody gets its default."""
    return _turn(work, key, on=False)


@on_program(_line)
def remove(work: Work, key: Key = None) -> Report:
    """Remove a switch."""
    from miniprogram.releases.commands.switches import remove_switch

    return remove_switch(work.context, work.program, required(key, "the key of a switch"))


def _list_lines(report: Any) -> Iterator[str]:
    rows = [
        (each.key, each.type, "on" if each.enabled else "off", json.dumps(each.default), str(len(each.rules)))
        for each in report.switches
    ]
    yield from table(("SWITCH", "TYPE", "STATE", "DEFAULT", "RULES"), rows)
    if not rows:
        yield f"{report.mini_program_id} has no switches."


@on_program(_list_lines)
def list_switches(work: Work) -> Report:
    """List the switches of a mini-program."""
    from miniprogram.releases.commands.switches import list_switches as listed

    return listed(work.storage, work.program)


def _import_lines(report: Any) -> Iterator[str]:
    yield f"Written: {', '.join(report.subject['written']) or 'none'}"
    yield f"Skipped: {', '.join(report.subject['skipped']) or 'none'}"


@on_program(_import_lines)
def import_file(
    work: Work,
    file: Annotated[Path | None, typer.Argument(metavar="<file>", help="What `switch export` wrote.")] = None,
    *,
    existing: Annotated[
        Literal["skip", "overwrite"] | None, typer.Option(help="What to do with keys that are there; required.")
    ] = None,
) -> Report:
    """Take switches over from a file, all or none."""
    from miniprogram.releases.commands.switches import import_switches

    if file is None:
        raise UsageError("a file is required")
    if existing is None:
        raise UsageError("--existing is required: skip or overwrite switches that are there")
    return import_switches(work.context, work.program, read_json_file(work.tools, file), existing=existing)


def export(
    context: typer.Context,
    program_id: ProgramArgument = None,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there instead of to stdout.")
    ] = None,
    env: EnvName = None,
    root: StateRoot = None,
    actor: ActorName = None,
    as_json: AsJson = False,
) -> None:
    """Write the switches as JSON, for `switch import`."""
    from miniprogram.cli.commands.cloud_app import required_id
    from miniprogram.files import write_atomic
    from miniprogram.releases.commands.switches import export_switches
    from miniprogram.strict_json import to_pretty_json

    del as_json  # it is JSON anyway
    tools: AppContext = context.obj
    wanted = required_id(program_id)
    document = export_switches(open_command_context(tools, env=env, root=root, actor=actor).storage, wanted)
    if output is None:
        emit_json(document)
        return
    write_atomic(tools.cwd / output, to_pretty_json(document) + b"\n")
    emit_lines([f"Wrote {len(document['switches'])} switches to {output}"])


def _turn(work: Work, key: str | None, *, on: bool) -> Report:
    from miniprogram.releases.commands.switches import turn_switch

    return turn_switch(work.context, work.program, required(key, "the key of a switch"), on=on)


def _value(tools: AppContext, kind: str, text: str) -> Any:
    is_bare = kind == "string" and not text.lstrip().startswith(('"', "@"))
    return text if is_bare else read_json_option(tools, text, "--default")
