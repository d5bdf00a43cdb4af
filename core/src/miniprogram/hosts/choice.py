"""Which kind of host app a folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.plugins.installed.first_party import WEB, how_to_install
from miniprogram.plugins.specs import HostGeneratorSpec
from miniprogram.seams.host_generator import HostGenerator


def choose_generator(
    specs: Mapping[str, HostGeneratorSpec], project_root: Path, *, kind: str | None = None
) -> HostGenerator:
    """The generator for the app in `project_root`: the one of `kind`, else the one that knows such apps.

    Where several do, one whose app embeds mini-programs already. Raises UsageError when `kind` is none or only
    `kind` can tell, MiniProgramError when no generator fits.
    """
    if not project_root.is_dir():
        raise MiniProgramError(f"{project_root} is not a folder")
    if not specs:
        raise MiniProgramError(
            "no plugin for host apps is installed",
            hint=f"{how_to_install(WEB)} For Flutter apps it is plugins/flutter.",
        )
    if kind is not None and kind not in specs:
        raise UsageError(f"no kind of host app is called {kind!r}; there are: {', '.join(sorted(specs))}")
    names = [kind] if kind is not None else sorted(specs)
    detected = {name: each for name in names if (each := specs[name].create()).detect(project_root)}
    if not detected:
        known = "; ".join(f"{name}: {specs[name].summary}" for name in names)
        raise MiniProgramError(f"{project_root} is not a host app we know ({known})")
    hosts = {name: each for name, each in detected.items() if each.is_host(project_root)}
    return _only(hosts or detected, project_root)


def _only(fitting: Mapping[str, HostGenerator], project_root: Path) -> HostGenerator:
    if len(fitting) > 1:
        raise UsageError(
            f"{project_root} is an app of several kinds ({', '.join(fitting)})",
            hint="Say which one is meant with --host.",
        )
    return next(iter(fitting.values()))


def require_host(
    specs: Mapping[str, HostGeneratorSpec], project_root: Path, *, kind: str | None = None
) -> HostGenerator:
    """Like `choose_generator`, for apps that mini-programs were embedded into."""
    generator = choose_generator(specs, project_root, kind=kind)
    if not generator.is_host(project_root):
        setup = generator.files(project_root).runtime_setup
        raise MiniProgramError(
            f"{project_root} does not embed mini-programs yet: {setup} is missing",
            hint="Run `miniprogram embed init` there first.",
        )
    return generator
