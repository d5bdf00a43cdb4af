"""The plugins that may load, and what they add, by name."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from miniprogram.errors import PluginError
from miniprogram.plugins import additions, hookspecs
from miniprogram.plugins.absent import absent
from miniprogram.plugins.additions import Addition, Kind, read_additions
from miniprogram.plugins.allowed.pins import PinSet, is_ours, read_pins
from miniprogram.plugins.installed.discovery import find_entries, find_shadowed, normalized
from miniprogram.plugins.loading.contained import pass_on_interrupt, stdout_guarded
from miniprogram.plugins.loading.loader import (
    BUILT_IN,
    Footprint,
    Plugin,
    load_plugins,
    require_known_hooks,
    sentence,
)
from miniprogram.plugins.markers import PROJECT
from miniprogram.plugins.specs import (
    AnyProvider,
    AnyTarget,
    BackendTemplateSpec,
    CommandSpec,
    DoctorCheckSpec,
    HostGeneratorSpec,
    PreviewPageSpec,
    ScreenCheckSpec,
    ScreenFrameSpec,
    ScreenPainterSpec,
    ScreenSourceSpec,
    SigningKeySpec,
    VersionSignerSpec,
)
from miniprogram.version import VERSION

if TYPE_CHECKING:
    from pydantic import BaseModel


class Registry:
    """Typed access to what plugins add. The only place that touches pluggy.

    `plugins` holds what was found, in order of discovery, and what became of it; a plugin whose hook fails when
    it is asked turns broken then.
    """

    def __init__(self, *, watch: bool = False) -> None:
        self._watch = watch
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._asked: dict[str, list[Addition]] = {}
        self.plugins: list[Plugin] = []
        self.pins = PinSet()

    @classmethod
    def discover(cls, *, cwd: Path, environ: Mapping[str, str], also_pinned_in: Sequence[Path] = ()) -> Registry:
        """Load what is built in and every installed plugin that may load in `cwd` and in `also_pinned_in`.

        Raises PluginError when a pinned plugin is not there in the pinned version.
        """
        registry = cls.survey(cwd=cwd, environ=environ, also_pinned_in=also_pinned_in)
        for problem in registry.unmet_pins():
            raise PluginError(problem, hint="Install it, or change the pin.")
        return registry

    @classmethod
    def survey(
        cls, *, cwd: Path, environ: Mapping[str, str], also_pinned_in: Sequence[Path] = (), watch: bool = False
    ) -> Registry:
        """Like `discover`, but unmet pins are left to `unmet_pins`; with `watch` see what plugins replace."""
        registry = cls.built_in(watch=watch)
        registry.pins = read_pins([str(cwd), *map(str, also_pinned_in)], environ)
        for plugin in load_plugins(find_entries(), registry.pins, watch=watch):
            registry.load(plugin)
        return registry

    @classmethod
    def built_in(cls, *, watch: bool = False) -> Registry:
        """What the core itself adds, and no plugin."""
        registry = cls(watch=watch)
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
        for pins in self.pins.files:
            installed = [(pins.pin_of(plugin.entry), plugin.entry) for plugin in self.plugins]
            for pin in pins.by_name.values():
                wanted = f"the plugin {pin.name} {pin.versions}".strip()
                entry = next((entry for found, entry in installed if found is pin), None)
                if entry is None:
                    yield f"{wanted} is pinned in {pins.source} and not installed"
                elif not pin.allows(entry.version):
                    yield f"{wanted} is pinned in {pins.source}, and {entry.version} is installed"

    def require_pins_of(self, folder: Path, environ: Mapping[str, str]) -> None:
        """Raises PluginError when the pins that hold in `folder` refuse a plugin that is loaded."""
        pins = read_pins([str(folder)], environ)
        for plugin in self.plugins:
            refusal = pins.refusal(plugin.entry) if plugin.status == "loaded" else None
            if refusal is not None:
                raise PluginError(
                    f"the plugin {plugin.entry.name} may not load for {folder}: {refusal}",
                    hint="Run the command in that folder, or name it with --mini-program-root.",
                )

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

    def shadowed(self) -> Iterator[str]:
        """A sentence for every distribution with plugins that another one of its name hides."""
        for hidden, visible in find_shadowed():
            yield f"{hidden} is hidden by {visible}, which is found first"

    def versions_behind(self, *names: tuple[Kind, Iterable[str]]) -> dict[str, str]:
        """Versions of the core and of the distributions that add one of `names`, by distribution."""
        owners = {each.plugin for kind, wanted in names for each in self._added(kind) if each.name in wanted}
        entries = [plugin.entry for plugin in self.plugins if plugin.entry.name in owners]
        return {PROJECT: VERSION, **{entry.distribution: entry.version for entry in entries}}

    def commands_by_plugin(self) -> list[tuple[str, CommandSpec]]:
        """The commands that plugins add, with the plugin's name; those of the core are left out."""
        return [(each.plugin, each.spec) for each in self._added(additions.COMMANDS) if each.plugin != PROJECT]

    def added(self, kind: Kind) -> list[Addition]:
        """What is added of one kind, by plugin, the core's included."""
        return list(self._added(kind))

    def names_by_plugin(self, kind: Kind) -> list[tuple[str, str]]:
        """What is added of one kind, by plugin, the core's included."""
        return [(each.plugin, each.name) for each in self._added(kind)]

    def clashes(self) -> Iterator[str]:
        """A sentence for every name that two plugins add, and that therefore neither has."""
        for kind in additions.KINDS:
            added = self._added(kind)
            for name in sorted(_taken_twice(added)) if kind.unique else ():
                yield self._clash(kind, name, added)

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
            raise PluginError(self._clash(additions.SOURCES, name, self._added(additions.SOURCES)))
        return self._by_name(additions.SOURCES)

    def screen_checks(self) -> list[ScreenCheckSpec]:
        """In the order of the plugins."""
        return [addition.spec for addition in self._added(additions.SCREEN_CHECKS)]

    def preview_pages(self) -> dict[str, PreviewPageSpec]:
        return self._by_name(additions.PREVIEW_PAGES)

    def signing_key(self, scheme: str) -> SigningKeySpec:
        spec: SigningKeySpec = self._named(additions.SIGNING_KEYS, scheme)
        return spec

    def signing_keys(self) -> dict[str, SigningKeySpec]:
        return self._by_name(additions.SIGNING_KEYS)

    def version_signers(self) -> list[VersionSignerSpec]:
        """By name. Raises PluginError when two plugins claim one: no version may go unsigned."""
        for name in _taken_twice(self._added(additions.VERSION_SIGNERS)):
            raise PluginError(self._clash(additions.VERSION_SIGNERS, name, self._added(additions.VERSION_SIGNERS)))
        return [spec for _, spec in sorted(self._by_name(additions.VERSION_SIGNERS).items())]

    def screen_painters(self) -> list[ScreenPainterSpec]:
        """In the order of the plugins."""
        return [addition.spec for addition in self._added(additions.SCREEN_PAINTERS)]

    def screen_frames(self) -> list[ScreenFrameSpec]:
        """In the order of the plugins."""
        return [addition.spec for addition in self._added(additions.SCREEN_FRAMES)]

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
            raise PluginError(self._clash(additions.COMMANDS, " ".join(path), added))
        return next((each.spec for each in added if each.spec.path == path), None)

    def settings_models(self, kind: str) -> dict[str, type[BaseModel]]:
        """Settings models by target or provider name. `kind` is a CommandSpec's `settings_of`.

        A model that cannot be imported turns its plugin broken and is left out.
        """
        wanted = additions.TARGETS if kind == "publish_targets" else additions.PROVIDERS
        models: dict[str, type[BaseModel]] = {}
        for name, spec in sorted(self._by_name(wanted).items(), key=lambda row: self._precedence(wanted, row[0])):
            if name not in self._by_name(wanted):
                continue  # another name of its plugin turned out to be broken
            try:
                with stdout_guarded():
                    models[name] = _model(spec.settings())
            except BaseException as error:  # noqa: BLE001 - a plugin may raise anything
                pass_on_interrupt(error)
                self.set_broken(self.owner(kind, name), f"the settings of {name}: {sentence(error)}")
        return models

    def _precedence(self, kind: Kind, name: str) -> tuple[int, str]:
        """Who chooses the name of an option first: the core, then plugins of this project, then others."""
        plugin = next(each.plugin for each in self._added(kind) if each.name == name)
        if plugin == PROJECT:
            return 0, ""
        entry = next(each.entry for each in self.plugins if each.entry.name == plugin)
        return (1 if is_ours(entry) else 2), normalized(entry.distribution)

    def owner(self, kind: str, name: str) -> str:
        """The plugin that adds the target or provider `name`. `kind` is a CommandSpec's `settings_of`."""
        wanted = additions.TARGETS if kind == "publish_targets" else additions.PROVIDERS
        return next(addition.plugin for addition in self._added(wanted) if addition.name == name)

    def broken(self) -> list[Plugin]:
        """Plugins that were found and cannot be used, those that pins exclude left out."""
        return [plugin for plugin in self.plugins if plugin.status in {"broken", "incompatible"}]

    def _named(self, kind: Kind, name: str) -> Any:
        known = self._by_name(kind)
        if name in known:
            return known[name]
        added = self._added(kind)
        if name in _taken_twice(added):
            raise PluginError(self._clash(kind, name, added))
        raise absent(kind, name, known=known, plugins=self.plugins)

    def _by_name(self, kind: Kind) -> dict[str, Any]:
        added = self._added(kind)
        twice = _taken_twice(added)
        return {addition.name: addition.spec for addition in added if addition.name not in twice}

    def _added(self, kind: Kind) -> list[Addition]:
        if kind.hook not in self._asked:
            self._asked[kind.hook] = [addition for each in self._ask(kind) for addition in each]
            self._defend_names(kind)
        unusable = {plugin.entry.name for plugin in self.plugins if plugin.status != "loaded"}
        return [addition for addition in self._asked[kind.hook] if addition.plugin not in unusable]

    def _defend_names(self, kind: Kind) -> None:
        """A name of the core, or of a plugin of this project, is not for others: who claims it is broken."""
        if not kind.unique:
            return
        rank = {PROJECT: 0, **{each.entry.name: 1 for each in self.plugins if is_ours(each.entry)}}
        added = self._asked[kind.hook]
        ours = [each for each in added if each.plugin in rank]
        for addition in added:
            mine = rank.get(addition.plugin, 2)
            if mine == 0:
                continue
            for other in ours:
                if rank[other.plugin] < mine and _collide(kind, addition.name, other.name):
                    where = "the core" if other.plugin == PROJECT else f"the plugin {self.called(other.plugin)}"
                    self.set_broken(
                        addition.plugin, f"it adds the {kind.title} {addition.name!r}, a name of {where}"
                    )

    def _ask(self, kind: Kind) -> Iterator[list[Addition]]:
        """One plugin at a time: `hook()` would lose everybody's answer to one plugin's exception."""
        for implementation in getattr(self._manager.hook, kind.hook).get_hookimpls():
            name = implementation.plugin_name
            plugin = next((each for each in self.plugins if each.entry.name == name), None)
            footprint = Footprint(plugin.entry, watch=self._watch) if plugin else None
            try:
                with stdout_guarded():
                    returned = read_additions(name, kind, implementation.function())
            except BaseException as error:  # noqa: BLE001 - a plugin may raise anything
                pass_on_interrupt(error)
                if footprint is not None:
                    footprint.stop()
                self.set_broken(name, f"{kind.hook}: {sentence(error)}")
            else:
                if plugin is not None and footprint is not None:
                    at = self.plugins.index(plugin)
                    self.plugins[at] = plugin.having_run(footprint.stop())
                yield returned

    def called(self, plugin: str) -> str:
        """A plugin with its distribution, as messages name it; `the core` for what is built in."""
        entry = next((each.entry for each in self.plugins if each.entry.name == plugin), None)
        return f"{plugin} ({entry.distribution})" if entry else "the core"

    def _clash(self, kind: Kind, name: str, added: list[Addition]) -> str:
        owners = list(dict.fromkeys(self.called(each.plugin) for each in added if each.name == name))
        if len(owners) == 1:
            return f"the plugin {owners[0]} adds the {kind.title} {name!r} twice"
        return f"the plugins {' and '.join(owners)} both add the {kind.title} {name!r}"

    def set_broken(self, name: str, reason: str) -> None:
        """Take the plugin `name` out of use. Raises PluginError when it is the core itself."""
        if name == PROJECT:
            raise PluginError(f"the core is broken: {reason}")
        self.plugins = [
            Plugin(plugin.entry, "broken", reason=reason) if plugin.entry.name == name and plugin.hooks else plugin
            for plugin in self.plugins
        ]


def _model(made: Any) -> type[BaseModel]:
    """Raises PluginError for what has no fields that could become options."""
    from pydantic import BaseModel

    if not (isinstance(made, type) and issubclass(made, BaseModel)):
        raise PluginError(f"they are {made!r:.60}, not a class of pydantic")
    return made


def _collide(kind: Kind, name: str, taken: str) -> bool:
    """Whether `name` cannot stand beside `taken`: the same name, or a command above or below another."""
    if kind is additions.COMMANDS:
        return name == taken or name.startswith(f"{taken} ") or taken.startswith(f"{name} ")
    return name == taken


def _taken_twice(added: list[Addition]) -> set[str]:
    names = [addition.name for addition in added]
    return {name for name in names if names.count(name) > 1}
