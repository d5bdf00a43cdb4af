"""The plugins that may load, and what they add, by name."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from miniprogram.errors import PluginError, UsageError
from miniprogram.plugins import hookspecs
from miniprogram.plugins.discovery import PluginEntry, find_entries
from miniprogram.plugins.markers import PROJECT
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


@dataclass(frozen=True, slots=True)
class BrokenPlugin:
    """A plugin that was found and could not be used. `reason` is a sentence."""

    entry: PluginEntry
    reason: str


class Registry:
    """Typed access to what plugins add. The only place that touches pluggy."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self.loaded: list[PluginEntry] = []
        self.broken: list[BrokenPlugin] = []

    @classmethod
    def discover(cls, *, cwd: Path, environ: Mapping[str, str]) -> Registry:
        """Load what is built in and every installed plugin that may load in `cwd`."""
        del cwd, environ
        registry = cls()
        registry.add("miniprogram", importlib.import_module("miniprogram.builtin"))
        for entry in find_entries():
            registry.load(entry)
        return registry

    def load(self, entry: PluginEntry) -> None:
        """Import and register one plugin; a failure is kept in `broken`."""
        try:
            self.add(entry.name, importlib.import_module(entry.module))
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and must not take the others along
            self.broken.append(BrokenPlugin(entry, f"{type(error).__name__}: {error}"))
        else:
            self.loaded.append(entry)

    def add(self, name: str, module: object) -> None:
        """Register `module`. Raises PluginError for a hook that does not exist."""
        self._manager.register(module, name=name)
        try:
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            self._manager.unregister(name=name)
            raise PluginError(f"plugin {name}: {error}") from error

    def target(self, name: str) -> AnyTarget:
        spec: AnyTarget = _named(self.targets(), name, "publish target")
        return spec

    def targets(self) -> dict[str, AnyTarget]:
        return self._by_name(self._manager.hook.miniprogram_publish_targets(), "publish target")

    def provider(self, name: str) -> AnyProvider:
        spec: AnyProvider = _named(self.providers(), name, "provider")
        return spec

    def providers(self) -> dict[str, AnyProvider]:
        return self._by_name(self._manager.hook.miniprogram_cloud_providers(), "provider")

    def backend_templates(self) -> dict[str, BackendTemplateSpec]:
        return self._by_name(self._manager.hook.miniprogram_backend_templates(), "backend template")

    def backend_template(self, name: str) -> BackendTemplateSpec:
        spec: BackendTemplateSpec = _named(self.backend_templates(), name, "backend template")
        return spec

    def backend_template(self, name: str) -> BackendTemplateSpec:
        spec: BackendTemplateSpec = _named(self.backend_templates(), name, "backend template")
        return spec

    def host_generators(self) -> dict[str, HostGeneratorSpec]:
        return self._by_name(self._manager.hook.miniprogram_host_generators(), "host generator")

    def host_generator(self, name: str) -> HostGeneratorSpec:
        spec: HostGeneratorSpec = _named(self.host_generators(), name, "host generator")
        return spec

    def screen_sources(self) -> dict[str, ScreenSourceSpec]:
        """Screen sources by suffix."""
        specs = self._flat(self._manager.hook.miniprogram_screen_sources())
        return {spec.suffix: spec for spec in specs}

    def doctor_checks(self) -> list[DoctorCheckSpec]:
        return self._flat(self._manager.hook.miniprogram_doctor_checks())

    def settings_models(self, kind: str) -> dict[str, type[BaseModel]]:
        """Settings models by target or provider name. `kind` is a CommandSpec's `settings_of`."""
        specs = self.targets() if kind == "publish_targets" else self.providers()
        return {name: spec.settings() for name, spec in specs.items()}

    def commands(self) -> list[CommandSpec]:
        return self._flat(self._manager.hook.miniprogram_commands())

    def _by_name(self, groups: Iterable[Iterable[Any]], kind: str) -> dict[str, Any]:
        named: dict[str, Any] = {}
        for spec in self._flat(groups):
            if spec.name in named:
                raise PluginError(f"two plugins add the {kind} {spec.name!r}")
            named[spec.name] = spec
        return named

    @staticmethod
    def _flat(groups: Iterable[Iterable[Any]]) -> list[Any]:
        # pluggy calls the newest plugin first; people expect the order of installation
        return [spec for group in reversed(list(groups)) for spec in group]


def _named(specs: Mapping[str, Any], name: str, kind: str) -> Any:
    if name not in specs:
        raise UsageError(f"there is no {kind} {name!r}; installed: {', '.join(sorted(specs)) or 'none'}")
    return specs[name]
