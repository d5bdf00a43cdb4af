"""The admission ledger in a DynamoDB table: counts across every running function, and never lets in one too many.

A window has one item that counts, each visitor who got in an item of its own. Both are written by one transaction,
or neither is: a place is never taken twice, lost or given to two. Who comes again is only read.

Travels in the delivery function's archive, so that at its start it imports nothing but the engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from miniprogram.delivery.documents.remembering_ledger import PATIENCE_S, Contended, RememberingLedger
from miniprogram.delivery.evaluation.errors import SourceUnavailable

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

Connect = Callable[[], Any]
"""Makes a DynamoDB client of the SDK. Asked once, when the first window is."""


class DynamoDbLedger(RememberingLedger):
    """An AdmissionLedger over the table `table`. Safe for many threads, processes and machines.

    Raises SourceUnavailable when the table is out of reach, asks to slow down or refuses.
    """

    def __init__(
        self,
        connect: Connect,
        table: str,
        *,
        patience_s: float = PATIENCE_S,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(table, patience_s=patience_s, pause=pause, clock=clock)
        self._connect, self._table = connect, table
        self._connected: Any = None

    def is_in(self, window_id: str, key: str) -> bool:
        return self._item(_visitor(window_id, key)) is not None

    def count(self, window_id: str) -> int:
        item = self._item(_counter(window_id))
        return 0 if item is None else int(item["admitted"]["N"])

    def enter(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """As one transaction. The SDK's own repeats count once."""
        if limit < 1:
            return False
        now_s = now_ms // 1000
        writes = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": {
                        KEY: {"S": _visitor(window_id, key)},
                        "admittedAtMs": {"N": str(now_ms)},
                        EXPIRY: {"N": str(now_s + VISITOR_KEPT_S)},
                    },
                    "ConditionExpression": "attribute_not_exists(#id)",
                    "ExpressionAttributeNames": {"#id": KEY},
                }
            },
            {
                "Update": {
                    "TableName": self._table,
                    "Key": {KEY: {"S": _counter(window_id)}},
                    "UpdateExpression": "ADD #admitted :one SET #expiry = :expiry",
                    "ConditionExpression": "attribute_not_exists(#admitted) OR #admitted < :limit",
                    "ExpressionAttributeNames": {"#admitted": "admitted", "#expiry": EXPIRY},
                    "ExpressionAttributeValues": {
                        ":one": {"N": "1"},
                        ":limit": {"N": str(limit)},
                        ":expiry": {"N": str(now_s + COUNT_KEPT_S)},
                    },
                }
            },
        ]
        answer = self._ask("transact_write_items", TransactItems=writes)
        if answer is not None:
            return True
        return self.is_in(window_id, key)  # full, unless the same visitor came in elsewhere

    def _item(self, item_id: str) -> Any:
        answer = self._ask("get_item", TableName=self._table, Key={KEY: {"S": item_id}}, ConsistentRead=True)
        return None if answer is None else answer.get("Item")

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
            said = ", ".join(sorted(reasons)) or code
            raise SourceUnavailable(f"{operation} of {self._table}: {said}")


def open_dynamodb() -> Any:
    """A DynamoDB client for a function: short waits, since its own time is short. The region is the function's."""
    from botocore.config import Config
    from botocore.session import get_session

    config = Config(
        connect_timeout=1,
        read_timeout=2,
        retries={"mode": "standard", "total_max_attempts": 2},
        user_agent_extra="miniprogram-delivery",
    )
    return get_session().create_client("dynamodb", config=config)


def _visitor(window_id: str, key: str) -> str:
    return f"{key}@{window_id}"


def _counter(window_id: str) -> str:
    """No visitor's key is empty, so no visitor's item is called so."""
    return f"@{window_id}"
