"""Refusals: why a host does not get what it asked for, with the status and code it is told."""

from __future__ import annotations

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


def invalid_request(message: str, details: Members | None = None) -> Refusal:
    """The request itself is malformed."""
    return Refusal(400, "invalid_request", message, REQUEST_ERROR, details)


def not_found(message: str, details: Members | None = None) -> Refusal:
    """A program, version, screen or file is not there."""
    return Refusal(404, "artifact_not_found", message, ARTIFACT_ERROR, details)


def broken(message: str, details: Members | None = None) -> Refusal:
    """A stored document is not what it must be."""
    return Refusal(500, "invalid_backend_json", message, ARTIFACT_ERROR, details)
