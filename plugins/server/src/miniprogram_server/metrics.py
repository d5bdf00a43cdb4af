"""What a monitoring system asks for, as Prometheus text: counted while requests are answered, written when asked.

Counting is an addition or two for each request: done here, and not with a library's locks and labels.
"""

from __future__ import annotations

import socket
import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from miniprogram.addresses import Address, parse_host
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.delivery.log_records import AnsweredRequest
from miniprogram.errors import ProcessError, UsageError
from miniprogram_server.request_log import Observer

BOUNDS_MS = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1000.0, 2500.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_DECISIONS = frozenset({"manifest_latest"})

Labels = tuple[tuple[str, str], ...]


class Sample(NamedTuple):
    """A value of a metric now."""

    value: float
    labels: Labels = ()


class Gauge(NamedTuple):
    """A metric that is asked for when it is written. `kind` is `gauge` or `counter`."""

    name: str
    kind: str
    help: str
    read: Callable[[], Iterable[Sample]]


class CountedLedger:
    """A ledger that counts who asked to be let in."""

    def __init__(self, ledger: AdmissionLedger) -> None:
        self._ledger = ledger
        self.has_admitted = ledger.has_admitted
        self.count = ledger.count
        self.asked: Counter[str] = Counter()

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        admitted = self._ledger.admit(window_id, key, limit, now_ms)
        self.asked["admitted" if admitted else "full"] += 1
        return admitted


class Metrics:
    """An observer of requests that counts, and passes each on to `then`."""

    def __init__(self, then: Observer | None = None) -> None:
        self._then = then
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._decisions: Counter[str] = Counter()
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS_MS) + 1))
        self._total_ms: defaultdict[str, float] = defaultdict(float)
        self._gauges: list[Gauge] = []

    def __call__(self, served: AnsweredRequest) -> None:
        self._requests[served.surface, served.route_kind, served.status] += 1
        self._buckets[served.surface][bisect_left(BOUNDS_MS, served.duration_ms)] += 1
        self._total_ms[served.surface] += served.duration_ms
        if served.route_kind in _DECISIONS:
            self._decisions[served.reason] += 1
        if self._then is not None:
            self._then(served)

    def add(self, gauge: Gauge) -> None:
        """Write `gauge`, too."""
        self._gauges.append(gauge)

    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield from _metric(
            "miniprogram_requests_total",
            "counter",
            "Answered requests.",
            (
                Sample(count, (("surface", surface), ("route", route), ("status", str(status))))
                for (surface, route, status), count in sorted(self._requests.copy().items())
            ),
        )
        yield from _metric(
            "miniprogram_decisions_total",
            "counter",
            "Answers to the question which version a host gets, by reason or by the code of the refusal.",
            (Sample(count, (("reason", reason),)) for reason, count in sorted(self._decisions.copy().items())),
        )
        yield from self._durations()
        for gauge in self._gauges:
            yield from _metric(gauge.name, gauge.kind, gauge.help, gauge.read())

    def _durations(self) -> Iterator[str]:
        name = "miniprogram_request_duration_seconds"
        yield f"# HELP {name} Time from a request's head to its answer."
        yield f"# TYPE {name} histogram"
        for surface, counts in sorted(dict(self._buckets).items()):
            so_far = 0
            for bound, count in zip((*BOUNDS_MS, None), tuple(counts), strict=True):
                so_far += count
                limit = "+Inf" if bound is None else f"{bound / 1000:g}"
                yield f'{name}_bucket{{surface="{surface}",le="{limit}"}} {so_far}'
            yield f'{name}_sum{{surface="{surface}"}} {self._total_ms[surface] / 1000!r}'
            yield f'{name}_count{{surface="{surface}"}} {so_far}'


def counted(counts: Callable[[], Mapping[str, int]], label: str) -> Callable[[], list[Sample]]:
    """Reads a count for each value of one label."""
    return lambda: [Sample(count, ((label, name),)) for name, count in sorted(dict(counts()).items())]


def parse_endpoint(text: str) -> Address:
    """`127.0.0.1:9464` or `[::1]:9464`. Raises UsageError."""
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 <= int(port) <= 65535):
        raise UsageError(f"--metrics: {text!r} is no address and port", hint="It looks like 127.0.0.1:9464.")
    try:
        return Address(parse_host(host), int(port))
    except UsageError as error:
        raise UsageError(f"--metrics: {text!r}: {str(error).removeprefix('--host: ')}") from None


def serve_metrics(metrics: Metrics, address: Address, gauges: Iterable[Gauge] = ()) -> ThreadingHTTPServer:
    """Answer `GET /metrics` on an address of its own, in threads of its own; `gauges` are in it, too.

    Raises ProcessError when it cannot listen there.
    """
    for gauge in gauges:
        metrics.add(gauge)

    class Handler(BaseHTTPRequestHandler):
        timeout = 5.0

        def do_GET(self) -> None:
            found = self.path.partition("?")[0] == "/metrics"
            body = metrics.text().encode() if found else b"There is /metrics.\n"
            self.send_response(200 if found else 404)
            self.send_header("content-type", CONTENT_TYPE)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            """Nobody asks who asked."""

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        daemon_threads = True

    try:
        server = Server((address.host, address.port), Handler)
    except OSError as error:
        reason = error.strerror or error
        raise ProcessError(f"--metrics: {address.host}:{address.port} cannot be bound: {reason}") from error
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _metric(name: str, kind: str, text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for value, labels in samples:
        shown = ",".join(f'{label}="{_escaped(content)}"' for label, content in labels)
        number = str(value) if isinstance(value, int) else repr(float(value))  # whole numbers stay whole
        yield f"{name}{{{shown}}} {number}" if shown else f"{name} {number}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
