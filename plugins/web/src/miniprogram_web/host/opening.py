"""Opening a page where a person sees it."""

from __future__ import annotations

import subprocess
import webbrowser
from collections.abc import Callable, Mapping

from miniprogram.errors import ToolError, UsageError
from miniprogram_web.browsers import PROGRAMS, require_browser

ANY = "web"
NONE = "none"
DEVICES = (*PROGRAMS, ANY, NONE)
"""`web` is the browser that this machine opens links with; `none` opens nothing."""


def opener(device: str, environ: Mapping[str, str]) -> Callable[[str], None]:
    """What opens an address in the browser `device`, found before anything is started.

    Raises UsageError for a device that is none, ToolError when the browser is not installed.
    """
    name = device.lower()
    if name not in DEVICES:
        raise UsageError(f"a page cannot be shown on {device!r}; there are: {', '.join(DEVICES)}")
    if name == NONE:
        return lambda _: None
    if name == ANY:
        return _open_any
    program = require_browser(name, environ)

    def open_page(address: str) -> None:
        # the browser goes on when we end; what it says on its streams is no concern of ours
        subprocess.Popen(
            [str(program), address],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    return open_page


def _open_any(address: str) -> None:
    if not webbrowser.open(address):
        raise ToolError(f"no browser was found on this machine: open {address} yourself")
