"""Opening a page where a person sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from miniprogram.browsers import ANY, NAMES, open_command, open_page
from miniprogram.errors import ToolError, UsageError

DEVICES = NAMES


def opener(device: str, environ: Mapping[str, str]) -> Callable[[str], None]:
    """What opens an address in the browser `device`, found before anything is started.

    Raises UsageError for a device that is none, ToolError when the browser is not installed.
    """
    name = device.lower()
    if name not in DEVICES:
        raise UsageError(f"a page cannot be shown on {device!r}; there are: {', '.join(DEVICES)}")
    command = open_command(name, environ)
    if command is None:
        return _open_nothing if name == ANY else lambda _: None
    return lambda address: open_page(command, address, environ)


def _open_nothing(address: str) -> None:
    raise ToolError(f"no browser was found on this machine: open {address} yourself")
