"""The delivery service as a Lambda function: `miniprogram_aws.function.lambda_handler.handler`.

Travels in the function's archive with `miniprogram.delivery`, and needs nothing else but the SDK that Lambda has.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from miniprogram.delivery.documents.kinds import SEGMENT_IDS
from miniprogram.delivery.documents.outage import DEFAULT_STALE_IF_ERROR_S, OutageTolerance, stale_if_error_from
from miniprogram.delivery.documents.profile import Profile, cloud_profile_from
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.routes import find_route
from miniprogram.delivery.http.service import DeliveryService
from miniprogram_aws.function.gateway_events import Event, read_event, to_result
from miniprogram_aws.function.request_log import RequestLog
from miniprogram_aws.function.s3_source import DEFAULT_BUDGET_S, Freshness, S3Source, open_s3

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger

ALWAYS_ASK_SOURCE_S = 1e-9
"""Pointers are asked for every time: the source knows best when to ask S3. Versions are asked for once."""
MARGIN_S = 1.0
"""What is left of a function's time for all but the looks at S3, in seconds."""
TRACE_HEADER = "x-backend-trace-id"


class DeliveryFunction:
    """One running instance of the function: a service over `source`, with its log and who counts admissions."""

    def __init__(
        self,
        source: S3Source,
        profile: Profile,
        log: RequestLog,
        ledger: AdmissionLedger | None = None,
        *,
        stale_if_error_s: float = DEFAULT_STALE_IF_ERROR_S,
    ) -> None:
        self._source, self._profile, self._log = source, profile, log
        self._service = DeliveryService(
            source,
            profile,
            max_staleness_s=ALWAYS_ASK_SOURCE_S,
            report=log.failure,
            ledger=ledger,
            tolerance=OutageTolerance(0.0, stale_if_error_s),  # up to its hard age the source itself goes on
        )

    def answer(self, event: Event, remaining_s: float = float("inf")) -> dict[str, Any]:
        """What a gateway is to send for `event`, in `remaining_s`. Never raises for anything a caller may send."""
        started = time.perf_counter()
        request = read_event(event)
        response = self._handle(request, min(remaining_s - MARGIN_S, DEFAULT_BUDGET_S))
        trace_id = next((value for name, value in response.headers if name == TRACE_HEADER), "")
        self._log.request(request, response, trace_id, time.perf_counter() - started)
        return to_result(response)

    def _handle(self, request: Request, budget_s: float) -> Response:
        self._source.begin_request(budget_s)
        self._source.fetch_together(self._pointers(request))
        return self._service.handle(request)

    def _pointers(self, request: Request) -> tuple[str, ...]:
        """The documents that decide about this request, so that a cold start fetches them at once."""
        route = find_route(request.method, request.path, is_local=False)
        if route.kind == "mini_program_catalog":
            keys = self._profile.layout.keys
            return (keys.program_index_key, keys.metadata_folder)
        names = route.names
        if not names or not is_safe_segment(names[0]):
            return ()
        layout, program_id = self._profile.layout, names[0]
        return (
            layout.keys.access_keys_key(program_id),
            layout.keys.release_document_key(program_id),
            layout.keys.rollout_rules_key(program_id),
            layout.keys.capability_policy_key(program_id),
            layout.pointer_key(program_id),
        )


def open_function(environ: Mapping[str, str]) -> DeliveryFunction:
    """The function that `environ` describes. Raises KeyError without a bucket, ValueError for a blank prefix."""
    bucket = environ["ARTIFACT_BUCKET_NAME"].strip()
    profile = cloud_profile_from(environ)
    lists = profile.layout.keys.folder(SEGMENT_IDS)
    source = S3Source(open_s3(), bucket, Freshness.of(environ), lists_prefix=lists)
    log, ledger = RequestLog.of(environ), _open_ledger(environ)
    return DeliveryFunction(source, profile, log, ledger, stale_if_error_s=stale_if_error_from(environ))


def _open_ledger(environ: Mapping[str, str]) -> AdmissionLedger | None:
    """What counts admissions, when the stack has a table for it. It connects when the first window is asked."""
    table = environ.get("ADMISSION_TABLE_NAME", "").strip()
    if not table:
        return None
    from miniprogram_aws.function.admission_ledger import DynamoDbLedger, open_dynamodb

    return DynamoDbLedger(open_dynamodb, table)


_instances: list[DeliveryFunction] = []


def _remaining_s(context: Any) -> float:
    """What is left of the function's time; plenty where nobody says."""
    remaining_ms = getattr(context, "get_remaining_time_in_millis", None)
    return float("inf") if remaining_ms is None else remaining_ms() / 1000


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Answer an event of an HTTP API, a function URL or a REST API."""
    if not _instances:
        _instances.append(open_function(os.environ))
    return _instances[0].answer(event, _remaining_s(context))


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ and "ARTIFACT_BUCKET_NAME" in os.environ:
    # While a function starts it has a whole processor: what the first request would need is made here.
    _instances.append(open_function(os.environ))
