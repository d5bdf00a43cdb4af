"""Which kind of host app a folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import HostGeneratorSpec
from miniprogram.seams.host_generator import HostGenerator


def choose_generator(specs: Mapping[str, HostGeneratorSpec], project_root: Path) -> HostGenerator:
    """The generator for the app in `project_root`. Raises MiniProgramError when none fits."""
    if not project_root.is_dir():
        raise MiniProgramError(f"{project_root} is not a folder")
    if not specs:
        raise MiniProgramError(
            "no plugin for host apps is installed",
            hint="Install miniprogram[all], or the plugin for your kind of app.",
        )
    for name in sorted(specs):
        generator = specs[name].create()
        if generator.detect(project_root):
            return generator
    known = "; ".join(f"{name}: {specs[name].summary}" for name in sorted(specs))
    raise MiniProgramError(f"{project_root} is not a host app we know ({known})")


def require_host(specs: Mapping[str, HostGeneratorSpec], project_root: Path) -> HostGenerator:
    """Like `choose_generator`, for apps that mini-programs were embedded into."""
    generator = choose_generator(specs, project_root)
    if not generator.is_host(project_root):
        setup = generator.files(project_root).runtime_setup
        raise MiniProgramError(
            f"{project_root} does not embed mini-programs yet: {setup} is missing",
            hint="Run `miniprogram embed init` there first.",
        )
    return generator
