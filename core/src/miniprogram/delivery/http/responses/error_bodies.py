"""The JSON body of a refusal (contract, section 1.3)."""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import to_json
from miniprogram.delivery.evaluation.refusals import Members, Refusal


def error_body(refusal: Refusal, trace_id: str, *, trace_everywhere: bool) -> bytes:
    """The envelope for `refusal`.

    With `trace_everywhere` the trace id is in `details` and `error.details`, whether there are others or not.
    """
    inner = refusal.details
    if trace_everywhere:
        inner = {**(inner or {}), "traceId": trace_id}
    error: Members = {"code": refusal.code, "message": refusal.message}
    body: Members = {
        "responseType": refusal.response_type,
        "statusCode": refusal.status,
        "errorCode": refusal.code,
        "message": refusal.message,
    }
    if inner is not None:
        body["details"] = {"traceId": trace_id, **inner}
        error["details"] = inner
    return to_json({**body, "error": error, **(refusal.extra or {}), "traceId": trace_id})
