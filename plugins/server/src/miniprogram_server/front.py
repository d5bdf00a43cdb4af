"""What every request meets first: health, how many there may be, and who really asks."""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.addresses import called_host, names_this_machine
from miniprogram.delivery.function.asgi import Receive, Scope, Send
from miniprogram_server.asgi import App
from miniprogram_server.health import Health
from miniprogram_server.proxies import NOBODY, PublicOrigin, TrustedProxies
from miniprogram_server.serving.plain_requests import Answer, AnswerNow, PlainRequest, RawHeaders
from miniprogram_server.serving.refusals import API, BUSY, RefusedRequest, refuse, trace_id

MOST_REQUESTS = 1_000
"""Requests that are being answered at once, beside those that need no waiting."""

WRONG_HOST = RefusedRequest(421, "misdirected_request", "This server is known under another address.")
ASKED_HERE = RefusedRequest(
    421,
    "misdirected_request",
    "On this machine the console answers as localhost. Start it with --public-origin to give it another address.",
)
CONSOLE = "/console"
ADMINISTRATION = (CONSOLE, API)
"""Below these, the address a browser asked for counts."""


class Front:
    """An ASGI application in front of `app`. `app_now` is its answer to what takes no waiting."""

    def __init__(
        self,
        app: App,
        app_now: AnswerNow,
        health: Health,
        *,
        proxies: TrustedProxies = NOBODY,
        origin: PublicOrigin | None = None,
        note: Callable[[str, str], None] = lambda _reason, _address: None,
        most_requests: int = MOST_REQUESTS,
    ) -> None:
        self._app = app
        self._app_now = app_now
        self._health = health
        self._proxies = proxies
        self._believes = bool(proxies.networks) or proxies.unix
        self._origin = origin
        self._note = note
        self._most = most_requests
        self.in_flight = 0

    def answer_now(self, asked: PlainRequest, client: str) -> Answer | None:
        """The response to a GET that can be given without waiting; None where it cannot."""
        if asked.target.startswith(_PROBES):
            probe = self._health.answer(asked.target.partition(b"?")[0].decode("latin-1"))
            if probe is not None:
                return probe
        if self._believes and self._proxies.includes(client):
            client = self._proxies.client(client, _forwarded(asked.head.fields))
        return self._app_now(asked, client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        probe = self._health.answer(scope["path"]) if scope["method"] in ("GET", "HEAD") else None
        if probe is not None:
            await _send(send, probe, with_body=scope["method"] == "GET")
            return
        refused = self._locate(scope)
        if refused is None and self.in_flight >= self._most:
            refused = BUSY
        if refused is not None:
            self._note(refused.code, scope["client"][0] if scope.get("client") else "")
            await refuse(send, refused, trace_id(), scope["path"])
            return
        self.in_flight += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self.in_flight -= 1

    def _locate(self, scope: Scope) -> RefusedRequest | None:
        """Put into `scope` who asks and for which address. A refusal when that is not ours."""
        peer = str(scope["client"][0]) if scope.get("client") else ""
        trusted = self._proxies.includes(peer)
        if trusted:
            scope["client"] = (self._proxies.client(peer, _forwarded(scope["headers"])), 0)
        if not scope["path"].startswith(ADMINISTRATION):
            return None
        if self._origin is None:
            return None if trusted else _asked_here(scope, peer)
        authority = self._origin.authority.encode()
        if not trusted and _value(scope["headers"], b"host").lower() != authority:
            return WRONG_HOST
        # a proxy may name the server as it likes; what browsers call it is said by the configuration
        scope["scheme"] = self._origin.scheme
        scope["headers"] = [*(each for each in scope["headers"] if each[0] != b"host"), (b"host", authority)]
        return None


def _asked_here(scope: Scope, peer: str) -> RefusedRequest | None:
    """A refusal when a browser on this machine asks for the console by another name: a page's owner may have let a
    name of theirs lead here, and the browser would take both for one site."""
    if not scope["path"].startswith(CONSOLE) or not names_this_machine(peer):
        return None
    called = called_host(_value(scope["headers"], b"host").decode("latin-1"))
    return None if names_this_machine(called) else ASKED_HERE


_PROBES = (b"/healthz", b"/readyz")


def _forwarded(headers: RawHeaders) -> str:
    return b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")


def _value(headers: RawHeaders, wanted: bytes) -> bytes:
    return next((value for name, value in headers if name == wanted), b"")


async def _send(send: Send, answer: Answer, *, with_body: bool) -> None:
    status, head, body = answer
    headers = [tuple(line.split(b": ", 1)) for line in head.split(b"\r\n") if line]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if with_body else b""})
