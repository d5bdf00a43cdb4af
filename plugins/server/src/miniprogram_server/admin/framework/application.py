"""The Starlette application of the API: translates requests for the service, and its answers back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from miniprogram.errors import MiniProgramError
from miniprogram_server.admin.framework.bodies import (
    JSON,
    MAX_JSON_BYTES,
    MAX_TEXT_BYTES,
    TEXT,
    read_body,
    require_type,
)
from miniprogram_server.admin.framework.idempotency import Answer
from miniprogram_server.admin.framework.operation import PREFIX, Operation
from miniprogram_server.admin.framework.problems import MEDIA_TYPE, Failure, failure_of, report
from miniprogram_server.admin.framework.service import AdminService, HttpRequest
from miniprogram_server.admin.framework.uploads import Upload, saved_body
from miniprogram_server.admin.framework.waiting import UPLOAD_DEADLINE_S, run
from miniprogram_server.serving.threads import WorkerThreads

TRACE_HEADER = "x-backend-trace-id"

_usable_trace_id = re.compile(r"[A-Za-z0-9._-]{1,80}").fullmatch
_ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def admin_app(
    service: AdminService, operations: Sequence[Operation], description: bytes, threads: WorkerThreads
) -> Starlette:
    """The API below PREFIX. `description` is its OpenAPI document, which anybody may read.

    Operations read and write the store: they run in `threads`.
    """
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation

    async def describe(request: Request) -> Response:
        return _response(Answer(200, (("content-type", JSON),), description), _trace_id(request))

    routes = [Route(f"{PREFIX}/openapi.json", describe, methods=["GET"])]
    for path, methods in by_path.items():
        routes.append(Route(PREFIX + path, _Resource(service, methods, threads).answer, methods=list(methods)))
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_route, Exception: _broken})


class _Resource:
    """One path and what can be done there."""

    def __init__(self, service: AdminService, methods: dict[str, Operation], threads: WorkerThreads) -> None:
        self._service = service
        self._threads = threads
        self._methods = methods

    async def answer(self, request: Request) -> Response:
        trace_id = _trace_id(request)
        try:
            answer = await self._answered(request)
        except Failure as failure:
            return _refused(failure, trace_id)
        except MiniProgramError as error:
            return _refused(failure_of(error), trace_id)
        except ClientDisconnect:
            return _refused(Failure(400, "invalid_request", "the body ended early"), trace_id)
        return _response(answer, trace_id)

    async def _answered(self, request: Request) -> Answer:
        operation = self._methods["GET" if request.method == "HEAD" else request.method]
        client = request.client.host if request.client else ""
        service, threads = self._service, self._threads
        authorization = request.headers.get("authorization")
        actor = await run(threads, client, partial(service.admit, authorization, client))
        if operation.takes_text:
            require_type(request, TEXT)
            async with saved_body(request, max_bytes=MAX_TEXT_BYTES) as (upload, digest):
                wanted = _read(request, upload, digest)
                work = partial(service.run, operation, actor, wanted)
                return await run(threads, actor.name, work, deadline_s=UPLOAD_DEADLINE_S)
        body = b""
        if operation.takes_body:
            require_type(request, (JSON,))
            body = await read_body(request, max_bytes=MAX_JSON_BYTES)
        wanted = _read(request, body, sha256(body).digest())
        return await run(threads, actor.name, partial(service.run, operation, actor, wanted))


def _read(request: Request, body: bytes | Upload, digest: bytes) -> HttpRequest:
    headers = request.headers
    return HttpRequest(
        names={name: str(value) for name, value in request.path_params.items()},
        path=request.url.path,
        query_text=request.url.query,
        query=dict(request.query_params),
        body=body,
        digest=digest,
        if_match=headers.get("if-match"),
        if_none_match=headers.get("if-none-match"),
        idempotency_key=headers.get("idempotency-key"),
    )


async def _no_route(request: Request, error: Any) -> Response:
    if error.status_code == 405:
        allow = tuple((error.headers or {}).items())
        message = f"{request.method} is not supported here"
        return _refused(Failure(405, "method_not_allowed", message, headers=allow), _trace_id(request))
    return _refused(Failure(404, "not_found", "there is nothing here"), _trace_id(request))


async def _broken(request: Request, _error: Exception) -> Response:
    return _refused(Failure(500, "internal_error", "the service failed"), _trace_id(request))


def _refused(failure: Failure, trace_id: str) -> Response:
    report(failure, trace_id, "api")
    body = failure.problem(trace_id).model_dump_json(by_alias=True, exclude_none=True)
    headers = (("content-type", MEDIA_TYPE), *failure.headers)
    return _response(Answer(failure.status, headers, body.encode("utf-8", "backslashreplace")), trace_id)


def _response(answer: Answer, trace_id: str) -> Response:
    headers = {**_ALWAYS, **dict(answer.headers), TRACE_HEADER: trace_id}
    return Response(answer.body, answer.status, headers)


def _trace_id(request: Request) -> str:
    """The caller's, where it is a plain one, or a new one."""
    given = request.headers.get(TRACE_HEADER, "").strip()
    return given if _usable_trace_id(given) else f"admin-{secrets.token_hex(8)}"
