"""The bytes of a source file, or a sentence about the file."""

from __future__ import annotations

from pathlib import Path

from miniprogram.errors import DocumentError
from miniprogram.seams.screen_source import Mark, ScreenSourceError
from miniprogram.strict_json import MAX_DOCUMENT_BYTES, read_bounded


def read_source(file: Path, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> bytes:
    """The bytes of `file`, at most `max_bytes` of them. Raises ScreenSourceError."""
    try:
        return read_bounded(file, max_bytes=max_bytes)
    except DocumentError as error:
        raise ScreenSourceError(str(error).replace(str(file), file.name, 1), Mark(file, 1)) from error
