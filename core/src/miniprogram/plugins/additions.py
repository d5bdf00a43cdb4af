"""What a hook may return, and the names things are found by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from miniprogram.errors import PluginError
from miniprogram.plugins.loading.loader import at_most
from miniprogram.plugins.spec_rules import objections, with_checked_factories
from miniprogram.plugins.specs import (
    BackendTemplateSpec,
    Capability,
    CommandSpec,
    DoctorCheckSpec,
    HostGeneratorSpec,
    PreviewPageSpec,
    ProviderSpec,
    ScreenCheckSpec,
    ScreenFrameSpec,
    ScreenPainterSpec,
    ScreenSourceSpec,
    SigningKeySpec,
    TargetSpec,
    VersionSignerSpec,
)
from miniprogram.record import Record


class Kind(Record):
    """A kind of thing plugins add.

    `name_field` is the field it is called by; `unique` when it is found by it. `makes` maps the fields that make
    something to the protocol of what they make, as `module:Class`.
    """

    hook: str
    title: str
    spec: type[Record]
    name_field: str
    unique: bool = True
    makes: Mapping[str, str] = {}


SEAMS = "miniprogram.seams"
TARGETS = Kind(
    "miniprogram_publish_targets",
    "publish target",
    TargetSpec,
    "name",
    makes={"create": f"{SEAMS}.publish_target:PublishTarget"},
)
PROVIDERS = Kind(
    "miniprogram_cloud_providers",
    "provider",
    ProviderSpec,
    "name",
    makes={"open": f"{SEAMS}.cloud_provider:CloudProvider"},
)
TEMPLATES = Kind(
    "miniprogram_backend_templates",
    "backend template",
    BackendTemplateSpec,
    "name",
    makes={"create": f"{SEAMS}.backend_template:BackendTemplate"},
)
GENERATORS = Kind(
    "miniprogram_host_generators",
    "host generator",
    HostGeneratorSpec,
    "name",
    makes={
        "create": f"{SEAMS}.host_generator:HostGenerator",
        "preview": f"{SEAMS}.preview_host:PreviewHost",
    },
)
SOURCES = Kind(
    "miniprogram_screen_sources",
    "screen file type",
    ScreenSourceSpec,
    "suffix",
    makes={"create": f"{SEAMS}.screen_source:ScreenSource"},
)
SCREEN_CHECKS = Kind("miniprogram_screen_checks", "screen check", ScreenCheckSpec, "label", unique=False)
PREVIEW_PAGES = Kind(
    "miniprogram_preview_pages",
    "preview page",
    PreviewPageSpec,
    "label",
    makes={"create": f"{SEAMS}.preview_page:PreviewPage"},
)
SCREEN_PAINTERS = Kind("miniprogram_screen_painters", "screen painter", ScreenPainterSpec, "label", unique=False)
SCREEN_FRAMES = Kind(
    "miniprogram_screen_frames",
    "screen frame",
    ScreenFrameSpec,
    "label",
    unique=False,
    makes={"create": f"{SEAMS}.screen_frame:ScreenFrame"},
)
CHECKS = Kind("miniprogram_doctor_checks", "doctor check", DoctorCheckSpec, "label", unique=False)
SIGNING_KEYS = Kind(
    "miniprogram_signing_keys",
    "kind of signing key",
    SigningKeySpec,
    "scheme",
    makes={"open": f"{SEAMS}.signing_key:SigningKey"},
)
VERSION_SIGNERS = Kind(
    "miniprogram_version_signers",
    "version signer",
    VersionSignerSpec,
    "name",
    makes={"open": f"{SEAMS}.version_signing:VersionSigner"},
)
COMMANDS = Kind("miniprogram_commands", "command", CommandSpec, "path")
CAPABILITIES = Kind("miniprogram_capabilities", "capability", Capability, "id", unique=False)

KINDS = (
    TARGETS,
    PROVIDERS,
    TEMPLATES,
    GENERATORS,
    SOURCES,
    SCREEN_CHECKS,
    PREVIEW_PAGES,
    SCREEN_PAINTERS,
    SCREEN_FRAMES,
    CHECKS,
    SIGNING_KEYS,
    VERSION_SIGNERS,
    COMMANDS,
    CAPABILITIES,
)


class Addition(Record):
    """Something a plugin adds. `name` is what people type: a command's words are joined by blanks."""

    plugin: str
    name: str
    spec: Any


def read_additions(plugin: str, kind: Kind, returned: object) -> list[Addition]:
    """What `plugin` returned from its hook, checked. Raises PluginError when it is not a list of specs."""
    if isinstance(returned, str | bytes) or not isinstance(returned, Iterable):
        raise PluginError(f"{kind.hook} returned {type(returned).__name__}, not a list of {kind.spec.__name__}")
    return [_addition(plugin, kind, spec) for spec in at_most(returned, kind.hook)]


def _addition(plugin: str, kind: Kind, spec: object) -> Addition:
    if not isinstance(spec, kind.spec):
        raise PluginError(f"{kind.hook} returned {type(spec).__name__} where {kind.spec.__name__} is wanted")
    name = getattr(spec, kind.name_field)
    for objection in objections(spec):
        raise PluginError(f"{kind.hook} returned a {kind.title} that {objection}")
    if kind.makes:
        spec = with_checked_factories(spec, kind.makes, kind.title, plugin)
    return Addition(plugin, " ".join(name) if kind is COMMANDS else name, spec)
