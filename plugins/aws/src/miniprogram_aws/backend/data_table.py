"""The records of a publisher backend in its DynamoDB table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from miniprogram.backends.cloud.seeding import coupon_id_of
from miniprogram.errors import MiniProgramError
from miniprogram.seams.data_store import Group, Key, Leftover, Record, RecordCounts, SeedData
from miniprogram_aws.backend import backend_keys
from miniprogram_aws.backend.item_codec import Attribute, to_item, to_record
from miniprogram_aws.sdk.errors import mapped
from miniprogram_s3.errors import redact
from miniprogram_s3.sdk_failures import code_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 25
"""Most items one BatchWriteItem takes."""
PAUSES_S = (0.2, 0.4, 0.8, 1.6)
"""Before the second to the fifth try of what a batch left over."""
ITEM_AT_FAULT = {"ValidationException", "ItemCollectionSizeLimitExceededException"}

Item = Mapping[str, Attribute]


class DataTable:
    """Implements DataStore for one mini-program in the table `name`."""

    entries = "items"

    def __init__(
        self,
        client: DynamoDBClient,
        name: str,
        program_id: str,
        *,
        region: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client, self.name, self._region, self._pause = client, name, region, pause
        self._app = backend_keys.app_partition(program_id)
        self._redemptions = backend_keys.redemption_partition(program_id)
        self._groups: dict[object, Group] = {self._app: "app", self._redemptions: "redemptions"}

    def condition(self) -> Mapping[str, object]:
        with self._asking("look at"):
            status = self._client.describe_table(TableName=self.name)["Table"].get("TableStatus")
        return {"tableStatus": status}

    def count(self) -> RecordCounts:
        return RecordCounts(self._count_partition(self._app), self._count_partition(self._redemptions))

    def count_everything(self) -> int:
        with self._asking("count"):
            pages = self._client.get_paginator("scan").paginate(
                TableName=self.name, Select="COUNT", ConsistentRead=True
            )
            return sum(page["Count"] for page in pages)

    def read(self, group: Group) -> Iterator[Record]:
        partition = self._app if group == "app" else self._redemptions
        pages = iter(self._query(partition))
        while True:
            with self._asking("read"):
                page = next(pages, None)
            if page is None:
                return
            yield from map(to_record, page["Items"])

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
        to_item(record)  # what a table cannot hold is found before anything is written
        return group

    def key_of(self, record: Record) -> Key:
        return (record["pk"], record["sk"])

    def write(self, records: Sequence[Record]) -> list[Leftover]:
        left: list[Leftover] = []
        for start in range(0, len(records), BATCH):
            chunk = records[start : start + BATCH]
            try:
                left += self._write_batch(chunk)
            except MiniProgramError as error:
                if start == 0 and not left:
                    raise  # nothing was stored: that is no half-done work to tell key by key
                reason = str(error)
                return left + [Leftover(self.key_of(record), reason) for record in records[start:]]
        return left

    def discard(self, *, confirmed: bool) -> Literal["removed", "kept", "gone"]:
        if not self._exists():
            return "gone"
        if not confirmed and self.count_everything():
            return "kept"
        with self._asking("delete"):
            self._client.delete_table(TableName=self.name)
        return "removed"

    def _exists(self) -> bool:
        with self._asking("look at"):
            try:
                self._client.describe_table(TableName=self.name)
            except ClientError as error:
                if code_of(error) == "ResourceNotFoundException":
                    return False
                raise
        return True

    def _write_batch(self, records: Sequence[Record]) -> list[Leftover]:
        waiting = {self.key_of(record): to_item(record) for record in records}
        for pause in (*PAUSES_S, None):
            try:
                waiting = self._put_many(waiting)
            except _ItemRefused:
                return self._put_each(waiting)
            if not waiting or pause is None:
                break
            self._pause(pause)
        return [Leftover(key, "the table has no capacity for it now") for key in waiting]

    def _put_many(self, items: Mapping[Key, Any]) -> dict[Key, Any]:
        """Write a batch; what of it was left over."""
        requests: Any = [{"PutRequest": {"Item": item}} for item in items.values()]
        with self._asking("write to"), _refusals():
            response = self._client.batch_write_item(RequestItems={self.name: requests})
        left: list[Any] = list(response.get("UnprocessedItems", {}).get(self.name, ()))
        left_items = [request["PutRequest"]["Item"] for request in left if "PutRequest" in request]
        return {key: items[key] for key in ((item["pk"]["S"], item["sk"]["S"]) for item in left_items)}

    def _put_each(self, items: Mapping[Key, Any]) -> list[Leftover]:
        """A batch is refused whole for one bad item: find out which."""
        left = []
        for key, item in items.items():
            try:
                with self._asking("write to"), _refusals():
                    self._client.put_item(TableName=self.name, Item=item)
            except _ItemRefused as refused:
                left.append(Leftover(key, str(refused)))
        return left

    def _count_partition(self, partition: str) -> int:
        with self._asking("count"):
            return sum(page["Count"] for page in self._query(partition, Select="COUNT"))

    def _query(self, partition: str, **more: Any) -> Iterator[Any]:
        pages: Any = self._client.get_paginator("query").paginate(
            TableName=self.name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            **more,
        )
        return iter(pages)

    def _asking(self, doing: str) -> AbstractContextManager[None]:
        resource = f"the table {self.name}"
        return mapped(f"{doing} {resource}", resource=resource, region=self._region)


class _ItemRefused(Exception):  # noqa: N818 - it never leaves this module
    """The service refused an item for what is in it."""


@contextmanager
def _refusals() -> Iterator[None]:
    """Tells an item at fault from everything else that may go wrong."""
    try:
        yield
    except ClientError as error:
        if code_of(error) not in ITEM_AT_FAULT:
            raise
        said = redact(str(error.response["Error"].get("Message", ""))).rstrip(".")
        raise _ItemRefused(said or code_of(error)) from None
