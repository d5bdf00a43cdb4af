"""Where a request comes from, in words for people: no more than they need to know their own browser again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

from starlette.requests import Request

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
"""What a user agent holds, and whose it is. Later ones are named by earlier ones, too."""
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_tool = re.compile(r"[A-Za-z][\w.-]{0,30}").match


@dataclass(frozen=True, slots=True)
class CameFrom:
    """The beginning of an address, such as `192.0.2.*`, and a browser, such as `Firefox on Linux`."""

    address: str
    browser: str


def came_from(request: Request) -> CameFrom:
    """Of the client that the server believes."""
    host = request.client.host if request.client else ""
    return CameFrom(address_words(host), browser_words(request.headers.get("user-agent", "")))


def address_words(host: str) -> str:
    """The network that `host` is in, as people read it."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "a local socket" if not host else "an unknown address"
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return "this machine"
    if isinstance(address, IPv4Address):
        return ".".join(str(address).split(".")[:3]) + ".*"
    return ":".join(each.lstrip("0") or "0" for each in address.exploded.split(":")[:3]) + ":*"


def browser_words(agent: str) -> str:
    """The browser and the system that a user agent says it is."""
    browser = next((name for mark, name in _BROWSERS if f"{mark}/" in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser:
        return f"{browser} on {system}" if system else browser
    found = _tool(agent)
    return found[0] if found else "an unknown browser"
