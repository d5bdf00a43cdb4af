"""Where two JSON values differ, as people name places in them: `children[2].data`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from miniprogram.models import FrozenModel
from miniprogram.strict_json import to_canonical_json

MISSING = object()
_plain_name = re.compile(r"[A-Za-z_$][\w$-]*").fullmatch
MANY = 400
"""Lists with more elements are compared position by position: aligning them takes time by the square."""


class Difference(FrozenModel):
    """One place. `before` and `after` are JSON values; null with the name in `absent` when there is none."""

    path: str
    before: Any = None
    after: Any = None
    absent: str | None = None
    """`before` for what is new, `after` for what is gone."""


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Where `after` is not `before`, in the order of `after`. Elements that moved along are not different."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*after, *(name for name in before if name not in after)]:
            yield from differences(before.get(name, MISSING), after.get(name, MISSING), _member(path, name))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    elif before is MISSING:
        yield Difference(path=path, after=after, absent="before")
    elif after is MISSING:
        yield Difference(path=path, before=before, absent="after")
    elif to_canonical_json(before) != to_canonical_json(after):
        yield Difference(path=path, before=before, after=after)


def _of_lists(before: list[Any], after: list[Any], path: str) -> Iterator[Difference]:
    for _, start, end, new_start, new_end in _opcodes(before, after):
        paired = min(end - start, new_end - new_start)
        for offset in range(paired):
            old, new = before[start + offset], after[new_start + offset]
            yield from differences(old, new, f"{path}[{new_start + offset}]")
        for position in range(new_start + paired, new_end):
            yield Difference(path=f"{path}[{position}]", after=after[position], absent="before")
        for position in range(start + paired, end):
            yield Difference(path=f"{path}[{position}]", before=before[position], absent="after")


def _opcodes(before: list[Any], after: list[Any]) -> list[tuple[str, int, int, int, int]]:
    if max(len(before), len(after)) > MANY:
        return [("replace", 0, len(before), 0, len(after))]
    old, new = ([to_canonical_json(each) for each in values] for values in (before, after))
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [code for code in found if code[0] != "equal"]


def _member(path: str, name: str) -> str:
    if not _plain_name(name):
        return f"{path}[{name!r}]"
    return f"{path}.{name}" if path else name
