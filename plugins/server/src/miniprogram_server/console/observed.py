"""Requests to the API and the console as the log knows them: with a trace id, and one line each."""

from __future__ import annotations

import re
from contextvars import ContextVar
from time import perf_counter_ns

from miniprogram.delivery.function.asgi import Receive, Scope, Send
from miniprogram.delivery.http.responses.cached_response import TRACE_HEADER
from miniprogram.delivery.log_records import AnsweredRequest
from miniprogram.logs import get_log
from miniprogram_server.asgi import App
from miniprogram_server.request_log import Observer
from miniprogram_server.serving.refusals import trace_id

log = get_log(__name__)

TRACE: ContextVar[str] = ContextVar("trace_id", default="")
"""The id of the request that is being answered, for what is logged about it."""

_usable = re.compile(r"[A-Za-z0-9._-]{1,80}").fullmatch


class Observed:
    """An ASGI application in front of `app`: its responses name the request, and `log` is told about each.

    What breaks in `app`, which has answered with 500 by itself, is put into the log and goes no further.
    """

    def __init__(self, surface: str, app: App, log: Observer | None) -> None:
        self._surface = surface
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter_ns()
        trace = _trace_id(scope)
        TRACE.set(trace)
        status, has_begun = 500, False

        async def seen(message: Scope) -> None:
            nonlocal status, has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                status = message["status"]
                headers = [each for each in message["headers"] if each[0] != TRACE_HEADER.encode()]
                message = {**message, "headers": [*headers, (TRACE_HEADER.encode(), trace.encode())]}
            await send(message)

        try:
            await self._app(scope, receive, seen)
        except Exception:
            log.exception("request_failed", trace_id=trace, surface=self._surface)
            if not has_begun:
                raise
        finally:
            if self._log is not None:
                took_ms = (perf_counter_ns() - started) / 1e6
                client = str(scope["client"][0]) if scope.get("client") else ""
                kind, path = _shown(scope)
                self._log(
                    AnsweredRequest(
                        trace,
                        kind,
                        scope["method"],
                        path,
                        status,
                        took_ms,
                        self._surface,
                        client,
                        parent=_header(scope, b"traceparent"),
                    )
                )


def _header(scope: Scope, name: bytes) -> str:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found.decode("latin-1")


def _trace_id(scope: Scope) -> str:
    """The caller's, where it is a plain one, or a new one. From here on it is the request's only one."""
    name = TRACE_HEADER.encode()
    given = _header(scope, name).strip()
    if _usable(given):
        return given
    trace = trace_id()
    scope["headers"] = [*(each for each in scope["headers"] if each[0] != name), (name, trace.encode())]
    return trace


_TOLD = frozenset({"programId", "version", "hostApp", "environment", "verb"})
"""Names in a path that are logged. Others may be people's."""


def _shown(scope: Scope) -> tuple[str, str]:
    """The route, with names in braces, by which requests are counted; and the path without names of people."""
    if "endpoint" not in scope:
        return "not_found", scope["path"]
    route = scope["path"].split("/")
    path = list(route)
    start = 0
    for name, value in scope.get("path_params", {}).items():
        if str(value) in route[start:]:
            start = route.index(str(value), start)
            route[start] = f"{{{name}}}"
            if name not in _TOLD:
                path[start] = f"{{{name}}}"
    return "/".join(route), "/".join(path)
