"""What is wrong with the installed plugins: everything the commands would meet, met in advance."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.errors import MiniProgramError
from miniprogram.models import CamelModel
from miniprogram.plugins import additions
from miniprogram.plugins.loading.contained import pass_on_interrupt
from miniprogram.plugins.loading.loader import Plugin, sentence
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.spec_rules import miscalled

SLOW_MS = 50.0
"""An import that takes longer is felt: every command that asks plugins waits for it."""


class PluginProblem(CamelModel):
    """Something wrong with a plugin. `plugin` is None when it is about several, or about the pins."""

    severity: Literal["error", "warning"]
    plugin: str | None
    distribution: str | None
    message: str


def examine(registry: Registry) -> list[PluginProblem]:
    """Register everything as the commands do, load every command, and say what fails, errors first."""
    registry.ask_everything()
    unloadable = list(_commands(registry))
    broken = [_of(each, f"{each.reason}") for each in registry.broken()]
    general = [*registry.unmet_pins(), *registry.clashes(), *registry.shadowed()]
    rows = [
        *broken,
        *unloadable,
        *_miscalled(registry),
        *(_general(message) for message in general),
        *_capabilities_twice(registry),
    ]
    return [*rows, *_patching(registry), *_slow(registry)]


def _commands(registry: Registry) -> Iterator[PluginProblem]:
    takes_settings = [("miniprogram", spec) for spec in registry.commands() if spec.settings_of]
    for owner, spec in (*takes_settings, *registry.commands_by_plugin()):
        try:
            load_command(spec, lambda: registry)
        except MiniProgramError as error:
            yield _about(registry, owner, str(error))
        except BaseException as error:  # noqa: BLE001 - a plugin's module may raise anything
            pass_on_interrupt(error)
            yield _about(registry, owner, f"{' '.join(spec.path)}: {sentence(error)}")


def _miscalled(registry: Registry) -> Iterator[PluginProblem]:
    """Nothing is made here: what takes other values than it gets would fail when it is."""
    for kind in additions.KINDS:
        for each in registry.added(kind):
            for fault in miscalled(each.spec):
                yield _about(registry, each.plugin, f"the {kind.title} {each.name!r} {fault}")


def _capabilities_twice(registry: Registry) -> Iterator[PluginProblem]:
    added = registry.names_by_plugin(additions.CAPABILITIES)
    for capability, count in sorted(Counter(each for _, each in added).items()):
        if count > 1:
            claimants = sorted({plugin for plugin, each in added if each == capability})
            owners = " and ".join(sorted(map(registry.called, claimants)))
            if len(claimants) == 1:
                yield _about(registry, claimants[0], f"it declares the capability {capability!r} {count} times")
            else:
                yield _general(f"the capability {capability!r} is declared {count} times, by {owners}")


def _patching(registry: Registry) -> Iterator[PluginProblem]:
    """Whoever replaces what others call decides about everything they do."""
    for plugin in registry.plugins:
        for does, what in (("replaces", plugin.patches), ("changes", plugin.changes)):
            if what:
                yield _about(registry, plugin.entry.name, f"it {does} {', '.join(what)}")


def _slow(registry: Registry) -> Iterator[PluginProblem]:
    for plugin in registry.plugins:
        name = plugin.entry.name
        if plugin.load_ms > SLOW_MS:
            message = f"its hooks took {plugin.load_ms:.0f} ms; every command that asks plugins waits"
            yield _about(registry, name, message, severity="warning")
        heavy = [module for module in plugin.imports if module not in sys.stdlib_module_names and module[0] != "_"]
        if heavy:
            message = f"its hooks import {', '.join(heavy)}; import what is heavy where it is used"
            yield _about(registry, name, message, severity="warning")


def _about(
    registry: Registry, plugin: str, message: str, *, severity: Literal["error", "warning"] = "error"
) -> PluginProblem:
    found = next((each for each in registry.plugins if each.entry.name == plugin), None)
    if found is not None:
        return _of(found, message, severity=severity)
    return PluginProblem(severity=severity, plugin=plugin, distribution=None, message=f"{plugin}: {message}")


def _of(plugin: Plugin, message: str, *, severity: Literal["error", "warning"] = "error") -> PluginProblem:
    """A problem of this very plugin: another may have its name."""
    name, distribution = plugin.entry.name, plugin.entry.distribution
    whose = f"{name} ({distribution}): {message}"
    return PluginProblem(severity=severity, plugin=name, distribution=distribution, message=whose)


def _general(message: str) -> PluginProblem:
    return PluginProblem(severity="error", plugin=None, distribution=None, message=message)
