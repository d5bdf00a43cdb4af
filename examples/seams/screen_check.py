"""A further look of `miniprogram validate`: no screen may be published with a placeholder for a text in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from miniprogram.plugins.specs import ScreenCheckSpec
from miniprogram.seams.screen_check import ScreenRemark


def find_placeholders(screens: Mapping[str, dict[str, Any]]) -> Iterator[ScreenRemark]:
    for name, node in screens.items():
        for path, value in _texts(node, "$"):
            if "lorem ipsum" in value.lower():
                yield ScreenRemark(name, "acme_placeholder", path, "this text is a placeholder")


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(member, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")


SPEC = ScreenCheckSpec("Placeholders", find_placeholders)
"""What the hook `miniprogram_screen_checks` returns in a list."""
