"""`plugins list` and `plugins check`: what is installed, what may load, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.cli.framework.plugin_check import PluginProblem, examine
from miniprogram.errors import PluginError, UsageError
from miniprogram.models import CamelModel
from miniprogram.plugins.installed.origin import origin_of
from miniprogram.plugins.loading.loader import Plugin
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.scaffold.project import KINDS, Kind, project_files, write_project


class PluginRow(CamelModel):
    """An installed plugin. `adds` maps kinds of things to their names; `reason` says why it is not loaded."""

    name: str
    distribution: str
    version: str
    status: Literal["loaded", "broken", "not allowed", "incompatible"]
    reason: str | None
    adds: dict[str, list[str]]
    origin: str
    """Where the distribution came from: `index`, `editable FOLDER`, a URL, or `unknown`."""
    load_ms: float
    """Milliseconds its hook module took to import and its hooks to answer."""


class PluginsReport(CamelModel):
    """Every installed plugin, sorted by name, and where the pins come from, if there are any."""

    schema_version: Literal[1] = 1
    command: Literal["plugins list"] = "plugins list"
    pinned_by: str | None
    plugins: list[PluginRow]


def list_plugins(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List installed plugins, whether they are loaded, and what each adds."""
    tools: AppContext = context.obj
    registry = Registry.survey(cwd=tools.cwd, environ=tools.environ)
    registry.ask_everything()
    report = PluginsReport(
        pinned_by=registry.pins.source,
        plugins=[_row(registry, plugin) for plugin in sorted(registry.plugins, key=lambda each: each.entry.name)],
    )
    emit(report, as_json=as_json, lines=_lines)


class LockedRow(CamelModel):
    """A distribution as it was locked. `digest` is over its installed files."""

    name: str
    version: str
    digest: str
    origin: str
    hook_api: str
    """The range of hook API versions it was written for; of the core, the version it has."""


class PluginsLock(CamelModel):
    """The document of `plugins lock --json`. `changed` is false when the file said exactly that already."""

    schema_version: Literal[1] = 1
    command: Literal["plugins lock"] = "plugins lock"
    path: str
    changed: bool
    distributions: list[LockedRow]


def lock(
    context: typer.Context,
    *,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when what is installed is not what is locked.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write miniprogram.lock: the core and every plugin that may load, with versions and digests of their files.

    It goes beside the miniprogram.toml in force, or into the current folder. With `--locked` before a command, or
    MINIPROGRAM_LOCKED=1, nothing else runs.
    """
    from miniprogram.plugins.allowed.lock import FILE, current, require_lock, write_lock
    from miniprogram.plugins.allowed.pins import nearest_file, read_pins

    tools: AppContext = context.obj
    pins = read_pins([str(tools.cwd)], tools.environ)
    if check_only:
        require_lock([tools.cwd], pins)
    beside = nearest_file(str(tools.cwd))
    path = (Path(beside).parent if beside else tools.cwd) / FILE
    rows = current(pins)
    report = PluginsLock(
        path=str(path),
        changed=False if check_only else write_lock(path, rows),
        distributions=[LockedRow(**asdict(row)) for row in rows],
    )
    emit(report, as_json=as_json, lines=_lock_lines)


def _lock_lines(report: PluginsLock) -> Iterator[str]:
    yield f"{'Wrote' if report.changed else 'Unchanged:'} {report.path}"
    for row in report.distributions:
        yield f"  {row.name} {row.version} ({row.origin}) {row.digest[:19]}…"


class NewPlugin(CamelModel):
    """The document of `plugins new --json`. Files are paths in `folder`, sorted."""

    schema_version: Literal[1] = 1
    command: Literal["plugins new"] = "plugins new"
    distribution: str
    kind: str
    folder: str
    files: list[str]


def new(
    context: typer.Context,
    distribution: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the distribution, such as acme-cloud.")
    ],
    *,
    kind: Annotated[
        str,
        typer.Option(
            parser=trimmed,
            metavar="|".join(KINDS),
            help="What the plugin adds.",
            autocompletion=lambda incomplete: [each for each in KINDS if each.startswith(incomplete)],
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", parser=trimmed, metavar="DIR", help="Folder of the project; default: NAME."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the project of a new plugin: typed, tested, ready to install, and right by its own checks.

    What it adds works at once, on a folder or on plain files. Put your own in its place; the tests say what that
    has to do.
    """
    tools: AppContext = context.obj
    if kind not in KINDS:
        raise UsageError(f"there is no kind of plugin {kind!r}; known: {', '.join(KINDS)}")
    project = project_files(distribution, cast("Kind", kind))
    folder = tools.cwd / (output or distribution)
    write_project(folder, project)
    report = NewPlugin(
        distribution=distribution, kind=kind, folder=str(folder), files=[str(path) for path in project]
    )
    emit(report, as_json=as_json, lines=_new_lines)


def _new_lines(report: NewPlugin) -> Iterator[str]:
    yield f"Wrote {report.distribution} to {report.folder}"
    yield from (f"  {path}" for path in report.files)
    yield "Next: install it with `pip install -e .`, run `pytest`, and read README.md."


class PluginsCheck(CamelModel):
    """The document of `plugins check --json`. Problems are errors first; warnings do not fail the check."""

    schema_version: Literal[1] = 1
    command: Literal["plugins check"] = "plugins check"
    pinned_by: str | None
    loaded: int
    has_errors: bool
    problems: list[PluginProblem]


def check(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Do with every plugin what the commands do with it, and tell what fails: hooks, names, options, pins.

    Fails when there is an error; what is only slow is a warning.
    """
    tools: AppContext = context.obj
    registry = Registry.survey(cwd=tools.cwd, environ=tools.environ, watch=True)
    problems = examine(registry)
    report = PluginsCheck(
        pinned_by=registry.pins.source,
        loaded=sum(plugin.status == "loaded" for plugin in registry.plugins),
        has_errors=any(problem.severity == "error" for problem in problems),
        problems=problems,
    )
    if as_json or not report.has_errors:
        emit(report, as_json=as_json, lines=_check_lines)
    if report.has_errors:
        if not as_json:
            raise PluginError("\n".join(problem.message for problem in problems if problem.severity == "error"))
        raise typer.Exit(1)


def _check_lines(report: PluginsCheck) -> Iterator[str]:
    yield from (f"warning: {problem.message}" for problem in report.problems)
    count = "1 plugin" if report.loaded == 1 else f"{report.loaded} plugins"
    yield f"{count}, nothing wrong"


def _row(registry: Registry, plugin: Plugin) -> PluginRow:
    entry = plugin.entry
    return PluginRow(
        name=entry.name,
        distribution=entry.distribution,
        version=entry.version,
        status=plugin.status,
        reason=plugin.reason,
        adds=registry.added_by(entry.name) if plugin.status == "loaded" else {},
        origin=origin_of(entry.distribution),
        load_ms=round(plugin.load_ms, 1),
    )


def _time(row: PluginRow) -> str:
    return f", {row.load_ms:.1f} ms" if row.status == "loaded" else ""


def _lines(report: PluginsReport) -> Iterator[str]:
    if report.pinned_by:
        yield f"Pinned by {report.pinned_by}"
    if not report.plugins:
        yield "No plugins are installed."
    for row in report.plugins:
        yield f"{row.name} ({row.distribution} {row.version}): {row.status}, from {row.origin}{_time(row)}"
        if row.reason:
            yield f"  {row.reason}"
        for kind, names in row.adds.items():
            yield f"  {kind}: {', '.join(names)}"
