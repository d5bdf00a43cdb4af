"""The store of this backend: a DynamoDB table. `backend_keys.py` says how records are keyed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import backend_keys as keys
import boto3
from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import Binary
from botocore.config import Config
from botocore.exceptions import ClientError
from publisher_routes import Redemption

CONFIG = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})


class TableStore:
    """Records of `program_id` in a table. It connects when the first record is asked for."""

    def __init__(self, table_name: str, program_id: str) -> None:
        self._table_name = table_name
        self._app = keys.app_partition(program_id)
        self._redemptions = keys.redemption_partition(program_id)

    def home(self) -> Mapping[str, Any] | None:
        return _payload(self._get(self._app, keys.HOME))

    def session(self) -> Mapping[str, Any] | None:
        return _payload(self._get(self._app, keys.SESSION))

    def coupons(self) -> list[Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for item in self._query_coupons():
            coupon_id = _coupon_id(item)
            if coupon_id not in found or item["sk"] == keys.coupon_key(coupon_id):
                found[coupon_id] = item
        ordered = sorted(found.values(), key=_sort_index)
        return [payload for payload in map(_payload, ordered) if payload is not None]

    def coupon(self, coupon_id: str) -> Mapping[str, Any] | None:
        item = self._get(self._app, keys.coupon_key(coupon_id))
        if item is None and keys.encoded(coupon_id) != coupon_id:
            older = self._get(self._app, keys.raw_coupon_key(coupon_id))
            item = older if older and _coupon_id(older) == coupon_id else None
        return _payload(item)

    def redeem(self, user_id: str, coupon_id: str, at: str) -> Redemption:
        earlier = self._redeemed_by_older_backend(user_id, coupon_id)
        if earlier is not None:
            return earlier
        key = {"pk": self._redemptions, "sk": keys.redemption_key(user_id, coupon_id)}
        payload = {"status": "redeemed", "couponId": coupon_id, "userId": user_id, "redeemedAtUtc": at}
        facts = {"recordType": "redemption", "couponId": coupon_id, "userId": user_id, "createdAtUtc": at}
        try:
            self._table.put_item(
                Item={**key, **facts, "payload": payload},
                ConditionExpression="attribute_not_exists(pk) AND attribute_not_exists(sk)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return _redemption(self._get(key["pk"], key["sk"]) or {}, at)
        return Redemption(first=True, redeemed_at=at)

    @cached_property
    def _table(self) -> Any:
        if not self._table_name:
            raise RuntimeError("PUBLISHER_BACKEND_TABLE_NAME is not set")
        return boto3.resource("dynamodb", config=CONFIG).Table(self._table_name)

    def _redeemed_by_older_backend(self, user_id: str, coupon_id: str) -> Redemption | None:
        raw = keys.raw_redemption_key(user_id, coupon_id)
        if raw == keys.redemption_key(user_id, coupon_id):
            return None
        item = self._get(self._redemptions, raw)
        same = item is not None and (item.get("userId"), item.get("couponId")) == (user_id, coupon_id)
        return _redemption(item, "") if item and same else None

    def _get(self, partition: str, sort_key: str) -> Mapping[str, Any] | None:
        key = {"pk": partition, "sk": sort_key}
        item: Mapping[str, Any] | None = self._table.get_item(Key=key, ConsistentRead=True).get("Item")
        return item

    def _query_coupons(self) -> Iterator[Mapping[str, Any]]:
        condition = Key("pk").eq(self._app) & Key("sk").begins_with(keys.COUPONS)
        more: dict[str, Any] = {}
        while True:
            page = self._table.query(KeyConditionExpression=condition, ConsistentRead=True, **more)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def open_store(environ: Mapping[str, str]) -> TableStore:
    return TableStore(environ.get("PUBLISHER_BACKEND_TABLE_NAME", ""), environ.get("MINI_PROGRAM_ID", ""))


def _redemption(item: Mapping[str, Any], at: str) -> Redemption:
    payload = item.get("payload")
    known = payload.get("redeemedAtUtc") if isinstance(payload, Mapping) else None
    return Redemption(first=False, redeemed_at=str(known or item.get("createdAtUtc") or at))


def _coupon_id(item: Mapping[str, Any]) -> str:
    return str(item.get("couponId") or item["sk"].removeprefix(keys.COUPONS))


def _sort_index(item: Mapping[str, Any]) -> Decimal:
    index = item.get("sortIndex")
    return index if isinstance(index, Decimal) else Decimal(0)


def _payload(item: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    payload = _plain(item.get("payload")) if item else None
    return payload if isinstance(payload, dict) else None


def _plain(value: Any) -> Any:
    """What DynamoDB gives as JSON can say it: numbers as int or float, sets as lists, binary as base64."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, set):
        return sorted((_plain(member) for member in value), key=str)
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return _text(value) if isinstance(value, Binary) else value


def _text(binary: Any) -> str:
    return b64encode(bytes(binary)).decode()
