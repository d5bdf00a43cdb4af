"""The admission ledger in a table: the contract, sixteen processes at once, and a table that does not answer."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import ledger_key
from miniprogram.testing.admission_ledger import NOW_MS, AdmissionLedgerContract
from miniprogram_aws.function.admission_ledger import (
    COUNT_KEPT_S,
    SHARDS,
    VISITOR_KEPT_S,
    DynamoDbLedger,
)

PROCESSES, VISITORS_EACH, PLACES = 16, 8, 40
ADA = ledger_key("w", "ada")
LIMIT = 999
"""Of the windows that answers are made up for."""
COME = """
import json, sys
from miniprogram_aws.function.admission_ledger import DynamoDbLedger, open_dynamodb
table, limit, keys = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
ledger = DynamoDbLedger(open_dynamodb, table, patience_s=30)
ledger.count("w")
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([ledger.admit("w", key, limit, 1788000000000) for key in keys]))
"""

MakeLedger = Callable[..., DynamoDbLedger]


@pytest.fixture
def dynamodb(account: Any) -> Any:
    return account.clients().client("dynamodb")


@pytest.fixture
def table(dynamodb: Any) -> str:
    name = f"shop-{secrets.token_hex(6)}-admissions"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return name


class TestDynamoDbLedger(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _table(self, dynamodb: Any, table: str) -> None:
        self.dynamodb, self.name = dynamodb, table

    def make_ledger(self) -> DynamoDbLedger:
        return DynamoDbLedger(lambda: self.dynamodb, self.name, patience_s=30)

    def open_again(self, ledger: object) -> DynamoDbLedger:
        return self.make_ledger()


@pytest.mark.timeout(120)
def test_sixteen_processes_let_in_exactly_as_many_as_there_is_room_for(
    account: Any, dynamodb: Any, table: str
) -> None:
    environ = {**account.environ, "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}
    keys = [[ledger_key("w", f"{one}-{place}") for place in range(VISITORS_EACH)] for one in range(PROCESSES)]
    both = ledger_key("w", "came twice")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", COME, table, str(PLACES), both, *own],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )
        for own in keys
    ]
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.communicate(timeout=90)[0]) for each in running]

    ledger = DynamoDbLedger(lambda: dynamodb, table)
    assert [row[0] for row in told] == [True] * PROCESSES, "the same visitor came to every door"
    assert sum(is_in for row in told for is_in in row[1:]) == PLACES - 1
    assert ledger.count("w") == PLACES
    assert dynamodb.scan(TableName=table, Select="COUNT", ConsistentRead=True)["Count"] == PLACES + 1 + SHARDS
    for own, row in zip(keys, told, strict=True):
        assert [ledger.admit("w", key, PLACES, NOW_MS) for key in own] == row[1:]
    assert ledger.count("w") == PLACES


def test_what_is_kept_names_nobody_and_expires(dynamodb: Any, table: str) -> None:
    DynamoDbLedger(lambda: dynamodb, table).admit("w", ADA, 5, NOW_MS)

    items = {item["id"]["S"]: item for item in dynamodb.scan(TableName=table)["Items"]}
    assert items.pop(f"{ADA}@w") == {
        "id": {"S": f"{ADA}@w"},
        "admittedAtMs": {"N": str(NOW_MS)},
        "expiresAt": {"N": str(NOW_MS // 1000 + VISITOR_KEPT_S)},
    }
    expiry = {"expiresAt": {"N": str(NOW_MS // 1000 + COUNT_KEPT_S)}}
    assert items.pop("@w") == {"id": {"S": "@w"}, "admitted": {"N": "5"}, "shared": {"N": "5"}, **expiry}
    shards = [items.pop(f"{number}@w") for number in range(SHARDS)]
    assert not items
    assert [each["expiresAt"] for each in shards] == [expiry["expiresAt"]] * SHARDS
    assert [sum(int(each[name]["N"]) for each in shards) for name in ("allotted", "admitted")] == [5, 1]


def test_a_table_that_is_missing_is_out_of_reach(dynamodb: Any) -> None:
    ledger = DynamoDbLedger(lambda: dynamodb, "no-such-table")
    for operation, ask in (
        ("get_item", lambda: ledger.admit("w", ADA, 1, NOW_MS)),
        ("get_item", lambda: ledger.has_admitted("w", ADA)),
        ("batch_get_item", lambda: ledger.count("w")),
    ):
        with pytest.raises(SourceUnavailable, match=f"^{operation} of no-such-table: ResourceNotFoundException"):
            ask()


class Scripted:
    """As much of a client as the ledger uses: what it raises or answers, by operation, in turn; counts calls."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers, self.calls = answers, []

    def get_item(self, **asked: Any) -> Any:
        return self._next("get_item")

    def batch_get_item(self, **asked: Any) -> Any:
        shards = [shard_item(number, 999, 10) for number in range(SHARDS)]
        return self._next("batch_get_item") or {"Responses": {"t": shards}}

    def transact_write_items(self, **asked: Any) -> Any:
        return self._next("transact_write_items")

    def _next(self, operation: str) -> Any:
        self.calls.append(operation)
        waiting = self.answers.get(operation, [])
        answer = waiting.pop(0) if waiting else {}
        if isinstance(answer, Exception):
            raise answer
        return answer


def shard_item(number: int, allotted: int, admitted: int) -> dict[str, Any]:
    counts = {"limit": 999, "allotted": allotted, "admitted": admitted}
    return {"id": {"S": f"{number}@w"}, **{name: {"N": str(value)} for name, value in counts.items()}}


def failure(code: str, *reasons: str) -> ClientError:
    response: Any = {"Error": {"Code": code}, "CancellationReasons": [{"Code": reason} for reason in reasons]}
    return ClientError(response, "TransactWriteItems")


def cancelled(*reasons: str) -> ClientError:
    return failure("TransactionCanceledException", *reasons)


def scripted_ledger(client: Scripted) -> tuple[DynamoDbLedger, list[float]]:
    pauses: list[float] = []
    ledger = DynamoDbLedger(lambda: client, "t", patience_s=2, pause=pauses.append, clock=lambda: sum(pauses))
    return ledger, pauses


@pytest.mark.parametrize(
    "problem",
    [
        failure("ThrottlingException"),
        failure("ProvisionedThroughputExceededException"),
        failure("AccessDeniedException"),
        cancelled("None", "ThrottlingError"),
        cancelled("ConditionalCheckFailed", "ProvisionedThroughputExceeded"),
        ConnectTimeoutError(endpoint_url="https://dynamodb"),
    ],
    ids=["throttled", "capacity", "denied", "part", "both", "away"],
)
def test_a_table_in_trouble_lets_nobody_in_and_keeps_who_is_in(problem: Exception) -> None:
    ledger, _ = scripted_ledger(Scripted(transact_write_items=[{}, problem]))
    assert ledger.admit("w", ADA, LIMIT, NOW_MS) is True

    with pytest.raises(SourceUnavailable):
        ledger.admit("w", ledger_key("w", "bob"), LIMIT, NOW_MS)

    assert ledger.admit("w", ADA, LIMIT, NOW_MS) is True


def test_counters_of_which_a_part_is_not_answered_are_out_of_reach() -> None:
    part = {"Responses": {"t": []}, "UnprocessedKeys": {"t": {"Keys": [{"id": {"S": "3@w"}}]}}}
    ledger, _ = scripted_ledger(Scripted(batch_get_item=[part, part]))
    with pytest.raises(SourceUnavailable, match="a part of it was not answered"):
        ledger.admit("w", ADA, LIMIT, NOW_MS)
    with pytest.raises(SourceUnavailable):
        ledger.count("w")


def test_who_is_in_needs_no_write_and_then_no_read() -> None:
    client = Scripted(get_item=[{"Item": {"id": {"S": "x"}}}])
    ledger, _ = scripted_ledger(client)
    assert [ledger.admit("w", ADA, LIMIT, NOW_MS) for _ in range(3)] == [True] * 3
    assert client.calls == ["get_item"]


def test_a_full_window_is_not_written_to_and_who_is_absent_is_asked_for_once() -> None:
    full = {"Responses": {"t": [shard_item(number, 5, 5) for number in range(SHARDS)]}}
    client = Scripted(batch_get_item=[full])
    ledger, _ = scripted_ledger(client)
    keys = [ledger_key("w", str(number)) for number in range(4)]
    assert [ledger.admit("w", key, 5 * SHARDS, NOW_MS) for key in keys * 3] == [False] * 12
    assert (client.calls.count("batch_get_item"), client.calls.count("get_item")) == (1, len(keys) + 1)
    assert "transact_write_items" not in client.calls
    assert ledger.admit("w", keys[0], LIMIT, NOW_MS) is True


def test_a_visitor_who_came_in_elsewhere_meanwhile_is_in() -> None:
    twice = cancelled("ConditionalCheckFailed", "None")
    ledger, _ = scripted_ledger(Scripted(get_item=[{}, {"Item": {}}], transact_write_items=[twice]))
    assert ledger.admit("w", ADA, LIMIT, NOW_MS) is True


def test_who_meets_others_takes_another_shard_and_then_pauses() -> None:
    conflicts = [cancelled("None", "TransactionConflict"), failure("TransactionInProgressException")] * 3
    client = Scripted(transact_write_items=list(conflicts))
    ledger, pauses = scripted_ledger(client)
    assert ledger.admit("w", ADA, LIMIT, NOW_MS) is True
    assert (len(pauses), client.calls.count("transact_write_items")) == (1, 7)


def test_patience_ends() -> None:
    ledger, pauses = scripted_ledger(
        Scripted(transact_write_items=[cancelled("None", "TransactionConflict")] * 9999)
    )
    with pytest.raises(SourceUnavailable, match="same moment"):
        ledger.admit("w", ADA, LIMIT, NOW_MS)
    assert 2.0 <= sum(pauses) < 2.3
