"""The records of a publisher backend in a real table: the contract, busy tables, refused items, older keys."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from miniprogram.backends import backend_keys
from miniprogram.errors import MiniProgramError
from miniprogram.seams.data_store import Record
from miniprogram.testing.data_store_contract import DataStoreContract
from miniprogram_aws.backend.data_table import DataTable
from testbed.unprocessed import Proxy, unprocessed

MakeTable = Callable[..., DataTable]


@pytest.fixture
def make_table(account: Any) -> MakeTable:
    """Makes a table of its own, or opens it through another address."""
    name = f"backend-{secrets.token_hex(6)}"
    clients = account.clients()
    clients.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )

    def make(**changes: Any) -> DataTable:
        opened = account.clients(**changes) if changes else clients
        return DataTable(opened.client("dynamodb"), name, "shop", region="eu-west-1", pause=lambda seconds: None)

    return make


def redemption(user_id: str, coupon_id: str, **more: Any) -> Record:
    key = backend_keys.redemption_key(user_id, coupon_id)
    facts = {"recordType": "redemption", "userId": user_id, "couponId": coupon_id}
    return {"pk": backend_keys.redemption_partition("shop"), "sk": key, **facts, **more}


class TestDataTable(DataStoreContract):
    @pytest.fixture(autouse=True)
    def _table(self, make_table: MakeTable) -> None:
        self.table = make_table

    def make_store(self) -> DataTable:
        return self.table()

    def redemption(self, user_id: str, coupon_id: str) -> Record:
        return redemption(user_id, coupon_id)


@pytest.fixture
def proxy(ministack_url: str) -> Iterator[Proxy]:
    with unprocessed(ministack_url, spoil=3) as running:
        yield running


def test_what_a_busy_table_leaves_is_tried_again(make_table: MakeTable, proxy: Proxy) -> None:
    table = make_table(endpoint_url=proxy.url)
    assert table.write([redemption(f"u{number}", "c") for number in range(24)]) == []
    assert proxy.sizes == [24, 12, 6, 3]
    assert table.count().redemptions == 24


def test_what_a_busy_table_never_takes_is_told_by_key(make_table: MakeTable, proxy: Proxy) -> None:
    proxy.spoil = 99
    table = make_table(endpoint_url=proxy.url)
    records = [redemption(f"u{number:02}", "c") for number in range(40)]
    left = table.write(records)
    assert proxy.sizes == [25, 13, 7, 4, 2, 15, 8, 4, 2, 1]
    assert [each.key for each in left] == [table.key_of(records[24])]
    assert "no capacity" in left[0].reason
    assert table.count().redemptions == 39
    proxy.spoil = 0
    assert table.write(records) == []
    assert table.count().redemptions == 40


def test_one_item_that_is_too_large_keeps_no_other_from_being_stored(make_table: MakeTable) -> None:
    table = make_table()
    records = [redemption("small", "c"), redemption("large", "c", body="x" * 500_000), redemption("other", "c")]
    [left] = table.write(records)
    assert left.key == table.key_of(records[1])
    assert left.reason
    assert table.count().redemptions == 2


def test_sets_and_long_numbers_survive(make_table: MakeTable) -> None:
    table = make_table()
    record = redemption(
        "u",
        "c",
        texts=frozenset({"a", "b"}),
        numbers=frozenset({1, Decimal("2.5")}),
        bodies=frozenset({b"\x00", b"\xff"}),
        precise=Decimal("1234567890.1234567890123456789012345678"),
    )
    table.write([record])
    assert list(table.read("redemptions")) == [record]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, "pk must be a text"),
        ({"pk": "APP#shop", "sk": " "}, "sk must be a text"),
        ({"pk": "APP#other", "sk": "HOME#bootstrap"}, "pk must be APP#shop"),
        ({"pk": "APP#shop#REDEMPTIONS#x", "sk": "a"}, "pk must be"),
        ({"pk": "APP#shop", "sk": "a", "payload": {"x": float("inf")}}, "payload x holds a number"),
        ({"pk": "APP#shop", "sk": "a", "when": object()}, "when holds a object"),
    ],
)
def test_what_does_not_belong_is_refused(make_table: MakeTable, record: Record, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make_table().group_of(record)


def test_records_of_other_programs_are_counted_before_the_table_goes(make_table: MakeTable) -> None:
    table = make_table()
    other = DataTable(table._client, table.name, "other", region="eu-west-1")
    table.write([{"pk": "APP#other", "sk": "HOME#bootstrap"}])
    assert (table.count().total, table.count_everything(), other.count().app) == (0, 1, 1)
    assert table.discard(confirmed=False) == "kept"
    assert table.discard(confirmed=True) == "removed"
    assert table.discard(confirmed=True) == "gone"


def test_a_table_that_is_gone_is_one_sentence(make_table: MakeTable) -> None:
    table = make_table()
    table.discard(confirmed=True)
    for ask in (table.condition, table.count, table.count_everything, lambda: list(table.read("app"))):
        with pytest.raises(MiniProgramError, match=table.name):
            ask()
    with pytest.raises(MiniProgramError, match="write to the table"):
        table.write([redemption("u", "c")])


def test_an_export_of_an_older_tool_is_imported_as_it_is(make_table: MakeTable) -> None:
    table = make_table()
    old = {
        "pk": "APP#shop#REDEMPTIONS",
        "sk": "USER#a#b#COUPON#c",
        "recordType": "redemption",
        "payload": {"status": "redeemed", "amount": 9.5, "flags": [True, None]},
    }
    record = json.loads(json.dumps(old))
    assert table.group_of(record) == "redemptions"
    table.write([record])
    [found] = table.read("redemptions")
    assert found["payload"] == {"status": "redeemed", "amount": Decimal("9.5"), "flags": [True, None]}
