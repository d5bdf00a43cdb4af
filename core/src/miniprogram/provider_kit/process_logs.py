"""Log files of a local process as one stream: cut to a time window, merged by time, followed while it grows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import merge
from pathlib import Path

POLL_S = 0.2

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?")
_HEAD_LENGTH = 400
"""Where in a line a time is looked for, in characters."""

EARLIEST = datetime.min.replace(tzinfo=UTC)


def read_logs(
    paths: Sequence[Path], *, since_s: float, now: datetime, goes_on: Callable[[], bool]
) -> Iterator[str]:
    """Lines of `paths` not older than `since_s` seconds, oldest first; then new ones while `goes_on()`.

    A line without a time of its own has that of the line before it; at the start of a file, that of the first
    line that has one, else of the file's last change. Missing files are empty.
    """
    tails = [_Tail(path) for path in paths]
    start = now - timedelta(seconds=since_s)
    stamped = merge(*(tail.stamped() for tail in tails), key=lambda pair: pair[0])
    yield from (line for instant, line in stamped if instant >= start)
    while True:
        last_round = not goes_on()
        for tail in tails:
            yield from tail.new_lines(half=last_round)
        if last_round:
            return
        time.sleep(POLL_S)


class _Tail:
    """What of a log file was not read yet. Half a line at its end waits for its other half."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new_lines(self, *, half: bool = False) -> list[str]:
        """Lines that were completed since; with `half`, one that has no end yet as well."""
        try:
            with self._path.open("rb") as stream:
                if stream.seek(0, 2) < self._offset:  # a restart began the file anew
                    self._offset = 0
                stream.seek(self._offset)
                body = stream.read()
        except OSError:
            return []
        whole = body if half else body[: body.rfind(b"\n") + 1]
        self._offset += len(whole)
        return whole.decode("utf-8", errors="replace").splitlines()

    def stamped(self) -> Iterator[tuple[datetime, str]]:
        lines = self.new_lines()
        instant = next((found for line in lines if (found := time_of(line))), self._changed_at())
        for line in lines:
            instant = max(instant, time_of(line) or instant)
            yield instant, line

    def _changed_at(self) -> datetime:
        try:
            return datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        except OSError:
            return EARLIEST


def time_of(line: str) -> datetime | None:
    """The first ISO 8601 time in `line`, aware; one without a zone counts as UTC."""
    found = _TIME.search(line[:_HEAD_LENGTH])
    if found is None:
        return None
    try:
        instant = datetime.fromisoformat(found[0].replace(",", "."))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
