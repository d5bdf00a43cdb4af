"""What a hook may return, and the names things are found by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from miniprogram.errors import PluginError
from miniprogram.plugins.specs import (
    BackendTemplateSpec,
    Capability,
    CommandSpec,
    DoctorCheckSpec,
    HostGeneratorSpec,
    ProviderSpec,
    ScreenSourceSpec,
    TargetSpec,
)
from miniprogram.record import Record


class Kind(Record):
    """A kind of thing plugins add. `name_field` is the field it is called by; `unique` when it is found by it."""

    hook: str
    title: str
    spec: type[Record]
    name_field: str
    unique: bool = True


TARGETS = Kind("miniprogram_publish_targets", "publish target", TargetSpec, "name")
PROVIDERS = Kind("miniprogram_cloud_providers", "provider", ProviderSpec, "name")
TEMPLATES = Kind("miniprogram_backend_templates", "backend template", BackendTemplateSpec, "name")
GENERATORS = Kind("miniprogram_host_generators", "host generator", HostGeneratorSpec, "name")
SOURCES = Kind("miniprogram_screen_sources", "screen file type", ScreenSourceSpec, "suffix")
CHECKS = Kind("miniprogram_doctor_checks", "doctor check", DoctorCheckSpec, "label", unique=False)
COMMANDS = Kind("miniprogram_commands", "command", CommandSpec, "path")
CAPABILITIES = Kind("miniprogram_capabilities", "capability", Capability, "id", unique=False)

KINDS = (TARGETS, PROVIDERS, TEMPLATES, GENERATORS, SOURCES, CHECKS, COMMANDS, CAPABILITIES)


class Addition(Record):
    """Something a plugin adds. `name` is what people type: a command's words are joined by blanks."""

    plugin: str
    name: str
    spec: Any


def read_additions(plugin: str, kind: Kind, returned: object) -> list[Addition]:
    """What `plugin` returned from its hook, checked. Raises PluginError when it is not a list of specs."""
    if isinstance(returned, str | bytes) or not isinstance(returned, Iterable):
        raise PluginError(f"{kind.hook} returned {type(returned).__name__}, not a list of {kind.spec.__name__}")
    return [_addition(plugin, kind, spec) for spec in returned]


def _addition(plugin: str, kind: Kind, spec: object) -> Addition:
    if not isinstance(spec, kind.spec):
        raise PluginError(f"{kind.hook} returned {type(spec).__name__} where {kind.spec.__name__} is wanted")
    name = getattr(spec, kind.name_field)
    words = name if kind is COMMANDS and isinstance(name, tuple) else (name,)
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise PluginError(f"{kind.hook} returned a {kind.title} whose {kind.name_field} is {name!r}")
    return Addition(plugin, " ".join(words), spec)
