"""Which device a preview is shown on, among those the installed kinds of hosts know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import HostGeneratorSpec
from miniprogram.seams.preview_host import PreviewDevice


def find_device(
    specs: Mapping[str, HostGeneratorSpec], device: str, *, environ: Mapping[str, str], cwd: Path
) -> PreviewDevice:
    """The device people call `device`. Raises MiniProgramError, listing what there is, when nobody knows it."""
    hosts = [spec.preview() for _, spec in sorted(specs.items()) if spec.preview is not None]
    if not hosts:
        raise MiniProgramError(
            "no plugin that shows previews is installed", hint="Install miniprogram[all], or miniprogram-flutter."
        )
    for host in hosts:
        found = host.find_device(device, environ=environ, cwd=cwd)
        if found is not None:
            return found
    known = "; ".join(host.devices for host in hosts)
    raise MiniProgramError(f"no preview device is called {device!r}; there are: {known}")
