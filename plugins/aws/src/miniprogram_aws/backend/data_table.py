"""The records of a publisher backend in its DynamoDB table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from miniprogram.backends.cloud.keyed_records import KeyedRecords
from miniprogram.seams.data_store import Key, Leftover, Record
from miniprogram_aws.backend.item_codec import Attribute, to_item, to_record
from miniprogram_aws.sdk.errors import mapped
from miniprogram_s3.errors import redact
from miniprogram_s3.sdk_failures import code_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAUSES_S = (0.2, 0.4, 0.8, 1.6)
"""Before the second to the fifth try of what a batch left over."""
ITEM_AT_FAULT = {"ValidationException", "ItemCollectionSizeLimitExceededException"}

Item = Mapping[str, Attribute]


class DataTable(KeyedRecords):
    """Implements DataStore for one mini-program in the table `name`."""

    batch = 25
    """What one BatchWriteItem takes."""

    def __init__(
        self,
        client: DynamoDBClient,
        name: str,
        program_id: str,
        *,
        region: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(program_id)
        self._client, self.name, self._region, self._pause = client, name, region, pause

    def condition(self) -> Mapping[str, object]:
        with self._asking("look at"):
            status = self._client.describe_table(TableName=self.name)["Table"].get("TableStatus")
        return {"tableStatus": status}

    def count_everything(self) -> int:
        with self._asking("count"):
            pages = self._client.get_paginator("scan").paginate(
                TableName=self.name, Select="COUNT", ConsistentRead=True
            )
            return sum(page["Count"] for page in pages)

    def pages(self, partition: str) -> Iterator[Sequence[Record]]:
        pages = iter(self._query(partition))
        while True:
            with self._asking("read"):
                page = next(pages, None)
            if page is None:
                return
            yield [to_record(item) for item in page["Items"]]

    def require_storable(self, record: Record) -> None:
        to_item(record)

    def exists(self) -> bool:
        with self._asking("look at"):
            try:
                self._client.describe_table(TableName=self.name)
            except ClientError as error:
                if code_of(error) == "ResourceNotFoundException":
                    return False
                raise
        return True

    def remove(self) -> None:
        with self._asking("delete"):
            self._client.delete_table(TableName=self.name)

    def write_batch(self, records: Sequence[Record]) -> list[Leftover]:
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

    def count_partition(self, partition: str) -> int:
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
