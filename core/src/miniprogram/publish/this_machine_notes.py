"""Addresses in a version that every device takes for itself, such as http://localhost:3000/logo.png."""

from __future__ import annotations

import re
from collections.abc import Iterator

from miniprogram.addresses import is_this_machine
from miniprogram.packages.bundle import Bundle

SHOWN = 3
"""Screens that a sentence names before it counts the others."""
_ADDRESS = re.compile(rb'"((?:https?|wss?):(?://|\\/\\/)[^"\s]*)"', re.IGNORECASE)


def this_machine_notes(bundle: Bundle, delivery_url: str | None) -> Iterator[str]:
    """Sentences about a version that goes to other machines, whose hosts load from `delivery_url`."""
    found = {
        file.path.removeprefix("screens/"): address for file in bundle.screens for address in _first(file.body)
    }
    if found:
        shown = [f"{name.removesuffix('.json')} ({address})" for name, address in list(found.items())[:SHOWN]]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        yield f"Every device takes these addresses for itself, in the screens {', '.join(shown)}{more}."
    has_assets = any(file.path.startswith("assets/") for file in bundle.files)
    if has_assets and delivery_url is not None and is_this_machine(delivery_url):
        yield f"Its images are looked for at {delivery_url}, which every device takes for itself."


def _first(body: bytes) -> Iterator[str]:
    """The first such address in a screen."""
    for match in _ADDRESS.finditer(body):
        address = match[1].decode("utf-8", "replace").replace("\\/", "/")
        if is_this_machine(address):
            yield address
            return
