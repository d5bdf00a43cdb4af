"""Validators that providers' settings models share: the contract's rules for URLs, prefixes and truth."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

_TRUE, _FALSE = ("true", "1", "yes", "y", "on"), ("false", "0", "no", "n", "off")


def absolute_url(value: Any) -> Any:
    """An absolute http(s) URL, without slashes at its end. Raises ValueError."""
    if not isinstance(value, str):
        return value
    text = value.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in text):
        raise ValueError("must be an absolute URL such as https://example.com/api")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must be a URL without user, query or fragment")
    return text


def object_prefix(value: Any) -> Any:
    """A key prefix as `a/b`: backslashes become slashes, outer ones go. Raises ValueError."""
    if not isinstance(value, str):
        return value
    prefix = value.strip().replace("\\", "/").strip("/")
    if not prefix or any(part in ("", ".", "..") for part in prefix.split("/")):
        raise ValueError("must be folder names joined by slashes")
    return prefix


def ip_address(value: Any) -> Any:
    """An IP address to listen on; `localhost` is accepted for 127.0.0.1. Raises ValueError."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.lower() == "localhost":
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("must be an IP address of this machine") from None


def truth(value: Any) -> Any:
    """A truth value as state files spell it: a boolean or true/1/yes/y/on, false/0/no/n/off. Raises ValueError."""
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError("must be true or false")
