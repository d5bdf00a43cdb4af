"""Where the kinds of hosts reach a backend on this machine."""

from __future__ import annotations

from typing import NamedTuple


class LocalUrls(NamedTuple):
    """Base URLs of one local server, each with a trailing slash."""

    desktop_web: str
    android_emulator: str
    android_usb: str
    """With `adb reverse`."""


def local_urls(port: int) -> LocalUrls:
    loopback = f"http://127.0.0.1:{port}/"
    return LocalUrls(loopback, f"http://10.0.2.2:{port}/", loopback)
