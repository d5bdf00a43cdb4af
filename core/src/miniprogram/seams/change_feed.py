"""The seam to changes of a store, told as they happen.

A message is a hint and carries no content: whoever is told looks again. So a message that is lost costs time and
never truth, as long as nobody stops looking now and then.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import NamedTuple, Protocol, runtime_checkable

from miniprogram.seams.cloud_provider import CloudProvider


class Changes(NamedTuple):
    """What was heard of at once."""

    keys: frozenset[str] = frozenset()
    """Objects that were written or deleted. Some may be as they were."""
    has_gap: bool = False
    """Whether there may have been others: whatever is known of any object may be out of date."""


GAP = Changes(has_gap=True)


class ChangeFeed(Protocol):
    """Tells what changes in one store. Nothing connects before it is watched. Several may watch at once.

    Whoever began to watch goes on in the same thread.
    """

    def watch(self, stop: Event) -> Iterator[Changes]:
        """What changes, whoever changes it and from wherever, until `stop` is set; it ends within a second then.

        The first item has a gap, and what changes after it was given is told. Whenever something may have been
        missed, such as when the connection was lost or too much happened at once, another gap comes. Several
        changes may come together, and the same one twice. Raises MiniProgramError, while it is read, when it
        cannot be watched (any more); who watches again begins with a gap.
        """
        ...


@runtime_checkable
class TellsChanges(CloudProvider, Protocol):
    """A provider whose store tells of changes. Without it, what is published is found by looking at the index."""

    def change_feed(self) -> ChangeFeed:
        """The feed of `store()`."""
        ...
