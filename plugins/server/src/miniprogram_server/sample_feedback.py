"""`POST /api/secure/feedback/submit`, a sample of a protected endpoint. Nothing is stored."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from miniprogram.delivery.documents.cache.document import Document, parse_object
from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.contents.json_members import required_text, text_list
from miniprogram.delivery.documents.kinds import SECURE_API_POLICY
from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import SECURE_API_ERROR, Members, Refusal
from miniprogram.delivery.http.messages import Response, header_value
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder
from miniprogram.delivery.http.service import PostRoute

MAX_BODY_BYTES = 64 * 1024
"""Longest submission that is read."""

POLICY_KEY = local_keys().key(SECURE_API_POLICY, "feedback_submit")
_ENDPOINT = "feedback/submit"
_REQUIRED_HEADERS = ("x-host-app", "x-host-version", "x-host-user-id", "authorization")
_PREVIEW_UNITS = 80


class FeedbackPolicy(NamedTuple):
    """`secure-api-policies/feedback_submit.json`."""

    endpoint: str
    allowed_methods: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    allowed_sources: tuple[str, ...]
    blocked_users: tuple[str, ...]
    expired_token_prefixes: tuple[str, ...]
    minimum_length: int
    """Of the trimmed message, in UTF-16 code units."""


class _Caller(NamedTuple):
    host_app: str
    host_version: str
    user_id: str
    authorization: str


class _Refused(Exception):  # noqa: N818 - carries an answer
    def __init__(self, status: int, code: str, message: str, details: Members | None = None) -> None:
        super().__init__(message)
        self.refusal = Refusal(status, code, message, SECURE_API_ERROR, details)


def answer_feedback(builder: ResponseBuilder, documents: DocumentCache, now_ns: int) -> Response:
    """201 with what would have been queued, or the first check that failed."""
    endpoint = _ENDPOINT
    try:
        policy = _policy(documents.document(POLICY_KEY))
        endpoint = policy.endpoint
        caller = _authorized_caller(builder, policy)
        source, message, payload = _submission(builder.request.body, policy)
    except _Refused as refused:
        refusal = refused.refusal._replace(extra={"endpoint": endpoint})
        allowed = (("allow", header_value(", ".join(policy.allowed_methods))),) if refusal.status == 405 else ()
        return builder.refuse(refusal, allowed)
    result: Members = {
        "submissionId": f"{caller.host_app}_{now_ns // 1_000_000}",
        "status": "accepted" if caller.host_app == "super_app_host" else "queued",
        "hostApp": caller.host_app,
        "hostVersion": caller.host_version,
        "userId": caller.user_id,
        **_named("tenantId", (builder.header("x-host-tenant-id") or "").strip()),
        "source": source,
        **_named("flow", payload.get("flow")),
        "messagePreview": _first_units(message, _PREVIEW_UNITS),
    }
    body: Members = {
        "responseType": "secure_api_result",
        "statusCode": 201,
        "endpoint": endpoint,
        "message": "The feedback was received.",
        **result,
        "result": result,
    }
    return builder.json(201, body, (("x-secure-endpoint", header_value(endpoint)),))


def compile_feedback_policy(document: Document) -> FeedbackPolicy:
    """Raises BrokenDocument naming the member that has the wrong type."""
    members = parse_object(document, unique_keys=True)
    minimum = members.get("minimumMessageLength")
    if minimum is None:
        minimum = 12
    if not isinstance(minimum, int) or isinstance(minimum, bool):
        raise BrokenDocument(document.key, "minimumMessageLength must be a whole number")
    methods = text_list(document, members, "allowedMethods", ("POST",))
    return FeedbackPolicy(
        required_text(document, members, "endpoint"),
        tuple(method.upper() for method in methods),
        text_list(document, members, "allowedHosts"),
        text_list(document, members, "allowedSources"),
        text_list(document, members, "blockedUserIds"),
        text_list(document, members, "expiredAccessTokenPrefixes", ("expired-",)),
        minimum,
    )


def _policy(document: Document | None) -> FeedbackPolicy:
    if document is None:
        raise _Refused(500, "invalid_backend_json", "The policy of feedback/submit does not exist.")
    try:
        return document.compiled(compile_feedback_policy)
    except BrokenDocument as error:
        message = f"The policy of feedback/submit cannot be used: {error.reason}."
        raise _Refused(500, "invalid_backend_json", message, {"reason": error.reason}) from error


def _authorized_caller(builder: ResponseBuilder, policy: FeedbackPolicy) -> _Caller:
    if "POST" not in policy.allowed_methods:
        raise _Refused(405, "method_not_allowed", f"{policy.endpoint} does not take POST.")
    values = [(builder.header(name) or "").strip() for name in _REQUIRED_HEADERS]
    missing = [name for name, value in zip(_REQUIRED_HEADERS, values, strict=True) if not value]
    if missing:
        message = f"{policy.endpoint} needs the headers {', '.join(missing)}."
        raise _Refused(401, "secure_api_unauthorized", message, {"missingHeaders": missing})
    caller = _Caller(*values)
    _check_token(caller, policy)
    _check_caller(caller, policy, tells_hosts=not builder.profile.strictness.hides_allow_lists)
    return caller


def _check_token(caller: _Caller, policy: FeedbackPolicy) -> None:
    token = caller.authorization.removeprefix("Bearer ").strip()
    if not caller.authorization.startswith("Bearer ") or not token:
        raise _Refused(401, "secure_api_unauthorized", "authorization must be 'Bearer ' and an access token.")
    if token.startswith(policy.expired_token_prefixes):
        details = {"hostApp": caller.host_app, "hostUserId": caller.user_id}
        message = f"The session of user {caller.user_id} on {caller.host_app} has expired."
        raise _Refused(401, "secure_api_session_expired", message, details)


def _check_caller(caller: _Caller, policy: FeedbackPolicy, *, tells_hosts: bool) -> None:
    if caller.host_app not in policy.allowed_hosts:
        details: Members = {"hostApp": caller.host_app, "reason": "host_not_allowlisted"}
        if tells_hosts:
            details["allowedHosts"] = list(policy.allowed_hosts)
        raise _Refused(403, "secure_api_forbidden", f"Host {caller.host_app} may not call this endpoint.", details)
    if caller.user_id in policy.blocked_users:
        details = {"hostApp": caller.host_app, "hostUserId": caller.user_id, "reason": "user_blocked"}
        raise _Refused(403, "secure_api_forbidden", f"User {caller.user_id} may not call this endpoint.", details)


def _submission(body: bytes, policy: FeedbackPolicy) -> tuple[str, str, dict[str, Any]]:
    """Source, trimmed message and the whole payload."""
    payload = _payload(body)
    missing = [name for name in ("source", "message") if not _is_text(payload.get(name))]
    if missing:
        message = f"The body needs {' and '.join(missing)} as non-blank text."
        raise _Refused(400, "secure_api_invalid_payload", message, {"missingFields": missing})
    source, text = payload["source"].strip(), payload["message"].strip()
    if source not in policy.allowed_sources:
        details: Members = {
            "source": source,
            "reason": "source_not_allowlisted",
            "allowedSources": list(policy.allowed_sources),
        }
        raise _Refused(403, "secure_api_forbidden", f"Source {source} may not submit feedback.", details)
    if _units(text) < policy.minimum_length:
        details = {"field": "message", "minimumLength": policy.minimum_length}
        message = f"message must have at least {policy.minimum_length} characters."
        raise _Refused(400, "secure_api_validation_failed", message, details)
    return source, text, payload


def _payload(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY_BYTES:
        message = f"The body is longer than {MAX_BODY_BYTES} bytes."
        raise _Refused(400, "secure_api_invalid_payload", message, {"maximumBytes": MAX_BODY_BYTES})
    try:
        payload = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _Refused(400, "secure_api_invalid_payload", "The body is not JSON.", {"reason": reason}) from None
    if not isinstance(payload, dict):
        raise _Refused(400, "secure_api_invalid_payload", "The body must be a JSON object.")
    return payload


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _named(name: str, value: object) -> Members:
    return {name: value.strip()} if isinstance(value, str) and value.strip() else {}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _first_units(text: str, count: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * count].decode("utf-16-le", "surrogatepass")


FEEDBACK_ROUTE = PostRoute("/api/secure/feedback/submit", "secure_feedback_submit", answer_feedback)
