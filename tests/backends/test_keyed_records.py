"""Records in a table that is a dictionary: the shapes and keys that every cloud's table shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from miniprogram.backends import backend_keys
from miniprogram.backends.cloud.keyed_records import KeyedRecords
from miniprogram.errors import StoreError
from miniprogram.seams.data_store import DataStore, Leftover, Record, SeedData
from miniprogram.testing import DataStoreContract

Table = dict[tuple[str, str], Record]


class DictionaryRecords(KeyedRecords):
    batch = 3

    def __init__(self, table: Table, program_id: str = "shop", *, fails_after: int = 100) -> None:
        super().__init__(program_id)
        self.table, self.batches, self._fails_after = table, 0, fails_after
        self.is_there = True

    def pages(self, partition: str) -> Iterator[Sequence[Record]]:
        yield [record for (pk, _), record in self.table.items() if pk == partition]

    def count_everything(self) -> int:
        return len(self.table)

    def write_batch(self, records: Sequence[Record]) -> list[Leftover]:
        assert len(records) <= self.batch
        self.batches += 1
        if self.batches > self._fails_after:
            raise StoreError("the table burns")
        self.table.update({(record["pk"], record["sk"]): record for record in records})
        return []

    def exists(self) -> bool:
        return self.is_there

    def remove(self) -> None:
        self.table.clear()
        self.is_there = False


class TestKeyedRecords(DataStoreContract):
    @pytest.fixture(autouse=True)
    def _table(self) -> None:
        self.records = DictionaryRecords({})

    def make_store(self) -> DataStore:
        return self.records

    def redemption(self, user_id: str, coupon_id: str) -> Record:
        key = backend_keys.redemption_key(user_id, coupon_id)
        return {"pk": backend_keys.redemption_partition("shop"), "sk": key, "recordType": "redemption"}


def seven(records: KeyedRecords) -> list[Record]:
    coupons = tuple({"id": f"c{number}"} for number in range(5))
    return records.seed_records(SeedData({}, {}, coupons), at="2030-01-01T00:00:00Z")


def test_records_are_written_in_batches() -> None:
    records = DictionaryRecords({})

    assert records.write(seven(records)) == []
    assert (records.batches, records.count().app) == (3, 7)


def test_what_comes_after_a_failure_is_told_key_by_key() -> None:
    records = DictionaryRecords({}, fails_after=1)
    wanted = seven(records)

    left = records.write(wanted)

    assert [each.key for each in left] == [records.key_of(record) for record in wanted[3:]]
    assert {each.reason for each in left} == {"the table burns"}


def test_a_failure_before_anything_was_stored_is_one() -> None:
    records = DictionaryRecords({}, fails_after=0)

    with pytest.raises(StoreError):
        records.write(seven(records))


def test_mini_programs_share_a_table_and_see_their_own() -> None:
    table: Table = {}
    DictionaryRecords(table, "other").write(seven(DictionaryRecords(table, "other")))

    assert DictionaryRecords(table).count().total == 0
    with pytest.raises(ValueError, match="pk must be APP#shop or APP#shop#REDEMPTIONS"):
        DictionaryRecords(table).group_of(next(iter(table.values())))
