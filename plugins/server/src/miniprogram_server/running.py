"""One process that serves: the application and what stands around it, put together and run."""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from miniprogram_server.app import Served, delivery_app
from miniprogram_server.front import Front
from miniprogram_server.health import Health, StoreWatch
from miniprogram_server.proxies import NOBODY, PublicOrigin, TrustedProxies
from miniprogram_server.request_log import RequestLog
from miniprogram_server.serving.limits import limits, raise_descriptor_limit
from miniprogram_server.serving.notices import Notices
from miniprogram_server.serving.server import BoundedServer, run_server

if TYPE_CHECKING:
    from miniprogram.clock import Clock
    from miniprogram.documents.environment_storage import EnvironmentStorage


SWITCH_S = 0.001
"""How long the loop may keep the interpreter from a thread that waits for it: a fifth of the default."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How a server shows itself to the outside, apart from where it listens."""

    proxies: TrustedProxies = NOBODY
    origin: PublicOrigin | None = None
    tls: ssl.SSLContext | None = None
    connections_per_address: int | None = None


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
) -> None:
    """Serve on `listeners` until a signal, `administered` with the console and its API.

    Raises KeyboardInterrupt after SIGINT, SystemExit(0) after SIGTERM or SIGHUP, once the log is written.
    """
    log = RequestLog(logging.stream, requests=logging.requests, sample=logging.sample)
    notices = Notices(log.event)
    watch = StoreWatch(lambda: served.source.marker(served.profile.layout.catalog_prefix))
    health = Health(watch)
    delivery = delivery_app(served, log, report=log.failure)
    app, app_now = delivery, delivery.answer_now
    if administered is not None:
        from miniprogram_server.console.mounting import AdministeredDelivery  # deferred: the web framework

        whole = AdministeredDelivery(delivery, administered, now=now, log=log)
        app, app_now = whole, whole.answer_now  # type: ignore[assignment]
    front = Front(app, app_now, health, proxies=exposure.proxies, origin=exposure.origin, note=notices.note)

    def stop() -> None:
        health.is_draining = True

    server = BoundedServer(
        front,
        limits(descriptors=raise_descriptor_limit(), per_address=exposure.connections_per_address),
        notices,
        answer_now=front.answer_now,
        is_proxy=exposure.proxies.includes,
        tls=exposure.tls,
        on_stop=stop,
        last_words=log.close,
    )
    sys.setswitchinterval(SWITCH_S)
    watch.start()
    try:
        run_server(server, listeners)
    finally:
        notices.tell(now=True)
        log.close()


def log_stream(*, requests: bool) -> TextIO:
    """Where lines go: stdout is for requests, and for events beside them; without them events go to stderr."""
    return sys.stdout if requests else sys.stderr
