"""JSON bodies: compact encoding, refusals and the error envelope around them (contract, section 1.3)."""

from __future__ import annotations

from json import JSONEncoder
from typing import Any, NamedTuple

REQUEST_ERROR = "request_error"
DELIVERY_ERROR = "manifest_delivery_error"
ARTIFACT_ERROR = "artifact_error"
ACCESS_KEY_ERROR = "access_key_error"
ROUTE_ERROR = "backend_route_error"
CATALOG_ERROR = "mini_program_catalog_error"
SECURE_API_ERROR = "secure_api_error"

Members = dict[str, Any]
"""Members of a JSON object, in the order they are sent."""

# ASCII escapes: a stored lone surrogate stays sendable.
_encode = JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Refusal(NamedTuple):
    """Why a request is not answered with what it asked for.

    `message` names the identifiers concerned and nothing internal. `extra` are further top-level members.
    """

    status: int
    code: str
    message: str
    response_type: str
    details: Members | None = None
    extra: Members | None = None


def to_json(value: Any) -> bytes:
    """`value` as compact JSON, pure ASCII."""
    return _encode(value).encode("ascii")


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


def invalid_request(message: str, details: Members | None = None) -> Refusal:
    """The request itself is malformed."""
    return Refusal(400, "invalid_request", message, REQUEST_ERROR, details)


def not_found(message: str, details: Members | None = None) -> Refusal:
    """A program, version, screen or file is not there."""
    return Refusal(404, "artifact_not_found", message, ARTIFACT_ERROR, details)


def broken(message: str, details: Members | None = None) -> Refusal:
    """A stored document is not what it must be."""
    return Refusal(500, "invalid_backend_json", message, ARTIFACT_ERROR, details)
