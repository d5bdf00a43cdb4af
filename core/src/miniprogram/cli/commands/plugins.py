"""`plugins list` and `plugins check`: what is installed, what may load, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import typer
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.options import AsJson
from miniprogram.cli.framework.output import emit, emit_lines
from miniprogram.errors import PluginError
from miniprogram.plugins.loading import Plugin
from miniprogram.plugins.registry import Registry


class Document(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class PluginRow(Document):
    """An installed plugin. `adds` maps kinds of things to their names; `reason` says why it is not loaded."""

    name: str
    distribution: str
    version: str
    status: Literal["loaded", "broken", "not allowed", "incompatible"]
    reason: str | None
    adds: dict[str, list[str]]


class PluginsReport(Document):
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
        pinned_by=registry.pins.source if registry.pins else None,
        plugins=[_row(registry, plugin) for plugin in sorted(registry.plugins, key=lambda each: each.entry.name)],
    )
    emit(report, as_json=as_json, lines=_lines)


def check(context: typer.Context) -> None:
    """Check that every plugin that may load does, that pinned ones are there, and that no two add one name."""
    tools: AppContext = context.obj
    registry = Registry.survey(cwd=tools.cwd, environ=tools.environ)
    problems = list(registry.problems())
    if problems:
        raise PluginError("\n".join(problems))
    loaded = [plugin for plugin in registry.plugins if plugin.status == "loaded"]
    emit_lines([f"{len(loaded)} plugins, nothing wrong" if len(loaded) != 1 else "1 plugin, nothing wrong"])


def _row(registry: Registry, plugin: Plugin) -> PluginRow:
    entry = plugin.entry
    return PluginRow(
        name=entry.name,
        distribution=entry.distribution,
        version=entry.version,
        status=plugin.status,
        reason=plugin.reason,
        adds=registry.added_by(entry.name) if plugin.status == "loaded" else {},
    )


def _lines(report: PluginsReport) -> Iterator[str]:
    if report.pinned_by:
        yield f"Pinned by {report.pinned_by}"
    if not report.plugins:
        yield "No plugins are installed."
    for row in report.plugins:
        yield f"{row.name} ({row.distribution} {row.version}): {row.status}"
        if row.reason:
            yield f"  {row.reason}"
        for kind, names in row.adds.items():
            yield f"  {kind}: {', '.join(names)}"
