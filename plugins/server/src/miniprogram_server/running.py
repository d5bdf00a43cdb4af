"""One process that serves: the application and what stands around it, put together and run."""

from __future__ import annotations

import os
import platform
import socket
import ssl
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from miniprogram.delivery.http.service import Reporter
from miniprogram.logs import send_records_to
from miniprogram_server.app import Served, delivery_app
from miniprogram_server.following import ChangeFollower
from miniprogram_server.front import Front
from miniprogram_server.health import Health, Watch
from miniprogram_server.metrics import CountedLedger, Gauge, Metrics, Sample, counted, serve_metrics
from miniprogram_server.proxies import NOBODY, PublicOrigin, TrustedProxies
from miniprogram_server.request_log import Observer, RequestLog
from miniprogram_server.serving.limits import limits, raise_descriptor_limit
from miniprogram_server.serving.notices import Notices
from miniprogram_server.serving.server import BoundedServer, run_server
from miniprogram_server.serving.shared_state import SharedState
from miniprogram_server.serving.threads import WorkerThreads
from miniprogram_server.tracing import open_tracing

if TYPE_CHECKING:
    from miniprogram.addresses import Address
    from miniprogram.clock import Clock
    from miniprogram.delivery.documents.cache.snapshot import DocumentSnapshot
    from miniprogram.documents.environment_storage import EnvironmentStorage
    from miniprogram.seams.screen_frame import ScreenFrame
    from miniprogram_server.asgi import DeliveryApp
    from miniprogram_server.console.accounts.settings import AccountSignIn
    from miniprogram_server.console.mounting import AdministeredDelivery
    from miniprogram_server.notifying.networks import Network
    from miniprogram_server.notifying.notifier import Notifier


NO_WINDOW = "watch:-"
"""Asked for to see whether the ledger answers. Before the colon stands a mini-program; none has this window."""
SWITCH_S = 0.001
"""How long the loop may keep the interpreter from a thread that waits for it: a fifth of the default."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How a server shows itself to the outside, apart from where it listens."""

    proxies: TrustedProxies = NOBODY
    origin: PublicOrigin | None = None
    tls: ssl.SSLContext | None = None
    connections_per_address: int | None = None
    metrics: Address | None = None
    """Where figures are given, apart from where hosts ask."""
    notice_networks: tuple[Network, ...] | None = None
    """Which addresses notices may be sent to, beside public ones; None: this process sends none."""


@dataclass(frozen=True, slots=True)
class Logging:
    """What a server writes about its requests, and where. Events are always written."""

    stream: TextIO
    requests: bool = True
    sample: float = 1.0


def run_process(
    served: Served,
    administered: EnvironmentStorage | None,
    listeners: Sequence[socket.socket],
    *,
    exposure: Exposure,
    logging: Logging,
    now: Clock,
    shared: Path | None = None,
    accounts: AccountSignIn | None = None,
    set_up: str | None = None,
    frame: Callable[[], ScreenFrame] | None = None,
) -> None:
    """Serve on `listeners` until a signal, `administered` with the console and its API.

    `shared` is the database of what processes of one server remember together; None: this one serves alone.
    `frame` makes what draws screens in the console; None: nothing does.

    Raises KeyboardInterrupt after SIGINT, SystemExit(0) after SIGTERM or SIGHUP, once the log is written.
    """
    log = RequestLog(logging.stream, requests=logging.requests, sample=logging.sample)
    send_records_to(log.add)
    written = log if logging.requests else None
    tracing = open_tracing(os.environ, log.event, written)
    metrics = None if exposure.metrics is None else Metrics(tracing or written)
    observe: Observer | None = metrics or tracing or written
    ledger = None if metrics is None or served.ledger is None else CountedLedger(served.ledger)
    if ledger is not None:
        served = replace(served, ledger=ledger)
    notices = Notices(log.event)
    watch = Watch("store", lambda: served.source.marker(served.profile.layout.catalog_prefix), log.event)
    ledger_watch = _ledger_watch(served, log)
    health = Health(watch, ledger_watch)
    threads = WorkerThreads("delivery")
    delivery = delivery_app(served, observe, report=_reporter(log, administered), threads=threads)
    notifier = _notifier(administered, exposure, log, now)
    app, app_now = delivery, delivery.answer_now
    hears: list[Callable[[Iterable[str] | None], None]] = [delivery.changed]
    if notifier is not None:
        hears.append(notifier.changed)
    stops: list[Callable[[], None]] = []
    if administered is not None:
        whole = _with_console(
            delivery,
            administered,
            now=now,
            log=observe,
            state=SharedState(shared),
            accounts=accounts,
            origin=None if exposure.origin is None else str(exposure.origin),
            set_up=set_up,
            frame=frame,
        )
        app, app_now = whole, whole.answer_now  # type: ignore[assignment]
        hears.append(whole.changed)
        stops.append(whole.stop)
    follower = _follower(served, hears, log) or _watcher(administered, hears[-1], log)
    front = Front(app, app_now, health, proxies=exposure.proxies, origin=exposure.origin, note=notices.note)

    def stop() -> None:
        health.is_draining = True
        for each in stops:
            each()

    def last_words() -> None:
        if tracing is not None:
            tracing.close()
        log.close()

    server = BoundedServer(
        front,
        limits(descriptors=raise_descriptor_limit(), per_address=exposure.connections_per_address),
        notices,
        answer_now=front.answer_now,
        is_proxy=exposure.proxies.includes,
        tls=exposure.tls,
        on_stop=stop,
        last_words=last_words,
    )
    if metrics is not None and exposure.metrics is not None:
        gauges = (*_state(server, front, watch, served.snapshot), *_work(threads, notices, ledger))
        serve_metrics(metrics, exposure.metrics, (*gauges, *_changes(None if served.feed is None else follower)))
    sys.setswitchinterval(SWITCH_S)
    for each in filter(None, (watch, ledger_watch)):
        each.start()
    try:
        with (
            nullcontext() if follower is None else follower.following(),
            nullcontext() if notifier is None else notifier.notifying(),
        ):
            run_server(server, listeners)
    finally:
        notices.tell(now=True)
        last_words()


def _with_console(
    delivery: DeliveryApp,
    administered: EnvironmentStorage,
    *,
    frame: Callable[[], ScreenFrame] | None,
    **settings: Any,
) -> AdministeredDelivery:
    """`delivery` with the console and its API beside it; `settings` are those of AdministeredDelivery."""
    from miniprogram_server.console.frames.runtime_files import RuntimeFiles  # deferred: the web framework
    from miniprogram_server.console.mounting import AdministeredDelivery

    return AdministeredDelivery(delivery, administered, runtime=RuntimeFiles(frame), **settings)


def _reporter(log: RequestLog, administered: EnvironmentStorage | None) -> Reporter:
    """Who is told of what delivery could not do: the log, and the index that lists of people are made from."""
    if administered is None:
        return log.failure
    from miniprogram_server.damage import DamageNotes  # deferred: a server without lists does without

    return DamageNotes(administered, log.failure)


def _state(server: BoundedServer, front: Front, watch: Watch, snapshot: DocumentSnapshot | None) -> list[Gauge]:
    """What the server is like now."""
    build = [Sample(1, (("version", version("miniprogram-server")), ("python", platform.python_version())))]
    silent = lambda: [] if watch.silent_s is None else [Sample(watch.silent_s)]  # noqa: E731
    open_now = lambda: [Sample(len(server.connections))]  # noqa: E731
    gauges = [] if snapshot is None else [_snapshot_age(snapshot)]
    return [
        *gauges,
        Gauge("miniprogram_build_info", "gauge", "The version that runs.", lambda: build),
        Gauge("miniprogram_connections", "gauge", "Open connections.", open_now),
        Gauge(
            "miniprogram_connections_limit",
            "gauge",
            "Connections there may be.",
            lambda: [Sample(server.connections.limits.connections)],
        ),
        Gauge(
            "miniprogram_requests_in_flight",
            "gauge",
            "Requests being answered that wait for something.",
            lambda: [Sample(front.in_flight)],
        ),
        Gauge(
            "miniprogram_store_answered_seconds_ago",
            "gauge",
            "How old the store's last answer is: what is known may be as old.",
            silent,
        ),
        Gauge(
            "miniprogram_store_failures_total",
            "counter",
            "Looks at the store that failed.",
            lambda: [Sample(watch.failures)],
        ),
    ]


def _snapshot_age(snapshot: DocumentSnapshot) -> Gauge:
    def read() -> list[Sample]:
        age_s = snapshot.age_s()
        return [] if age_s is None else [Sample(age_s)]

    text = "Since anything in the snapshot on disk was last known to be so: a restart knows nothing newer."
    return Gauge("miniprogram_snapshot_age_seconds", "gauge", text, read)


def _ledger_watch(served: Served, log: RequestLog) -> Watch | None:
    """Who looks at what counts admissions; None where nothing does."""
    ledger = served.ledger
    return None if ledger is None else Watch("ledger", lambda: ledger.count(NO_WINDOW), log.event)


def _notifier(
    administered: EnvironmentStorage | None, exposure: Exposure, log: RequestLog, now: Clock
) -> Notifier | None:
    """Who tells subscribers what happens; None where this process does not."""
    if administered is None or exposure.notice_networks is None:
        return None
    from miniprogram_server.notifying.notifier import Notifier  # deferred: of one process of an environment
    from miniprogram_server.notifying.webhook import Poster

    return Notifier(administered, Poster(exposure.notice_networks), log.event, now=now)


def _follower(
    served: Served, hears: Sequence[Callable[[Iterable[str] | None], None]], log: RequestLog
) -> ChangeFollower | None:
    """Who passes on what changes in the store; None where nothing tells."""
    if served.feed is None:
        return None

    def changed(keys: Iterable[str] | None) -> None:
        for hear in hears:
            hear(keys)

    return ChangeFollower(served.feed, served.profile.layout.keys, changed, log.event)


def _watcher(
    administered: EnvironmentStorage | None, changed: Callable[[Iterable[str] | None], None], log: RequestLog
) -> ChangeFollower | None:
    """For pages of the console, where delivery looks so often that it needs no feed."""
    if administered is None:
        return None
    from miniprogram.documents.polled_changes import PolledChanges  # deferred: a server without pages does without

    feed = PolledChanges(administered.store, administered.keys)
    return ChangeFollower(feed, administered.keys, changed, log.event)


def _changes(follower: ChangeFollower | None) -> list[Gauge]:
    """What was told of the store."""
    if follower is None:
        return []
    is_up = lambda: [Sample(float(follower.problem is None))]  # noqa: E731
    up = "Whether changes of the store are told; they are found by their age in any case."
    heard = "Changes of the store that were told."
    return [
        Gauge("miniprogram_change_feed_up", "gauge", up, is_up),
        Gauge("miniprogram_changes_heard_total", "counter", heard, lambda: [Sample(follower.heard)]),
    ]


def _work(threads: WorkerThreads, notices: Notices, ledger: CountedLedger | None) -> list[Gauge]:
    """What waits, what was refused, and who was let in."""
    gauges = [
        Gauge(
            "miniprogram_threads_busy",
            "gauge",
            "Threads that work, or wait for the store.",
            lambda: [Sample(threads.running)],
        ),
        Gauge(
            "miniprogram_queue_length",
            "gauge",
            "Requests that wait for a thread.",
            lambda: [Sample(threads.waiting)],
        ),
        Gauge(
            "miniprogram_connections_refused_total",
            "counter",
            "Connections and requests refused, ended or closed, by reason.",
            counted(lambda: notices.totals, "reason"),
        ),
    ]
    if ledger is not None:
        text = "Visitors who asked for a place in a window."
        gauges.append(
            Gauge("miniprogram_admissions_total", "counter", text, counted(lambda: ledger.asked, "result"))
        )
    return gauges


def log_stream(*, requests: bool) -> TextIO:
    """Where lines go: stdout is for requests, and for events beside them; without them events go to stderr."""
    return sys.stdout if requests else sys.stderr
