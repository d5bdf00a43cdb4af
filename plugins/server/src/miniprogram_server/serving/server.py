"""The server of one process: listens on given sockets, sweeps its connections, drains when it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from types import FrameType
from typing import Any, Literal

import uvicorn

from miniprogram_server.serving.connections import Connection, Connections
from miniprogram_server.serving.known_heads import KnownHeads
from miniprogram_server.serving.limits import Limits
from miniprogram_server.serving.notices import Notices
from miniprogram_server.serving.plain_requests import AnswerNow
from miniprogram_server.serving.protocol import BoundedProtocol, IsProxy
from miniprogram_server.serving.tls import TlsListener

BACKLOG = 2048
SWEEP_S = 0.5
LAST_RESORT_S = 3.0
"""Beyond the time for draining: then the process ends, whatever still hangs in it."""

_SIGNALS = [signal.SIGINT, signal.SIGTERM]
if sys.platform == "win32":
    _SIGNALS.append(signal.SIGBREAK)
else:
    _SIGNALS.append(signal.SIGHUP)


class BoundedServer(uvicorn.Server):
    """uvicorn with BoundedProtocol on every connection.

    `stopped_by` is the first signal that ended it. `last_words` is called when the process has to be ended
    although something in it hangs.
    """

    def __init__(
        self,
        app: Callable[..., Any],
        limits: Limits,
        notices: Notices,
        *,
        answer_now: AnswerNow | None = None,
        is_proxy: IsProxy = lambda _address: False,
        tls: ssl.SSLContext | None = None,
        on_stop: Callable[[], None] = lambda: None,
        last_words: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(_config(app, limits))
        self.connections = Connections(limits, notices.note)
        self.stopped_by: int | None = None
        self._notices = notices
        self._answer_now = answer_now
        self._is_proxy = is_proxy
        self._known = KnownHeads()
        self._tls = tls
        self._on_stop = on_stop
        self._last_words = last_words
        self._accepting: list[asyncio.Task[None]] = []
        self._sweeper: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen on `sockets`, which are bound already."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            sys.exit(1)
        loop = asyncio.get_running_loop()
        self._loop = loop
        loop.set_exception_handler(self._notices.loop_failed)
        await self.on_tick(0)  # makes the Date header
        self.servers = []
        for each in sockets or ():
            if self._tls is None:
                self.servers.append(await loop.create_server(self._make_protocol, sock=each, backlog=BACKLOG))
            else:
                each.listen(BACKLOG)
                door = TlsListener(self._tls, self.connections, self._make_protocol, self._is_proxy)
                self._accepting.append(loop.create_task(door.accept(each)))
        self._sweeper = loop.create_task(self._sweep())
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what was asked, for as long as draining may take; then close what is left."""
        self._on_stop()
        for task in self._accepting:
            task.cancel()
        await super().shutdown(sockets)
        if self._sweeper is not None:
            self._sweeper.cancel()
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop at a signal, without sending it again: the caller decides what it comes to."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler
        """Begin to stop; a second Ctrl-C does not wait for answers."""
        if self.stopped_by is None:
            self.stopped_by = sig
            threading.Thread(target=self._end_at_last, name="last-resort", daemon=True).start()
        elif sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True

    def _end_at_last(self) -> None:
        drained = threading.Event()
        drained.wait(self.connections.limits.drain_s + LAST_RESORT_S)
        with contextlib.suppress(Exception):
            self._last_words()
        os._exit(130 if self.stopped_by == signal.SIGINT else 0)

    def _make_protocol(self, predecessor: Connection | None = None) -> BoundedProtocol:
        return BoundedProtocol(
            self.config,
            self.server_state,
            self.lifespan.state,
            self._loop,
            connections=self.connections,
            answer_now=self._answer_now,
            is_proxy=self._is_proxy,
            known=self._known,
            predecessor=predecessor,
        )

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self.connections.sweep(self._loop.time())
            if not _has_free_descriptor():
                self._notices.note("no_descriptors", "")
            self._notices.tell()


def run_server(server: BoundedServer, listeners: Sequence[socket.socket]) -> None:
    """Serve until a signal. Raises KeyboardInterrupt after SIGINT and SystemExit(0) after another one."""
    server.run(sockets=list(listeners))
    if server.stopped_by == signal.SIGINT:
        raise KeyboardInterrupt
    if server.stopped_by is not None:
        raise SystemExit(0)


def _config(app: Callable[..., Any], limits: Limits) -> uvicorn.Config:
    loop: Literal["uvloop", "asyncio"] = "asyncio" if sys.platform == "win32" else "uvloop"
    # nothing is believed about where a request comes from: that is for the application, which knows its proxies
    return uvicorn.Config(
        app,
        loop=loop,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=max(1, round(limits.drain_s)),
    )


def _has_free_descriptor() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno not in (errno.EMFILE, errno.ENFILE)
    return True
