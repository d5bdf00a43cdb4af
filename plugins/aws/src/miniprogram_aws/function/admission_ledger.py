"""The admission ledger in a DynamoDB table: counts across every running function, and never lets in one too many.

A window's slots are in a few items, each visitor who got in has an item of its own. Both are written by one
transaction, or neither is: a slot is never taken twice, lost or given to two. Who comes again is only read.

Before there were shards a window had one item that counted. Functions of that time may run beside ours while a
deployment is shifted, or again after one is taken back: they let in whoever comes while that item says fewer than
the limit. So that item stays, and says how many slots are given away: to shards, and by those functions to
visitors. They give none twice, and whom they let in is counted.

Travels in the delivery function's archive, so that at its start it imports nothing but the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

from miniprogram.delivery.documents.remembering_ledger import Contended, Waiting
from miniprogram.delivery.documents.sharded_ledger import Allot, Shard, ShardedLedger, with_more_taken
from miniprogram.delivery.evaluation.errors import SourceUnavailable

SHARDS = 16
"""Items that the slots of a window are shared out among. A transaction over all of them may have 100 items."""
KEY = "id"
"""The table's only key, a text."""
EXPIRY = "expiresAt"
"""What the table's time to live looks at: seconds since the epoch."""
VISITOR_KEPT_S = 400 * 86_400
"""How long somebody stays in, counted from the admission."""
COUNT_KEPT_S = 10 * 366 * 86_400
"""Counted from the last admission. Far longer than any window: a count that is gone would start from nothing."""
_CONTENDED = frozenset({"TransactionConflict"})
_CONTENDED_ERRORS = frozenset({"TransactionConflictException", "TransactionInProgressException"})
_HELD = "ConditionalCheckFailed"

Counts = Mapping[str, int]
"""The numbers of an item, `{"limit": 40, "allotted": 3, "admitted": 1, …}`; empty when it is not there."""
Connect = Callable[[], Any]
"""Makes a DynamoDB client of the SDK. Asked once, when the first window is."""


class DynamoDbLedger(ShardedLedger):
    """An AdmissionLedger over the table `table`. Safe for many threads, processes and machines.

    Raises SourceUnavailable when the table is out of reach, asks to slow down or refuses.
    """

    def __init__(self, connect: Connect, table: str, **waiting: Unpack[Waiting]) -> None:
        super().__init__(table, **waiting)
        self._connect, self._table = connect, table
        self._connected: Any = None

    def is_in(self, window_id: str, key: str) -> bool:
        visitor = _key(_visitor(window_id, key))
        return "Item" in self._ask("get_item", TableName=self._table, Key=visitor, ConsistentRead=True)

    def read_shards(self, window_id: str) -> list[Shard | None]:
        return _as_shards(self._read(window_id))

    def take_slot(self, window_id: str, number: int, limit: int, key: str, now_ms: int) -> None:
        """The SDK's own repeats count once."""
        now_s = now_ms // 1000
        values = {":one": 1, ":limit": limit, f":{EXPIRY}": now_s + COUNT_KEPT_S}
        entered = {"admittedAtMs": now_ms, EXPIRY: now_s + VISITOR_KEPT_S}
        slot = {
            "TableName": self._table,
            "Key": _key(_shard(window_id, number)),
            "UpdateExpression": "SET #admitted = #admitted + :one, #expiresAt = :expiresAt",
            "ConditionExpression": "#admitted < #allotted AND #limit = :limit",
            "ExpressionAttributeNames": {f"#{name}": name for name in (*Shard._fields, EXPIRY)},
            "ExpressionAttributeValues": _numbers(values),
        }
        writes = [self._put(_visitor(window_id, key), entered, {}), {"Update": slot}]
        if self._ask("transact_write_items", TransactItems=writes) is None and not self.is_in(window_id, key):
            raise Contended

    def share_out(self, window_id: str, allot: Allot, now_ms: int) -> list[Shard]:
        """Conditions on all that was read make it one transaction."""
        found = self._read(window_id)
        shared = allot(_as_shards(found))
        expiry = {EXPIRY: now_ms // 1000 + COUNT_KEPT_S}
        rows = zip(_counters(window_id), _as_items(shared, _outside(found)), found, strict=True)
        writes = [self._put(name, {**counts, **expiry}, before) for name, counts, before in rows]
        if self._ask("transact_write_items", TransactItems=writes) is None:
            raise Contended
        return shared

    def _put(self, name: str, counts: Counts, before: Counts) -> dict[str, Any]:
        """Part of a transaction: write an item whose numbers still are as they were read, its expiry aside."""
        names = [each for each in counts if each != EXPIRY]
        held = [f"#{each} = :{each}" if each in before else f"attribute_not_exists(#{each})" for each in names]
        known = {f":{each}": before[each] for each in names if each in before}
        put = {
            "TableName": self._table,
            "Item": {**_key(name), **_numbers(counts)},
            "ConditionExpression": " AND ".join(held),
            "ExpressionAttributeNames": {f"#{each}": each for each in names},
        }
        return {"Put": {**put, "ExpressionAttributeValues": _numbers(known)} if known else put}

    def _read(self, window_id: str) -> list[Counts]:
        """What the window counts with, in the order of `_counters`."""
        names = _counters(window_id)
        asked = {self._table: {"Keys": [_key(name) for name in names], "ConsistentRead": True}}
        answer = self._ask("batch_get_item", RequestItems=asked)
        if answer.get("UnprocessedKeys"):
            raise SourceUnavailable(f"batch_get_item of {self._table}: a part of it was not answered")
        found = {item.pop(KEY)["S"]: item for item in answer["Responses"][self._table]}
        return [{each: int(value["N"]) for each, value in found.get(name, {}).items()} for name in names]

    def _ask(self, operation: str, **asked: Any) -> Any:
        """What the table answers; None when a condition does not hold."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            if self._connected is None:
                self._connected = self._connect()
            return getattr(self._connected, operation)(**asked)
        except ClientError as error:
            self._refuse(operation, error.response)
            return None
        except BotoCoreError as error:
            raise SourceUnavailable(f"{operation} of {self._table}: {type(error).__name__}") from None

    def _refuse(self, operation: str, response: Any) -> None:
        """Raises unless it was a condition that did not hold, and nothing else."""
        code = str(response.get("Error", {}).get("Code", "unknown"))
        reasons = {str(row.get("Code")) for row in response.get("CancellationReasons", ())} - {"None"}
        if code in _CONTENDED_ERRORS or (reasons & _CONTENDED and reasons <= _CONTENDED | {_HELD}):
            raise Contended
        if reasons != {_HELD}:
            raise SourceUnavailable(f"{operation} of {self._table}: {', '.join(sorted(reasons)) or code}")


def open_dynamodb() -> Any:
    """A DynamoDB client for a function: short waits, since its own time is short. The region is the function's."""
    from botocore.config import Config
    from botocore.session import get_session

    retries: Any = {"mode": "standard", "total_max_attempts": 2}
    config = Config(connect_timeout=1, read_timeout=2, retries=retries, user_agent_extra="miniprogram-delivery")
    return get_session().create_client("dynamodb", config=config)


def _visitor(window_id: str, key: str) -> str:
    return f"{key}@{window_id}"


def _shard(window_id: str, number: int) -> str:
    """A visitor's key is 64 digits, so no visitor's item is called so."""
    return f"{number}@{window_id}"


def _counters(window_id: str) -> list[str]:
    """The item of the time before shards first."""
    return [f"@{window_id}", *(_shard(window_id, number) for number in range(SHARDS))]


def _outside(items: Sequence[Counts]) -> int:
    """How many are in without a slot of a shard: functions of the time before shards let them in.

    That item says in `admitted` how many slots are given away, and in `shared` how many of them to shards.
    """
    return items[0].get("admitted", 0) - items[0].get("shared", 0)


def _as_shards(items: Sequence[Counts]) -> list[Shard | None]:
    """Those who are in without a slot of a shard count with the first."""
    shards = [Shard(*(item[name] for name in Shard._fields)) if item else None for item in items[1:]]
    return with_more_taken(shards, _outside(items))


def _as_items(shards: Sequence[Shard], outside: int) -> list[Counts]:
    given = sum(shard.allotted for shard in shards)
    own = [shard._asdict() for shard in with_more_taken(shards, -outside) if shard]
    return [{"admitted": given, "shared": given - outside}, *own]


def _key(name: str) -> dict[str, Any]:
    return {KEY: {"S": name}}


def _numbers(values: Counts) -> dict[str, Any]:
    return {name: {"N": str(value)} for name, value in values.items()}
