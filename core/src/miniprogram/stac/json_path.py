"""Places inside a JSON document, cheap to extend and written out only when somebody has to read them."""

from __future__ import annotations

import re
from typing import TypeAlias

JsonPath: TypeAlias = "tuple[JsonPath, str | int] | None"
"""None is the root; a pair is a parent and a key or an index below it."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def write_path(path: JsonPath) -> str:
    """`$.body.children[0]`; keys that are no plain names are quoted: `$["odd key"]`."""
    steps: list[str] = []
    while path is not None:
        path, key = path
        steps.append(_step(key))
    return "$" + "".join(reversed(steps))


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if _PLAIN_KEY.match(key):
        return f".{key}"
    quoted = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{quoted}"]'
