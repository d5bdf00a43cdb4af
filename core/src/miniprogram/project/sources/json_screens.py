"""Screens written as Stac JSON: one document per file, the file's name is the screen id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from miniprogram.errors import DocumentError, ProjectError
from miniprogram.project.source_tree import kind_of, shown
from miniprogram.seams.screen_source import ScreenDraft, SourceContext
from miniprogram.strict_json import parse_json, read_bounded, require_object


class JsonScreens:
    """Source of `.json`."""

    def __init__(self, context: SourceContext) -> None:
        del context

    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft]:
        for file in files:
            name = shown(file, program_root)
            try:
                node = require_object(parse_json(read_bounded(file), name=name), name=name)
            except DocumentError as error:
                raise ProjectError(str(error)) from error
            yield ScreenDraft(file.stem, node, file, kind_of(file, program_root))
