"""Windows in a table whose counters change hands: others at each step, and functions of the time before shards."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import ledger_key
from miniprogram.testing.admission_ledger import NOW_MS
from miniprogram_aws.function.admission_ledger import SHARDS, DynamoDbLedger

Rival = Callable[["Window"], dict[str, bool]]
"""Who else comes, and whether they got in."""


class Window:
    """The window `w` of a table, which admissions of all times are made to."""

    def __init__(self, dynamodb: Any) -> None:
        self.dynamodb, self.table = dynamodb, f"shop-{secrets.token_hex(6)}-admissions"
        dynamodb.create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )

    def ledger(self, client: Any = None) -> DynamoDbLedger:
        """One that remembers nothing."""
        return DynamoDbLedger(lambda: client or self.dynamodb, self.table, patience_s=30)

    def now(self, name: str, limit: int) -> bool:
        return self.ledger().admit("w", ledger_key("w", name), limit, NOW_MS)

    def before_shards(self, name: str, limit: int) -> bool:
        """What functions did before there were shards, item by item."""
        visitor = {"id": {"S": f"{ledger_key('w', name)}@w"}}
        if "Item" in self.dynamodb.get_item(TableName=self.table, Key=visitor, ConsistentRead=True):
            return True
        entered = {
            "TableName": self.table,
            "Item": {**visitor, "admittedAtMs": {"N": "1"}, "expiresAt": {"N": "9999999999"}},
            "ConditionExpression": "attribute_not_exists(#id)",
            "ExpressionAttributeNames": {"#id": "id"},
        }
        counted = {
            "TableName": self.table,
            "Key": {"id": {"S": "@w"}},
            "UpdateExpression": "ADD #admitted :one SET #expiry = :expiry",
            "ConditionExpression": "attribute_not_exists(#admitted) OR #admitted < :limit",
            "ExpressionAttributeNames": {"#admitted": "admitted", "#expiry": "expiresAt"},
            "ExpressionAttributeValues": {
                ":one": {"N": "1"},
                ":limit": {"N": str(limit)},
                ":expiry": {"N": "9999999999"},
            },
        }
        try:
            self.dynamodb.transact_write_items(TransactItems=[{"Put": entered}, {"Update": counted}])
        except self.dynamodb.exceptions.TransactionCanceledException:
            return False
        return True

    def visitors(self) -> int:
        """How many have an item of their own."""
        items = self.dynamodb.scan(TableName=self.table, ConsistentRead=True)["Items"]
        return sum("admittedAtMs" in item for item in items)


@pytest.fixture
def window(account: Any) -> Window:
    return Window(account.clients().client("dynamodb"))


@pytest.mark.parametrize("limit", [1, SHARDS, SHARDS + 1, 2 * SHARDS + 5])
def test_every_slot_is_given_and_none_twice(window: Window, limit: int) -> None:
    ledger = window.ledger()
    found = [ledger.admit("w", ledger_key("w", str(number)), limit, NOW_MS) for number in range(limit + 3)]
    assert found == [True] * limit + [False] * 3
    assert ledger.count("w") == window.visitors() == limit


def test_a_window_of_the_time_before_shards_goes_on_where_it_was(window: Window) -> None:
    assert [window.before_shards(f"early-{number}", 30) for number in range(12)] == [True] * 12
    assert window.ledger().count("w") == 12

    assert [window.now(f"early-{number}", 30) for number in range(12)] == [True] * 12
    assert [window.now(f"late-{number}", 30) for number in range(20)] == [True] * 18 + [False] * 2
    assert window.ledger().count("w") == window.visitors() == 30
    assert window.before_shards("other", 30) is False
    assert window.before_shards("late-3", 30) is True, "a deployment that is taken back forgets nobody"


def test_a_full_window_of_the_time_before_shards_is_full(window: Window) -> None:
    for number in range(3):
        window.before_shards(str(number), 3)
    assert [window.now(name, 3) for name in ("0", "new")] == [True, False]
    assert window.now("new", 4) is True
    assert window.ledger().count("w") == 4


@pytest.mark.parametrize("seed", range(6))
def test_functions_of_both_times_never_let_in_one_too_many(window: Window, seed: int) -> None:
    """While a deployment is shifted, both answer, and the limit may change. Ours let in everybody they can."""
    chance, inside = random.Random(seed), set[str]()
    for _ in range(40):
        name, limit = str(chance.randrange(30)), chance.choice([3, 8, 8, 8, 20])
        may = name in inside or len(inside) < limit
        if chance.random() < 0.5:
            assert window.now(name, limit) is may
        else:
            may = window.before_shards(name, limit) and (may or pytest.fail("one too many"))
        inside |= {name} if may else set()
        assert window.ledger().count("w") == window.visitors() == len(inside)


class Interrupted:
    """The table's client. Something happens right before the `nth` call."""

    def __init__(self, client: Any, nth: int, happens: Callable[[], None]) -> None:
        self._client, self._nth, self._happens = client, nth, happens

    def __getattr__(self, operation: str) -> Any:
        def ask(**asked: Any) -> Any:
            self._nth -= 1
            if self._nth == 0:
                self._happens()
            return getattr(self._client, operation)(**asked)

        return ask


RIVALS: dict[str, Rival] = {
    "another visitor": lambda window: {"bob": window.now("bob", 4)},
    "the same visitor": lambda window: {"ada": window.now("ada", 4)},
    "a higher limit": lambda window: {name: window.now(name, 6) for name in ("bob", "cyd")},
    "before shards": lambda window: {"bob": window.before_shards("bob", 4)},
}


@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize("was", ["new", "old", "shared"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5, 6])
def test_somebody_else_at_any_step(window: Window, rival: str, was: str, nth: int) -> None:
    """Ada comes for the last slot of four, and a rival does right before a call of hers."""
    come = window.now if was == "shared" else window.before_shards
    free = 4 if was == "new" else 1
    assert [come(str(number), 4) for number in range(4 - free)] == [True] * (4 - free)
    told: dict[str, bool] = {}
    client = Interrupted(window.dynamodb, nth, lambda: told.update(RIVALS[rival](window)))

    got_in = window.ledger(client).admit("w", ledger_key("w", "ada"), 4, NOW_MS)

    inside = {name for name, is_in in told.items() if is_in}
    assert got_in is ("ada" in inside or len(inside) < free)
    inside |= {"ada"} if got_in else set()
    assert window.ledger().count("w") == window.visitors() == 4 - free + len(inside)
    assert all(window.now(name, 4) for name in inside)


def test_an_admission_whose_answer_is_lost_counts_once(window: Window) -> None:
    class Lost(Interrupted):
        def __getattr__(self, operation: str) -> Any:
            ask = super().__getattr__(operation)

            def lose(**asked: Any) -> Any:
                answer = ask(**asked)
                if operation == "transact_write_items":
                    raise ReadTimeoutError(endpoint_url="https://dynamodb")
                return answer

            return lose

    assert window.now("first", 5) is True
    with pytest.raises(SourceUnavailable):
        window.ledger(Lost(window.dynamodb, 0, lambda: None)).admit("w", ledger_key("w", "ada"), 5, NOW_MS)

    assert window.now("ada", 5) is True
    assert window.ledger().count("w") == window.visitors() == 2
