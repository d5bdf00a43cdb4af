"""The records of a publisher backend in any table with a partition and a sort key. A plugin brings its calls.

    class AcmeRecords(KeyedRecords):
        batch = 25

        def pages(self, partition: str) -> Iterator[Sequence[Record]]: ...
        def write_batch(self, records: Sequence[Record]) -> list[Leftover]: ...

How records are shaped and keyed is the product's, so that a backend can move to another cloud with its data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal, TypeVar

from miniprogram.backends import backend_keys
from miniprogram.backends.cloud.seeding import coupon_id_of
from miniprogram.errors import MiniProgramError
from miniprogram.seams.data_store import Group, Key, Leftover, Record, RecordCounts, SeedData

T = TypeVar("T")


def write_batches(
    batches: Iterable[Sequence[T]],
    write: Callable[[Sequence[T]], list[Leftover]],
    key_of: Callable[[T], Key],
) -> list[Leftover]:
    """Write one batch after the other: what `write` could not store, and from one that fails on everything.

    Raises what the first `write` raises: nothing was stored then, and there is no half-done work to tell of.
    """
    left: list[Leftover] = []
    reason: str | None = None
    for number, batch in enumerate(batches):
        if reason is None:
            try:
                left += write(batch)
                continue
            except MiniProgramError as error:
                if number == 0:
                    raise
                reason = str(error)
        left += [Leftover(key_of(each), reason) for each in batch]
    return left


class KeyedRecords:
    """A DataStore for one mini-program. Inherit, and override what raises NotImplementedError, and `condition`.

    Each of those raises MiniProgramError when the table cannot be asked.
    """

    entries = "items"
    outlives_deployment = False
    batch: ClassVar[int] = 25
    """Most records that are written at once."""

    def __init__(self, program_id: str) -> None:
        self._app = backend_keys.app_partition(program_id)
        self._redemptions = backend_keys.redemption_partition(program_id)
        self._groups: dict[object, Group] = {self._app: "app", self._redemptions: "redemptions"}

    def condition(self) -> Mapping[str, object]:
        """Members `data status` adds to its document."""
        return {}

    def pages(self, partition: str) -> Iterator[Sequence[Record]]:
        """The records whose `pk` is `partition`, as they are now, page by page, in any order."""
        raise NotImplementedError

    def count_partition(self, partition: str) -> int:
        """How many there are."""
        return sum(len(page) for page in self.pages(partition))

    def count_everything(self) -> int:
        """Every record of the table, whoever it is of."""
        raise NotImplementedError

    def require_storable(self, record: Record) -> None:
        """Raises ValueError for a record that the table cannot hold: found before anything is written."""

    def write_batch(self, records: Sequence[Record]) -> list[Leftover]:
        """Store at most `batch` records, replacing those of the same `pk` and `sk`; those that could not be."""
        raise NotImplementedError

    def exists(self) -> bool:
        """Whether the table is there."""
        raise NotImplementedError

    def remove(self) -> None:
        """Remove the table with all that is in it."""
        raise NotImplementedError

    def count(self) -> RecordCounts:
        return RecordCounts(self.count_partition(self._app), self.count_partition(self._redemptions))

    def read(self, group: Group) -> Iterator[Record]:
        for page in self.pages(self._app if group == "app" else self._redemptions):
            yield from page

    def seed_records(self, seed: SeedData, *, at: str) -> list[Record]:
        def record(sort_key: str, kind: str, payload: Record, **more: object) -> Record:
            facts = {"pk": self._app, "sk": sort_key, "recordType": kind, "updatedAtUtc": at}
            return {**facts, **more, "payload": payload}

        coupons = [
            record(
                backend_keys.coupon_key(coupon_id_of(coupon)),
                "coupon",
                coupon,
                couponId=coupon_id_of(coupon),
                sortIndex=index,
            )
            for index, coupon in enumerate(seed.coupons)
        ]
        return [
            record(backend_keys.HOME, "home", seed.home),
            record(backend_keys.SESSION, "session", seed.session),
            *coupons,
        ]

    def group_of(self, record: Record) -> Group:
        for name in ("pk", "sk"):
            value = record.get(name)
            if not isinstance(value, str) or not value.strip():
                raise ValueError(f"{name} must be a text that is not blank")
        group = self._groups.get(record["pk"])
        if group is None:
            raise ValueError(f"pk must be {self._app} or {self._redemptions}, not {record['pk']!r}")
        self.require_storable(record)
        return group

    def key_of(self, record: Record) -> Key:
        return (record["pk"], record["sk"])

    def write(self, records: Sequence[Record]) -> list[Leftover]:
        batches = [records[start : start + self.batch] for start in range(0, len(records), self.batch)]
        return write_batches(batches, self.write_batch, self.key_of)

    def discard(self, *, confirmed: bool) -> Literal["removed", "kept", "gone"]:
        if not self.exists():
            return "gone"
        if not confirmed and self.count_everything():
            return "kept"
        self.remove()
        return "removed"
