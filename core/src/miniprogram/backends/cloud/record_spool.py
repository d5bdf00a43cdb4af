"""Records between a store and a file, on disk instead of in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.seams.data_store import Key


class RecordSpool:
    """JSON objects by key, in order of keys, in a temporary file that only we see and that ends with us.

    Takes a few MiB of memory, however many there are. Raises MiniProgramError when the disk is full.
    """

    def __init__(self) -> None:
        with _disk():
            self._table = sqlite3.connect("", isolation_level=None)
            """SQLite's own temporary file: it has no name, so that nothing is left behind by a crash."""
            self._table.execute("PRAGMA journal_mode = OFF")
            self._table.execute("CREATE TABLE record (key BLOB PRIMARY KEY, body TEXT) WITHOUT ROWID")
            self._table.execute("BEGIN")

    def __enter__(self) -> RecordSpool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._table.close()

    def __len__(self) -> int:
        with _disk():
            [(count,)] = self._table.execute("SELECT count(*) FROM record")
        return int(count)

    def add(self, key: Key, value: Any) -> bool:
        """Keep `value`, unless something of that key is kept: then False."""
        with _disk():
            added = self._table.execute(
                "INSERT OR IGNORE INTO record VALUES (?, ?)", (_ordered(key), json.dumps(value))
            )
        return added.rowcount > 0

    def __iter__(self) -> Iterator[Any]:
        """The values in order of their keys."""
        with _disk():
            rows = self._table.execute("SELECT body FROM record ORDER BY key")
        while True:
            with _disk():
                row = rows.fetchone()
            if row is None:
                return
            yield json.loads(row[0])


def _ordered(key: Key) -> bytes:
    """Bytes that sort as tuples of texts do."""
    parts = (part.encode("utf-8", "surrogatepass").replace(b"\0", b"\0\xff") for part in key)
    return b"".join(part + b"\0\x01" for part in parts)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise MiniProgramError(
            f"the records do not fit into a temporary file ({error})",
            hint="Make room, or name a folder that has it in TMPDIR.",
        ) from error
