"""Spans of answered requests for OpenTelemetry, where the environment says whom they are sent to.

Nothing of OpenTelemetry is imported unless it is asked for; the extra `otel` of this distribution installs it.
What is sampled and how it is sent is said by the variables that OpenTelemetry defines.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from miniprogram.delivery.log_records import MAX_METHOD, MAX_PATH, AnsweredRequest

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from miniprogram_server.request_log import Observer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PACKAGES = "opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http"
TOLD_AGAIN_S = 60.0
MOST_COMPLAINTS = 50
MAX_REASON = 300
LAST_WORDS_S = 2.0
"""How long a server that stops waits for its last spans to be taken."""

Tell = Callable[..., None]
"""`tell(event, level=…, **facts)`."""


def open_tracing(environ: Mapping[str, str], tell: Tell, then: Observer | None = None) -> Tracing | None:
    """What makes a span of each request, and passes it on to `then`; None where nobody is to get them.

    An endpoint without OpenTelemetry installed is told as `tracing_unavailable`, and the server goes on.
    """
    is_off = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    if is_off or not any(environ.get(name, "").strip() for name in ENDPOINTS):
        return None
    tell_complaints(tell)
    try:
        return Tracing(_provider(), then)
    except ImportError as error:
        reason = f"{error.name or error} is not installed: install {PACKAGES}"
        tell("tracing_unavailable", level="WARN", reason=reason)
        return None


def tell_complaints(tell: Tell) -> None:
    """Have what OpenTelemetry itself complains about, such as a collector that is gone, told like all else."""
    logger = logging.getLogger("opentelemetry")
    logger.handlers[:] = [_Complaints(tell)]
    logger.propagate = False


class _Complaints(logging.Handler):
    """Tells a complaint, and the same one again only after a while: a collector is tried every few seconds."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self._told: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        now = time.monotonic()
        if now - self._told.get(record.msg, float("-inf")) < TOLD_AGAIN_S:
            return
        if len(self._told) >= MOST_COMPLAINTS:
            self._told.clear()
        self._told[record.msg] = now
        level = "ERROR" if record.levelno >= logging.ERROR else "WARN"
        self._tell("tracing_trouble", level=level, reason=record.getMessage()[:MAX_REASON])


class Tracing:
    """An observer of requests. `close` sends what is left."""

    def __init__(self, provider: TracerProvider, then: Observer | None = None) -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("miniprogram-server")
        self._then = then
        self._parent_of = TraceContextTextMapPropagator().extract
        self._kind, self._failed = SpanKind.SERVER, Status(StatusCode.ERROR)

    def __call__(self, served: AnsweredRequest) -> None:
        ended = time.time_ns()
        span = self._tracer.start_span(
            f"{served.method[:MAX_METHOD]} {served.route_kind}",
            context=self._parent_of({"traceparent": served.parent}) if served.parent else None,
            kind=self._kind,
            attributes=_attributes(served),
            start_time=ended - int(served.duration_ms * 1e6),
        )
        if served.status >= 500:
            span.set_status(self._failed)
        span.end(ended)
        if self._then is not None:
            self._then(served)

    def close(self) -> None:
        """Send what is left, but wait for nobody who does not take it."""
        ending = threading.Thread(target=self._provider.shutdown, name="tracing-end", daemon=True)
        ending.start()
        ending.join(LAST_WORDS_S)


def _attributes(served: AnsweredRequest) -> dict[str, Any]:
    return {
        "http.request.method": served.method[:MAX_METHOD],
        "http.route": served.route_kind,
        "http.response.status_code": served.status,
        "url.path": served.path[:MAX_PATH],
        "miniprogram.surface": served.surface,
        "miniprogram.reason": served.reason,
        "miniprogram.trace_id": served.trace_id,
    }


def _provider() -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES count more than what is said here
    resource = Resource({SERVICE_NAME: "miniprogram-server"}).merge(Resource.create())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
