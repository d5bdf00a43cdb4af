"""What every store of publisher backend records must do, as tests to inherit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from miniprogram.backends.tagged_values import from_json, to_json
from miniprogram.errors import MiniProgramError
from miniprogram.seams.data_store import DataStore, Record, SeedData
from miniprogram.testing.contract import Contract

SEED = SeedData(
    home={"title": "Hello", "tags": ["a", {"deep": None}]},
    session={"authenticated": True},
    coupons=({"id": "coupon-10", "price": 9.5}, {"id": "b#c % d", "price": 0}),
)
AT = "2030-01-02T03:04:05.678Z"

VALUES: dict[str, Any] = {
    "nothing": None,
    "truth": False,
    "whole": -7,
    "large": 12345678901234567890,
    "fraction": 0.1,
    "binary": b"\x00\xff",
    "empty": "",
    "list": [1, ["a"], {}],
    "map": {"$binary": "not a tag"},
    "text": "Grüße ☂",
}


class DataStoreContract(Contract):
    """Inherit, and override `make_store`. `redemption` makes a record of the group redemptions.

    `cannot` may name kinds of `VALUES` that it has no place for: such a record must come back as a Leftover that
    says why.
    """

    can_be_missing = tuple(VALUES)

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        store = self.make_store()
        record = self.with_member(store.seed_records(SEED, at=AT)[0], "payload", {missing: VALUES[missing]})

        def write() -> None:
            for left in store.write([record]):
                raise MiniProgramError(f"{left.key} was not stored: {left.reason}")

        return [write]

    def make_store(self) -> DataStore:
        """An empty store. Called again in the same test, it finds what was written before."""
        raise NotImplementedError

    def redemption(self, user_id: str, coupon_id: str) -> Record:
        raise NotImplementedError

    def with_member(self, record: Record, name: str, value: Any) -> Record:
        """`record` with one more member, where this store's records keep theirs."""
        return {**record, name: value}

    def member(self, record: Record, name: str) -> Any:
        """What `with_member` added."""
        return record[name]

    def test_seeding_can_be_read_by_whoever_opens_it_next(self) -> None:
        store = self.make_store()
        records = store.seed_records(SEED, at=AT)

        assert store.write(records) == []

        again = self.make_store()
        assert again.count().app == len(records) == again.count_everything() == 4
        assert _by_key(again, "app") == {store.key_of(record): _plain(record) for record in records}

    def test_keys_are_distinct_and_belong_to_their_group(self) -> None:
        store = self.make_store()
        pairs = [("a#COUPON#b", "c"), ("a", "b#COUPON#c"), ("a_b", "c"), ("a", "b_c"), ("ü", "c"), ("ö", "c")]
        redemptions = [self.redemption(*pair) for pair in pairs]

        assert len({store.key_of(record) for record in redemptions}) == len(pairs)
        assert {store.group_of(record) for record in redemptions} == {"redemptions"}
        assert {store.group_of(record) for record in store.seed_records(SEED, at=AT)} == {"app"}

    def test_writing_again_replaces(self) -> None:
        store = self.make_store()
        record = self.with_member(store.seed_records(SEED, at=AT)[0], "note", "first")
        store.write([record])

        store.write([self.with_member(record, "note", "second")])

        assert [self.member(each, "note") for each in store.read("app")] == ["second"]

    def test_more_than_a_page_is_written_read_and_counted(self) -> None:
        store = self.make_store()
        redemptions = [self.redemption(f"user-{number}", "coupon-10") for number in range(61)]

        assert store.write(redemptions) == []

        assert (store.count().app, store.count().redemptions) == (0, 61)
        assert len(_by_key(store, "redemptions")) == 61

    def test_values_survive_a_store_and_a_file(self) -> None:
        store = self.make_store()
        record = self.with_member(store.seed_records(SEED, at=AT)[0], "payload", self._values())
        store.write([record])

        [found] = store.read("app")
        [again] = [from_json(to_json(found))]

        assert _plain(found) == _plain(record) == _plain(again)
        store.write([again])
        assert [_plain(each) for each in store.read("app")] == [_plain(record)]

    def _values(self) -> dict[str, Any]:
        return {kind: value for kind, value in VALUES.items() if kind not in self.cannot}

    def test_a_record_of_somebody_else_is_refused(self) -> None:
        store = self.make_store()
        for record in ({}, {"pk": "x"}, {"group": "moon", "name": "x"}, {"collection": "moon"}):
            with pytest.raises(ValueError, match=r"\w"):
                store.group_of(record)

    def test_a_store_with_records_is_discarded_only_when_confirmed(self) -> None:
        store = self.make_store()
        store.write([self.redemption("u", "c")])

        assert store.discard(confirmed=False) == "kept"
        assert store.count_everything() == 1
        assert store.discard(confirmed=True) in {"removed", "kept"}


def _by_key(store: DataStore, group: Any) -> dict[Any, Any]:
    return {store.key_of(record): _plain(record) for record in store.read(group)}


def _plain(value: Any) -> Any:
    """Numbers compare by value, whatever a store makes of them."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(member) for member in value] if isinstance(value, list) else value
