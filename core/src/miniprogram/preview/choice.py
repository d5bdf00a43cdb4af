"""Which device a preview is shown on, among those the installed kinds of hosts know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from miniprogram import browsers
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.plugins.installed.first_party import FLUTTER, WEB, how_to_install
from miniprogram.plugins.specs import HostGeneratorSpec, PreviewPageSpec
from miniprogram.seams.preview_host import PreviewDevice

INSTALL_PAGE = how_to_install(WEB)


def wanted_page(pages: Mapping[str, PreviewPageSpec], device: str | None) -> PreviewPageSpec | None:
    """The page to show a preview in, when `-d` names a browser or nothing; None when `device` is an app's.

    Without a page, `chrome` and `edge` are an app's as well. Raises UsageError when nothing is left.
    """
    name = browsers.ANY if device is None else device.lower()
    if name not in browsers.NAMES:
        return None
    page = next((spec for _, spec in sorted(pages.items())), None)
    if page is None and device is None:
        raise UsageError("--device is required", hint=f"{INSTALL_PAGE} With Flutter, try `-d linux`.")
    if page is None and name in (browsers.ANY, browsers.NONE, "firefox"):
        raise MiniProgramError(f"nothing shows previews in a browser (-d {name})", hint=INSTALL_PAGE)
    return page


def find_device(
    specs: Mapping[str, HostGeneratorSpec],
    device: str,
    *,
    environ: Mapping[str, str],
    cwd: Path,
    pages: Mapping[str, PreviewPageSpec] = MappingProxyType({}),
) -> PreviewDevice:
    """The device people call `device`. Raises MiniProgramError, listing what there is, when nobody knows it."""
    hosts = [spec.preview() for _, spec in sorted(specs.items()) if spec.preview is not None]
    if not hosts:
        raise MiniProgramError("no plugin that shows previews is installed", hint=how_to_install(FLUTTER))
    for host in hosts:
        found = host.find_device(device, environ=environ, cwd=cwd)
        if found is not None:
            return found
    known = "; ".join(
        [*([f"{', '.join(browsers.NAMES)} (in a browser)"] if pages else []), *(host.devices for host in hosts)]
    )
    raise MiniProgramError(f"no preview device is called {device!r}; there are: {known}")
