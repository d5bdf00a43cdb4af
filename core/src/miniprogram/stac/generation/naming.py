"""Catalogue names as Python names: `sizedBox` → `sized_box`, `SizedBox`."""

from __future__ import annotations

import keyword
import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake(name: str) -> str:
    """`onPressed` → `on_pressed`, `clipRRect` → `clip_rrect`; a Python keyword gets an underscore at the end."""
    text = "_".join(_HUMP.split(name)).lower().replace("_r_rect", "_rrect")
    return f"{text}_" if keyword.iskeyword(text) else text


def pascal(name: str) -> str:
    """`boxDecoration` → `BoxDecoration`."""
    return name[:1].upper() + name[1:]
