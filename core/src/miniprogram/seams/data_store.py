"""The seam to a publisher backend's records, wherever they are kept.

A record is a mapping from names to values: None, bool, int, float, Decimal, str, bytes, datetime, a frozenset of
str, numbers or bytes, and lists and mappings of those. How it is keyed is the store's business; `group_of` and
`key_of` tell what the use cases need to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Record = Mapping[str, Any]
Key = tuple[str, ...]
"""What identifies a record, outermost part first. Exports are sorted by it."""

Group = Literal["app", "redemptions"]
"""What the publisher provides (home, session, coupons), and what users left behind."""


@dataclass(frozen=True, slots=True)
class RecordCounts:
    """How many records of each group there are."""

    app: int
    redemptions: int

    @property
    def total(self) -> int:
        return self.app + self.redemptions


@dataclass(frozen=True, slots=True)
class SeedData:
    """The data files of a starter. `coupons` are in display order; each has a non-blank `id`, all distinct."""

    home: Mapping[str, Any]
    session: Mapping[str, Any]
    coupons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Leftover:
    """A record that was not stored, and why, as the end of a sentence."""

    key: Key
    reason: str


class DataStore(Protocol):
    """The records of one mini-program's backend. Every method raises MiniProgramError when it cannot be asked."""

    entries: str
    """What an export file calls its list of records: `items`."""
    outlives_deployment: bool
    """Whether records stay when the backend is destroyed, as in a database that is the project's."""

    def condition(self) -> Mapping[str, object]:
        """Members `data status` adds to its document, such as `{"tableStatus": "ACTIVE"}`."""
        ...

    def count(self) -> RecordCounts:
        """Records of this mini-program."""
        ...

    def count_everything(self) -> int:
        """Every record that would be lost with the store, also those of nobody we know."""
        ...

    def read(self, group: Group) -> Iterator[Record]:
        """The records of a group as they are now, page by page, in any order."""
        ...

    def seed_records(self, seed: SeedData, *, at: str) -> list[Record]:
        """The records `seed` makes; `at` is the time written into them."""
        ...

    def group_of(self, record: Record) -> Group:
        """Which group `record` belongs to. Raises ValueError, saying what is wrong, when it is not ours."""
        ...

    def key_of(self, record: Record) -> Key:
        """The key of a record that `group_of` accepts."""
        ...

    def write(self, records: Sequence[Record]) -> list[Leftover]:
        """Store each record, replacing the one of its key; those that could not be stored, in order.

        Storing them again later completes the work.
        """
        ...

    def discard(self, *, confirmed: bool) -> Literal["removed", "kept", "gone"]:
        """Remove the store of a backend that was destroyed.

        One that holds records again is removed only when that was `confirmed`, else kept; `gone` means that
        there was nothing left to remove. A cloud that always keeps data says `kept`.
        """
        ...
