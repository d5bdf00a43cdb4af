"""Places inside a JSON document, cheap to extend and written out only when somebody has to read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TypeAlias

JsonPath: TypeAlias = "tuple[JsonPath, str | int] | None"
"""None is the root; a pair is a parent and a key or an index below it."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}\Z")
_MAX_KEY = 80


def steps_of(path: JsonPath) -> tuple[str | int, ...]:
    """The keys and indexes from the root on."""
    steps: list[str | int] = []
    while path is not None:
        path, key = path
        steps.append(key)
    return tuple(reversed(steps))


def write_path(path: JsonPath) -> str:
    """`$.body.children[0]`; keys that are no plain names are quoted, long ones cut: `$["odd key"]`."""
    return write_steps(steps_of(path))


def write_steps(steps: Iterable[str | int]) -> str:
    """As `write_path`, for the steps themselves."""
    return "$" + "".join(map(_step, steps))


_WRITTEN_STEP = re.compile(r'\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def read_steps(path: str) -> tuple[str | int, ...]:
    """The steps of a path as `write_steps` writes it, as far as it can be read."""
    steps: list[str | int] = []
    at = 1
    while found := _WRITTEN_STEP.match(path, at):
        name, index, quoted = found.groups()
        steps.append(name if name else int(index) if index else json.loads(quoted, strict=False))
        at = found.end()
    return tuple(steps)


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if _PLAIN_KEY.match(key):
        return f".{key}"
    text = key if len(key) <= _MAX_KEY else f"{key[:_MAX_KEY]}…"
    return f"[{json.dumps(text, ensure_ascii=not text.isprintable())}]"
