"""Screens written as Stac JSON: one document per file, the file's name is the screen id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from miniprogram.errors import DocumentError
from miniprogram.project.source_tree import kind_of
from miniprogram.project.sources.bounded_source import read_source
from miniprogram.project.sources.json_marks import position_in_json
from miniprogram.seams.screen_source import Mark, ScreenDraft, ScreenSourceError, SourceContext
from miniprogram.stac.schema import SCHEMA_KEY
from miniprogram.strict_json import parse_json, read_bounded, require_object


class JsonScreens:
    """Source of `.json`."""

    def __init__(self, context: SourceContext) -> None:
        self._memory = context.memory

    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft | ScreenSourceError]:
        for file in files:
            yield self._draft(file, kind_of(file, program_root))

    def _draft(self, file: Path, kind: str) -> ScreenDraft | ScreenSourceError:
        try:
            body = read_source(file)
            parse = partial(_parse, file)
            node = self._memory.document(file, body, parse) if self._memory else parse(body)
        except ScreenSourceError as error:
            return error
        return ScreenDraft(file.stem, node, file, kind, partial(_locate, file))


def _parse(file: Path, body: bytes) -> dict[str, Any]:
    try:
        node = require_object(parse_json(body, name=file.name), name=file.name)
    except DocumentError as error:
        reason = str(error).partition(" (line ")[0]  # which the mark says
        mark = Mark(file, error.line or 1, error.column)
        raise ScreenSourceError(reason, mark, hint=error.hint) from error
    node.pop(SCHEMA_KEY, None)  # for editors, not for hosts
    return node


def _locate(file: Path, steps: Sequence[str | int]) -> Mark:
    return Mark(file, *position_in_json(read_bounded(file).decode("utf-8-sig"), steps))
