"""One HTTP/1.1 connection, bounded: uvicorn, with limits where it has none, and a short way to what is known.

httptools parses; uvicorn runs the application. Added here: how large a head may be, how long head, body and
sending may take, what becomes of a connection when there are too many, and answers that need no task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from miniprogram_server.serving.connections import WORKING, Connection, Connections
from miniprogram_server.serving.known_heads import KnownHeads
from miniprogram_server.serving.plain_requests import AnswerNow, Head, PlainRequest
from miniprogram_server.serving.refusals import (
    HEAD_TOO_LARGE,
    MALFORMED,
    NO_HOST,
    TOO_MANY,
    TOO_SLOW,
    RefusedRequest,
    closing_response,
)

IsProxy = Callable[[str], bool]
"""Whether an address is one of our own proxies."""

_LINGER_BYTES = 256 * 1024
"""What a refused client may still send before it is cut off."""


_TELLING = frozenset({b"host", b"expect", b"content-length", b"transfer-encoding"})
"""Fields the connection itself has to know."""


class _HeadTooLarge(Exception):  # noqa: N818 - never leaves this module
    """Raised into the parser to stop it."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection in `connections`. See Limits for what bounds it."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
        *,
        connections: Connections,
        answer_now: AnswerNow | None,
        is_proxy: IsProxy,
        known: KnownHeads,
        predecessor: Connection | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self._table = connections
        self._limits = connections.limits
        self._answer_now = answer_now
        self._is_proxy = is_proxy
        self._known = known
        self._predecessor = predecessor
        self._time = loop.time
        self.address = ""
        self.url = b""
        self.waits_since = self.deadline = loop.time()
        self._in_head = True
        self._raw_bytes = self._head_bytes = self._hosts = 0
        self._has_body = self._answered = self._refused = False
        self._is_between = True
        self._plain: PlainRequest | None = None
        self._lingered = 0
        self._body_bytes = 0
        self._unsent = 0
        self._send_by = WORKING

    # -- life ---------------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        self.address = "" if self._is_proxy(peer) else peer
        self._peer = peer
        self._wait_for_head(self._limits.head_s)
        if self._predecessor is not None:
            self._table.release(self._predecessor)
            self._predecessor = None
        if not self._table.admit(self):
            self._table.notice("no_room", peer)
            self._refuse(TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._table.release(self)
        super().connection_lost(exc)

    def evict(self) -> None:
        self.transport.abort()

    def expire(self, now: float) -> None:
        if self._refused or self._send_by <= now or self.transport.is_closing():
            self.transport.abort()
        elif self._in_head and not self._raw_bytes:
            self.transport.close()  # between requests nobody is owed an answer
            self.deadline = now + self._limits.linger_s
        else:
            self._refuse(TOO_SLOW)

    def check(self, now: float) -> None:
        if self.flow.read_paused and self.deadline != WORKING:
            self.deadline = now + self._limits.body_s  # it is the application that does not read on
        unsent = self.transport.get_write_buffer_size()
        if not unsent:
            self._unsent, self._send_by = 0, WORKING
            return
        if self.deadline != WORKING and not self._refused and self._in_head and not self._raw_bytes:
            self.deadline = now + self._limits.keep_alive_s  # it cannot ask for more before it has this
        if self._send_by == WORKING or unsent <= self._unsent - self._limits.send_bytes:
            self._unsent, self._send_by = unsent, now + self._limits.send_s
        elif self._send_by <= now:
            self._table.notice("slow_reader", self.address)
            self.transport.abort()

    def shutdown(self) -> None:
        """The server stops: what is being answered is answered."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    # -- bytes --------------------------------------------------------------------------------------------------
    def data_received(self, data: bytes) -> None:
        if self._refused:
            self._lingered += len(data)
            if self._lingered > _LINGER_BYTES:
                self.transport.abort()
            return
        was_between = self._is_between
        if was_between and self._answer_known(data):
            return
        if not self._raw_bytes and self._in_head and self.waits_since != WORKING:
            self.deadline = self._time() + self._limits.head_s
        self._raw_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # it is answered as if nobody had asked to change the protocol
        except httptools.HttpParserError as error:
            self._refuse(HEAD_TOO_LARGE if _is_too_large(error) else MALFORMED)
            return
        if self._raw_bytes > self._limits.head_bytes:
            self._refuse(HEAD_TOO_LARGE)  # a head, a chunk's extension or a trailer that never ends
        elif was_between and self._is_between and self._plain is not None:
            self._known.learn(data, self._plain)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the envelope has its own words
        self._refuse(MALFORMED)

    # -- the parser's callbacks -----------------------------------------------------------------------------------
    def on_message_begin(self) -> None:
        # the scope is made when it is known that somebody needs it
        self._is_between = False
        self._plain = None
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._in_head = True
        self._head_bytes = self._hosts = 0
        self._has_body = self._answered = False

    def on_url(self, url: bytes) -> None:
        self.url += url
        self._head_bytes += len(url)
        if self._head_bytes > self._limits.head_bytes:
            raise _HeadTooLarge

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in _TELLING:
            self._told(name, value)
        headers = self.headers
        headers.append((name, value))
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > self._limits.head_bytes or len(headers) > self._limits.head_fields:
            raise _HeadTooLarge

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._raw_bytes = 0
        if self._refused:
            return
        parser = self.parser
        if self._hosts != 1 and (self._hosts or parser.get_http_version() == "1.1"):
            self._refuse(NO_HOST)
            return
        if (
            parser.get_method() == b"GET"
            and parser.should_keep_alive()
            and not self._has_body
            and self._can_answer_now()
        ):
            self._plain = PlainRequest(self.url, Head(self.headers))
            if self._answer(self._plain):
                self._answered = True
                return
        self._body_bytes = 0
        self.waits_since = self._time()
        self.deadline = self.waits_since + self._limits.body_s
        self._start_application()

    def on_body(self, body: bytes) -> None:
        self._raw_bytes = 0
        if self._answered or self._refused:
            return
        self._body_bytes += len(body)
        self.deadline = self.waits_since + self._limits.body_s + self._body_bytes / self._limits.body_rate
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head = self._is_between = True
        self._raw_bytes = 0
        if self._answered or self._refused:
            return
        if self.cycle.response_complete:
            self._wait_for_head(self._limits.keep_alive_s)
        else:
            self.waits_since = self.deadline = WORKING
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            self.waits_since, self.deadline = self._time(), WORKING  # what is still to be sent has its own
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        elif self._in_head:
            self._wait_for_head(self._limits.keep_alive_s)
        else:
            self._linger()  # answered before the body was there: the rest of it is of no use

    # -- parts --------------------------------------------------------------------------------------------------
    def _answer_known(self, data: bytes) -> bool:
        """Answer what need not be parsed."""
        request = self._known.find(data)
        if request is None or not self._can_answer_now() or not self._answer(request):
            return False
        if request.answer is not request.remembered:
            self._known.keep(data, request)
        return True

    def _can_answer_now(self) -> bool:
        """Whether nothing is being answered, and whoever asks has taken what was answered before."""
        return (
            self._answer_now is not None
            and (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _answer(self, request: PlainRequest) -> bool:
        """Answer `request` if that takes no waiting."""
        answer = self._answer_now(request, self._peer)  # type: ignore[misc]
        if answer is None:
            return False
        state = self.server_state
        state.total_requests += 1
        status, head, body = answer
        date = state.default_headers[0][1]
        self.transport.write(b"%bdate: %b\r\n%b\r\n%b" % (STATUS_LINE[status], date, head, body))
        self._wait_for_head(self._limits.keep_alive_s)
        return True

    def _told(self, name: bytes, value: bytes) -> None:
        if name == b"host":
            self._hosts += 1
        elif name == b"expect":
            self.expect_100_continue = value.lower() == b"100-continue"
        else:
            self._has_body = True

    def _wait_for_head(self, seconds: float) -> None:
        self.waits_since = now = self._time()
        self.deadline = now + seconds

    def _start_application(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def _refuse(self, refused: RefusedRequest) -> None:
        """Say why, and listen no longer."""
        if self._refused or self.transport.is_closing():
            return
        self._table.notice(refused.code, self.address)
        if self._is_answering() and (self._in_head or self.cycle.response_started):
            self.transport.abort()  # an answer to something else is under way; another one would be taken for it
            return
        if self._is_answering():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(closing_response(refused, self.url.decode("latin-1")))
        self._linger()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _linger(self) -> None:
        """End our side, and give the client a moment to read before its side is cut off."""
        self._refused = True
        self._wait_for_head(self._limits.linger_s)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()


def _is_too_large(error: httptools.HttpParserError) -> bool:
    return isinstance(error.__context__, _HeadTooLarge) or isinstance(error.__cause__, _HeadTooLarge)
