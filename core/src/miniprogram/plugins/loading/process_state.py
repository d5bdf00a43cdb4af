"""What belongs to the whole process, and what a plugin changed of it. For where plugins are checked."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping

State = Mapping[str, object]
"""By the words for it: `the current folder`, `the environment variable HOME`."""


def look() -> State:
    """Everything there is to change."""
    return dict(_parts())


def changed_since(before: State) -> list[str]:
    """What is something else than it was, in words, sorted."""
    now = look()
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _parts() -> Iterator[tuple[str, object]]:
    yield "the current folder", _folder()
    yield "sys.path", tuple(sys.path)
    root = logging.getLogger()
    yield "the log of everybody", (root.level, tuple(root.handlers))
    for name, value in os.environ.items():
        yield f"the environment variable {name}", value
    for each in signal.Signals:
        yield f"what happens at {each.name}", signal.getsignal(each)


def _folder() -> str | None:
    try:
        return os.getcwd()  # noqa: PTH109 - a deleted one is no error here
    except OSError:
        return None
