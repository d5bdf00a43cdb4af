"""What the core itself adds, through the same hooks as everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import BackendTemplateSpec, Capability

if TYPE_CHECKING:
    from miniprogram.backends.template import BackendTemplate

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return []


@hookimpl
def miniprogram_backend_templates() -> list[BackendTemplateSpec]:
    return [BackendTemplateSpec("mock", "runs on this machine, for development", ("bundled",), _mock_template)]


def _mock_template() -> BackendTemplate:
    from miniprogram.backends.mock.template import MockTemplate

    return MockTemplate()
