"""Answers that need no document: health, what is no route, and what failed."""

from __future__ import annotations

from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.refusals import ROUTE_ERROR, Refusal, invalid_request
from miniprogram.delivery.http.messages import Response
from miniprogram.delivery.http.responses.cors import ALLOWED_METHODS
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder
from miniprogram.delivery.http.routes import Route

_SEGMENT_LABELS = ("miniProgramId", "version", "screenId")

UNREACHABLE = Refusal(
    503, "backend_unreachable", "The store of this delivery service gives no answer.", ROUTE_ERROR
)
"""Hosts fall back to their own copies on this code (contract, section 10.5)."""

INTERNAL = Refusal(500, "internal_error", "The delivery service failed.", ROUTE_ERROR)


def invalid_name(names: tuple[str, ...]) -> Refusal | None:
    """The first name of a path that is not a safe segment, as a refusal."""
    for label, name in zip(_SEGMENT_LABELS, names, strict=False):
        if not is_safe_segment(name):
            return invalid_request(
                f"Path segment {label} must be letters, digits, '.', '_' and '-' only, and not '.' or '..'."
            )
    return None


def answer_health(builder: ResponseBuilder) -> Response:
    """`GET /health`: that this process answers."""
    return builder.json(
        200,
        {
            "responseType": "health",
            "statusCode": 200,
            "status": "ok",
            "service": builder.profile.service,
        },
    )


def refuse_route(builder: ResponseBuilder, route: Route) -> Response:
    """The answer to a method and path that mean no route."""
    method, path = builder.request.method, builder.request.path
    if route.kind == "unsupported_method":
        message = f"{method} is not supported here; use GET."
        refusal = Refusal(405, "method_not_allowed", message, ROUTE_ERROR)
        return builder.refuse(refusal, (("allow", ALLOWED_METHODS),))
    if route.kind == "not_implemented":
        return builder.refuse(Refusal(501, "not_implemented", f"{path} is not implemented here.", ROUTE_ERROR))
    if route.kind == "invalid":
        return builder.refuse(invalid_request(f"The path {path} has an invalid percent escape."))
    shown = path.removeprefix("/") if builder.profile.is_local else path
    return builder.refuse(Refusal(404, "not_found", f"There is nothing at {shown or '/'}.", ROUTE_ERROR))
