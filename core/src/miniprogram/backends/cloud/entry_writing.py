"""Entries of an export into a store, part by part, so that what stops in the middle can go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from miniprogram.backends.cloud.export_file import Entry
from miniprogram.backends.cloud.seeding import told
from miniprogram.errors import MiniProgramError
from miniprogram.progress import advance
from miniprogram.seams.data_store import DataStore, Leftover

PART = 500
"""Records given to a store at once: what the largest request of a cloud takes."""
MOST_LISTED = 1000
"""Records that a report names, of those that were not stored."""


@dataclass(slots=True)
class Written:
    """How far the entries got. `left` are the first of those that a store refused for themselves."""

    stored: int = 0
    left: list[Leftover] = field(default_factory=list)
    stopped: str = ""
    """What ended it before the last entry, as a sentence."""
    resume_at: int | None = None
    """Where it ended: the index of the first entry that is to be tried again."""

    def told(self, total: int) -> str:
        """A sentence about records that were not stored; blank when all of `total` were."""
        if not self.stopped:
            return told(self.left, total, left_count=total - self.stored) if self.left else ""
        return f"{self.stored} of {total} records were stored ({self.stopped}); go on with --skip {self.resume_at}"


def write_entries(store: DataStore, entries: Iterator[Entry], *, total: int) -> Written:
    """Store `entries`, `total` of them, until the store fails. Raises its error when nothing was stored before."""
    done, tried = Written(), 0
    first_left: int | None = None
    while part := list(islice(entries, PART)):
        advance("storing records", tried, total)
        try:
            left = store.write([entry.record for entry in part])
        except MiniProgramError as error:
            if not done.stored:
                raise
            done.stopped = str(error)
            done.resume_at = part[0].index if first_left is None else first_left
            break
        tried += len(part)
        done.stored += len(part) - len(left)
        done.left += left[: MOST_LISTED - len(done.left)]
        if left and first_left is None:
            first_left = next(entry.index for entry in part if entry.key == left[0].key)
    advance("storing records", tried, total)
    return done
