"""The delivery service as a Lambda function: `miniprogram_aws.function.lambda_handler.handler`.

Travels in the function's archive with `miniprogram.delivery`, and needs nothing else but the SDK that Lambda has.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram_aws.function.front_door import FrontDoor
from miniprogram_aws.function.gateway_events import Event, read_event, to_result
from miniprogram_aws.function.s3_objects import MAX_OBJECT_BYTES, S3Objects, open_s3

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger


def open_objects(environ: Mapping[str, str]) -> S3Objects:
    """The bucket that `environ` names, and whose it is to be. Raises KeyError without one."""
    bucket, owner = environ["ARTIFACT_BUCKET_NAME"].strip(), environ.get("ARTIFACT_BUCKET_OWNER", "").strip()
    return S3Objects(open_s3(), bucket, owner)


def open_function(environ: Mapping[str, str]) -> DeliveryFunction:
    """The function that `environ` describes. Raises KeyError without a bucket, ValueError for a blank prefix."""
    ledger = _open_ledger(environ)
    return DeliveryFunction.of(environ, open_objects(environ), max_bytes=MAX_OBJECT_BYTES, ledger=ledger)


def _open_ledger(environ: Mapping[str, str]) -> AdmissionLedger | None:
    """What counts admissions, when the stack has a table for it. It connects when the first window is asked."""
    table = environ.get("ADMISSION_TABLE_NAME", "").strip()
    if not table:
        return None
    from miniprogram_aws.function.admission_ledger import DynamoDbLedger, open_dynamodb

    return DynamoDbLedger(open_dynamodb, table)


_instances: list[tuple[DeliveryFunction, FrontDoor]] = []


def answer(
    function: DeliveryFunction,
    event: Event,
    remaining_s: float = float("inf"),
    door: FrontDoor = FrontDoor(),  # noqa: B008 - it never changes
) -> dict[str, Any]:
    """What a gateway is to send for `event`, in `remaining_s`."""
    request = read_event(event)
    refusal = door.refusal(request.headers)
    if refusal is not None:
        return to_result(refusal)
    client = door.client(request.headers, request.client)
    return to_result(function.answer(request._replace(client=client), remaining_s))


def _open(environ: Mapping[str, str]) -> tuple[DeliveryFunction, FrontDoor]:
    return open_function(environ), FrontDoor.of(environ)


def _remaining_s(context: Any) -> float:
    """What is left of the function's time; plenty where nobody says."""
    remaining_ms = getattr(context, "get_remaining_time_in_millis", None)
    return float("inf") if remaining_ms is None else remaining_ms() / 1000


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Answer an event of an HTTP API, a function URL or a REST API."""
    if not _instances:
        _instances.append(_open(os.environ))
    function, door = _instances[0]
    return answer(function, event, _remaining_s(context), door)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ and "ARTIFACT_BUCKET_NAME" in os.environ:
    # While a function starts it has a whole processor: what the first request would need is made here.
    _instances.append(_open(os.environ))
