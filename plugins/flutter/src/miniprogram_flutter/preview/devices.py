"""Which devices a preview can be shown on, and what each is to Flutter and to the network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Link = Literal["local", "emulator", "usb", "wifi"]
"""How a device reaches this machine: it is on it, emulated on it, at its cable, or in its network."""

NAMED = {
    "chrome": "web",
    "edge": "web",
    "ios": "ios",
    "linux": "linux",
    "macos": "macos",
    "windows": "windows",
}
"""Devices on this machine, with Flutter's name for their platform."""

PREFIX = "flutter:"
"""Before a name that means something else as well: `flutter:chrome` is Flutter's app in Chrome."""

KINDS = (
    "chrome, edge, ios, linux, macos, windows, flutter:<one of these>, emulator-<n>, "
    "the id of an Android device that `adb devices` lists as ready (USB), or its <host>:<port> (Wi-Fi)"
)

_EMULATOR = re.compile(r"emulator-[0-9]+")
_ADDRESS = re.compile(r"(?P<host>\[[0-9a-f:.%]+\]|[^\s:\[\]]+):[0-9]{1,5}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Device:
    """`id` is what Flutter and adb call it."""

    id: str
    platform: str
    link: Link


def named_device(text: str) -> Device | None:
    """The device `text` means without anybody being asked, in any case: one on this machine, or an emulator."""
    name = text.lower().removeprefix(PREFIX)
    if name in NAMED:
        return Device(name, NAMED[name], "local")
    return Device(name, "android", "emulator") if _EMULATOR.fullmatch(name) else None


def listed_device(text: str, connected: Sequence[str]) -> Device | None:
    """The device of `connected` (ids as adb lists them) that `text` means, in any case."""
    found = next((each for each in connected if each.lower() == text.lower()), None)
    if found is None:
        return None
    return Device(found, "android", "wifi" if _ADDRESS.fullmatch(found) else "usb")


def network_host(device_id: str) -> str:
    """The host in a Wi-Fi device's id."""
    found = _ADDRESS.fullmatch(device_id)
    return found["host"] if found else device_id
