"""What this installation can do, for editors. Made of what the core and the plugins that may load declare.

Imports the standard library only and little of it: an editor asks on every refresh.
"""

from __future__ import annotations

import importlib

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.installed.discovery import find_entries
from miniprogram.plugins.loading.contained import pass_on_interrupt, stdout_guarded
from miniprogram.plugins.loading.loader import BUILT_IN, declared, load_plugins
from miniprogram.plugins.specs import Capability
from miniprogram.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

CONTRACT_PACKAGE = "mini_program_tooling"
CONTRACT_VERSION = "0.3.42"
"""The command line contract this implements. Editors compare it with what they need."""


def capabilities_document(cwd: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """The document of `capabilities --json`. A plugin that cannot be used adds nothing, and harms nobody."""
    rows: dict[str, Capability] = {}
    for capability in _capabilities(cwd, environ):
        rows.setdefault(capability.id, capability)  # what is the core's, or this project's, comes first
    return {
        "schemaVersion": 1,
        "command": "capabilities",
        "packageName": CONTRACT_PACKAGE,
        "toolingVersion": CONTRACT_VERSION,
        "capabilityIds": list(rows),
        "features": {row.feature: True for row in rows.values()},
        "commands": list(dict.fromkeys(row.command for row in rows.values())),
        "implementation": {"name": "miniprogram", "version": VERSION},
    }


def capabilities_text(document: dict[str, Any]) -> str:
    """The same for people."""
    lines = [
        f"miniprogram {VERSION}",
        f"Contract: {CONTRACT_PACKAGE}",
        f"Version: {CONTRACT_VERSION}",
        "Capabilities:",
        *(f"- {name}" for name in document["capabilityIds"]),
    ]
    return "\n".join(lines) + "\n"


def _capabilities(cwd: str, environ: Mapping[str, str]) -> Iterator[Capability]:
    for hooks in (importlib.import_module(BUILT_IN), *_plugins(cwd, environ)):
        try:
            with stdout_guarded():
                rows = declared(hooks, "miniprogram_capabilities")
        except BaseException as error:  # noqa: BLE001 - `plugins check` says what is wrong with it
            pass_on_interrupt(error)
            continue
        yield from (row for row in rows if isinstance(row, Capability))


def _plugins(cwd: str, environ: Mapping[str, str]) -> Iterator[object]:
    """Hooks of the plugins that may load; none when the pins cannot be read."""
    from miniprogram.plugins.allowed.pins import is_ours, read_pins

    try:
        pins = read_pins([cwd], environ)
    except MiniProgramError:
        return
    for plugin in sorted(load_plugins(find_entries(), pins), key=lambda plugin: not is_ours(plugin.entry)):
        if plugin.hooks is not None:
            yield plugin.hooks
