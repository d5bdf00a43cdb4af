"""Where in the author's files the objects of a screen were made: told by the child, looked up by the build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

from miniprogram.seams.screen_source import Locate, Mark


class CallSites:
    """Turns instructions of the author's code into lines and columns."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._positions: dict[CodeType, list[tuple[int | None, ...]]] = {}

    def flat_marks(self, sites: Iterable[tuple[CodeType, int] | None]) -> list[Any]:
        """`[files, "file line column …"]`: three numbers for each object, zeros where nothing is known.

        `file` counts from 1 in `files`. Lines and columns count from 1; a column that is not known is 0.
        """
        files: dict[str, int] = {}
        numbers: list[int] = []
        for site in sites:
            file = site[0].co_filename if site else ""
            if site is None or not file.startswith(self._root):
                numbers += (0, 0, 0)
                continue
            line, column = self.position(*site)
            numbers += (files.setdefault(file, len(files) + 1), line, column)
        return [
            list(files),
            " ".join(map(str, numbers)),
        ]  # a text, because it is read only when there is a finding

    def position(self, code: CodeType, instruction: int) -> tuple[int, int]:
        """Line and column; the column is 0 where Python was told to forget it."""
        known = self._positions.get(code)
        if known is None:
            known = self._positions[code] = list(code.co_positions())
        line, _, column, _ = known[instruction // 2]
        return line or code.co_firstlineno, 0 if column is None else column + 1


def locator(node: dict[str, Any], marks: Sequence[Any]) -> Locate:
    """Finds the mark of the innermost object on a way into `node`. `marks` are what `flat_marks` made for it."""
    files, text = marks
    numbers_of: dict[int, Sequence[int]] = {}

    def locate(steps: Sequence[str | int]) -> Mark | None:
        if not numbers_of:
            numbers = list(map(int, text.split()))
            for count, item in enumerate(_objects(node)):
                numbers_of[id(item)] = numbers[3 * count : 3 * count + 3]
        value: Any = node
        found = numbers_of[id(node)]
        for step in steps:
            try:
                value = value[step]
            except (LookupError, TypeError):  # what is missing has no place of its own
                break
            at = numbers_of.get(id(value), (0,)) if isinstance(value, dict) else (0,)
            found = at if at[0] else found
        file, line, column = found
        return Mark(Path(files[file - 1]), line, column or None) if file else None

    return locate


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in `value`, in the order in which they begin."""
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from _objects(member)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)
