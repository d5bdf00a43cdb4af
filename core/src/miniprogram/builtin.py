"""What the core itself adds, through the same hooks as everybody's."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return []
