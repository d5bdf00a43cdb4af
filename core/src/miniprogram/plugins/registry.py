"""The plugins that may load, and what they add, by name."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from miniprogram.errors import PluginError, UsageError
from miniprogram.plugins import additions, hookspecs
from miniprogram.plugins.additions import Addition, Kind, read_additions
from miniprogram.plugins.discovery import find_entries, normalized
from miniprogram.plugins.loading import BUILT_IN, Plugin, load_plugins, require_known_hooks, sentence
from miniprogram.plugins.markers import PROJECT
from miniprogram.plugins.pins import Pins, read_pins
from miniprogram.plugins.specs import (
    AnyProvider,
    AnyTarget,
    BackendTemplateSpec,
    CommandSpec,
    DoctorCheckSpec,
    HostGeneratorSpec,
    ScreenSourceSpec,
)

if TYPE_CHECKING:
    from pydantic import BaseModel


class Registry:
    """Typed access to what plugins add. The only place that touches pluggy.

    `plugins` holds what was found, in order of discovery, and what became of it; a plugin whose hook fails when
    it is asked turns broken then.
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._asked: dict[str, list[Addition]] = {}
        self.plugins: list[Plugin] = []
        self.pins: Pins | None = None

    @classmethod
    def discover(cls, *, cwd: Path, environ: Mapping[str, str]) -> Registry:
        """Load what is built in and every installed plugin that may load in `cwd`.

        Raises PluginError when a pinned plugin is not there in the pinned version.
        """
        registry = cls.survey(cwd=cwd, environ=environ)
        for problem in registry.unmet_pins():
            raise PluginError(problem, hint="Install it, or change the pin.")
        return registry

    @classmethod
    def survey(cls, *, cwd: Path, environ: Mapping[str, str]) -> Registry:
        """Like `discover`, but unmet pins are left to `unmet_pins`."""
        registry = cls.built_in()
        registry.pins = read_pins(str(cwd), environ)
        for plugin in load_plugins(find_entries(), registry.pins):
            registry.load(plugin)
        return registry

    @classmethod
    def built_in(cls) -> Registry:
        """What the core itself adds, and no plugin."""
        registry = cls()
        registry.add(PROJECT, importlib.import_module(BUILT_IN))
        return registry

    def load(self, plugin: Plugin) -> None:
        """Take one plugin; when its hooks do not fit the specifications it is kept as broken."""
        if plugin.hooks is not None:
            try:
                self.add(plugin.entry.name, plugin.hooks)
            except PluginError as error:
                plugin = Plugin(plugin.entry, "broken", reason=sentence(error))
        self.plugins.append(plugin)

    def add(self, name: str, hooks: object) -> None:
        """Register `hooks`, a module or an object. Raises PluginError for hooks that do not fit."""
        require_known_hooks(hooks)
        self._asked.clear()
        try:
            self._manager.register(hooks, name=name)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            raise PluginError(" ".join(str(error).split())) from error

    def unmet_pins(self) -> Iterator[str]:
        """A sentence for every pinned plugin that is absent or out of range."""
        if self.pins is None:
            return
        found = {normalized(plugin.entry.name): plugin.entry for plugin in self.plugins}
        for name, pin in self.pins.by_name.items():
            wanted = f"the plugin {pin.name} {pin.versions}".strip()
            if name not in found:
                yield f"{wanted} is pinned in {self.pins.source} and not installed"
            elif not pin.allows(found[name].version):
                yield f"{wanted} is pinned in {self.pins.source}, and {found[name].version} is installed"

    def added_by(self, plugin: str) -> dict[str, list[str]]:
        """Names by kind title, of what the plugin called `plugin` adds; kinds without any are left out."""
        rows = {
            kind.title: [each.name for each in self._added(kind) if each.plugin == plugin]
            for kind in additions.KINDS
        }
        return {title: names for title, names in rows.items() if names}

    def ask_everything(self) -> None:
        """Call every hook and load every settings model, so that what is broken shows."""
        for kind in additions.KINDS:
            self._added(kind)
        for kind_of_settings in ("publish_targets", "cloud_providers"):
            self.settings_models(kind_of_settings)

    def problems(self) -> Iterator[str]:
        """A sentence for everything that is wrong with what is installed."""
        self.ask_everything()
        yield from (f"{each.entry.name} ({each.entry.distribution}): {each.reason}" for each in self.broken())
        yield from self.unmet_pins()
        yield from self.clashes()

    def clashes(self) -> Iterator[str]:
        """A sentence for every name that two plugins add, and every command below another command."""
        for kind in additions.KINDS:
            added = self._added(kind)
            for name in sorted(_taken_twice(added)) if kind.unique else ():
                yield _clash(kind, name, added)
        commands = self._added(additions.COMMANDS)
        for above in commands:
            for below in commands:
                if below.name.startswith(f"{above.name} "):
                    yield (
                        f"the command {below.name!r} of the plugin {below.plugin} stands below"
                        f" {above.name!r}, a command of {above.plugin}"
                    )

    def target(self, name: str) -> AnyTarget:
        spec: AnyTarget = self._named(additions.TARGETS, name)
        return spec

    def targets(self) -> dict[str, AnyTarget]:
        return self._by_name(additions.TARGETS)

    def provider(self, name: str) -> AnyProvider:
        spec: AnyProvider = self._named(additions.PROVIDERS, name)
        return spec

    def providers(self) -> dict[str, AnyProvider]:
        return self._by_name(additions.PROVIDERS)

    def backend_template(self, name: str) -> BackendTemplateSpec:
        spec: BackendTemplateSpec = self._named(additions.TEMPLATES, name)
        return spec

    def backend_templates(self) -> dict[str, BackendTemplateSpec]:
        return self._by_name(additions.TEMPLATES)

    def host_generator(self, name: str) -> HostGeneratorSpec:
        spec: HostGeneratorSpec = self._named(additions.GENERATORS, name)
        return spec

    def host_generators(self) -> dict[str, HostGeneratorSpec]:
        return self._by_name(additions.GENERATORS)

    def screen_sources(self) -> dict[str, ScreenSourceSpec]:
        """Screen sources by suffix. Raises PluginError when two plugins claim one: no screen may go unread."""
        for name in _taken_twice(self._added(additions.SOURCES)):
            raise PluginError(_clash(additions.SOURCES, name, self._added(additions.SOURCES)))
        return self._by_name(additions.SOURCES)

    def doctor_checks(self) -> list[DoctorCheckSpec]:
        """In the order of the plugins, the built-in ones first."""
        return [addition.spec for addition in self._added(additions.CHECKS)]

    def commands(self) -> list[CommandSpec]:
        """Commands with a path of their own; `command` says what is wrong with the others."""
        return list(self._by_name(additions.COMMANDS).values())

    def command(self, path: tuple[str, ...]) -> CommandSpec | None:
        """The command at `path`, if a plugin adds it. Raises PluginError when two do."""
        added = self._added(additions.COMMANDS)
        if " ".join(path) in _taken_twice(added):
            raise PluginError(_clash(additions.COMMANDS, " ".join(path), added))
        return next((each.spec for each in added if each.spec.path == path), None)

    def settings_models(self, kind: str) -> dict[str, type[BaseModel]]:
        """Settings models by target or provider name. `kind` is a CommandSpec's `settings_of`.

        A model that cannot be imported turns its plugin broken and is left out.
        """
        wanted = additions.TARGETS if kind == "publish_targets" else additions.PROVIDERS
        models: dict[str, type[BaseModel]] = {}
        for name, spec in self._by_name(wanted).items():
            try:
                models[name] = spec.settings()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
                self._break(self._owner(wanted, name), f"the settings of {name}: {sentence(error)}")
        return models

    def broken(self) -> list[Plugin]:
        """Plugins that were found and cannot be used, those that pins exclude left out."""
        return [plugin for plugin in self.plugins if plugin.status in {"broken", "incompatible"}]

    def _named(self, kind: Kind, name: str) -> Any:
        known = self._by_name(kind)
        if name in known:
            return known[name]
        added = self._added(kind)
        if name in _taken_twice(added):
            raise PluginError(_clash(kind, name, added))
        for plugin in self.plugins:
            if plugin.reason and normalized(plugin.entry.name) == normalized(name):
                raise PluginError(f"the plugin {name} is {plugin.status}: {plugin.reason}")
        raise UsageError(
            f"there is no {kind.title} {name!r}; installed: {', '.join(sorted(known)) or 'none'}",
            hint="\n".join(
                f"The plugin {each.entry.name} is {each.status}: {each.reason}" for each in self.broken()
            )
            or None,
        )

    def _by_name(self, kind: Kind) -> dict[str, Any]:
        added = self._added(kind)
        twice = _taken_twice(added)
        return {addition.name: addition.spec for addition in added if addition.name not in twice}

    def _added(self, kind: Kind) -> list[Addition]:
        if kind.hook not in self._asked:
            self._asked[kind.hook] = [addition for each in self._ask(kind) for addition in each]
        return self._asked[kind.hook]

    def _ask(self, kind: Kind) -> Iterator[list[Addition]]:
        """One plugin at a time: `hook()` would lose everybody's answer to one plugin's exception."""
        for implementation in getattr(self._manager.hook, kind.hook).get_hookimpls():
            try:
                yield read_additions(implementation.plugin_name, kind, implementation.function())
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
                self._break(implementation.plugin_name, f"{kind.hook}: {sentence(error)}")

    def _break(self, name: str, reason: str) -> None:
        if name == PROJECT:
            raise PluginError(f"the core is broken: {reason}")
        self.plugins = [
            Plugin(plugin.entry, "broken", reason=reason) if plugin.entry.name == name and plugin.hooks else plugin
            for plugin in self.plugins
        ]

    def _owner(self, kind: Kind, name: str) -> str:
        return next(addition.plugin for addition in self._added(kind) if addition.name == name)


def _taken_twice(added: list[Addition]) -> set[str]:
    names = [addition.name for addition in added]
    return {name for name in names if names.count(name) > 1}


def _clash(kind: Kind, name: str, added: list[Addition]) -> str:
    owners = [addition.plugin for addition in added if addition.name == name]
    if len(set(owners)) == 1:
        return f"the plugin {owners[0]} adds the {kind.title} {name!r} twice"
    return f"the plugins {' and '.join(dict.fromkeys(owners))} both add the {kind.title} {name!r}"
