"""What this distribution adds: the commands `serve` and `console`."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability, CommandSpec

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_commands() -> list[CommandSpec]:
    return [
        CommandSpec(
            ("serve",),
            "serve a backend workspace or an environment to hosts",
            "miniprogram_server.cli:serve",
            example="--env production --port 8787",
        ),
        CommandSpec(
            ("console",),
            "manage the releases of an environment in a browser",
            "miniprogram_server.cli:console",
            example="--env production --port 8090",
        ),
    ]


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [
        Capability("delivery.serve", "deliveryServe", "serve"),
        Capability("releases.console", "releaseConsole", "console"),
    ]
