"""Ids that came in a request instead of a file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from miniprogram.refusals import Unacceptable
from miniprogram.releases.commands.id_files import read_ids


@contextmanager
def uploaded_ids(content: BinaryIO, *, is_csv: bool, column: str | None = None) -> Iterator[Iterator[str]]:
    """The ids in `content`, one a line or from a column, read as the command line reads files.

    Raises Unacceptable for what is no list.
    """
    with tempfile.TemporaryDirectory(prefix="miniprogram-upload-") as folder:
        path = Path(folder) / ("list.csv" if is_csv else "list.txt")
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
        try:
            yield read_ids(path, column=column)
        except Unacceptable as error:
            raise Unacceptable(str(error).replace(str(path), "the list"), hint=error.hint) from None
