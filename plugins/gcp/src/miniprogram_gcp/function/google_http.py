"""Google's services over HTTPS with the standard library alone, signed as the account this instance runs as."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

TIMEOUT_S = 3.0
"""How long Google may be silent. A request to the delivery service has about six seconds for everything."""
TRIES = 2
MOST_IDLE = 16
TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"  # noqa: S105 - a path
TOKEN_MARGIN_S = 60.0
"""A token is renewed that long before its end."""
_PASSES = frozenset({408, 429, 500, 502, 503, 504})


class Answer(NamedTuple):
    """`body` is empty where more than was asked for would have come: then `is_cut` says so."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False


class Connections:
    """Open connections to one server, for many threads. Each is used by one request at a time."""

    def __init__(self, base_url: str) -> None:
        scheme, _, server = base_url.partition("://")
        self._is_secure, self._server = scheme == "https", server.rstrip("/")
        self._idle: list[HTTPConnection] = []
        self._lock = Lock()

    def ask(self, path: str, headers: Mapping[str, str], max_bytes: int) -> Answer:
        """GET `path`. Raises OSError or http.client.HTTPException when there is no answer."""
        connection = self._take()
        try:
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            found = _read(answer, max_bytes)
        except BaseException:
            connection.close()
            raise
        if found.is_cut or answer.will_close:
            connection.close()
        else:
            self._give_back(connection)
        return found

    def close(self) -> None:
        """Close what nobody uses now."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def _take(self) -> HTTPConnection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        # deferred, with TLS: importing both takes as long as starting the engine
        from http.client import HTTPConnection, HTTPSConnection

        kind = HTTPSConnection if self._is_secure else HTTPConnection
        return kind(self._server, timeout=TIMEOUT_S)

    def _give_back(self, connection: HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()


class AccountToken:
    """The access token of the account this instance runs as, from the metadata server."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        host = environ.get("GCE_METADATA_HOST", "").strip() or "metadata.google.internal"
        self._server = Connections(f"http://{host}")
        self._lock = Lock()
        self._token, self._ends_at = "", 0.0

    def value(self, *, unlike: str = "") -> str:
        """A token that is good for a while, and another one than `unlike`, which was refused.

        Raises OSError or http.client.HTTPException when there is none.
        """
        with self._lock:
            if time.monotonic() >= self._ends_at - TOKEN_MARGIN_S or self._token == unlike:
                self._renew()
            return self._token

    def close(self) -> None:
        self._server.close()

    def _renew(self) -> None:
        import json

        found = self._server.ask(TOKEN_PATH, {"Metadata-Flavor": "Google"}, 64 * 1024)
        if found.status != 200:
            raise OSError(f"the metadata server answered {found.status}")
        told = json.loads(found.body)
        self._token = str(told["access_token"])
        self._ends_at = time.monotonic() + float(told["expires_in"])


class GoogleHttp:
    """Signed requests to one service. Safe to use from many threads."""

    def __init__(self, base_url: str, token: AccountToken | None) -> None:
        self._connections, self._token = Connections(base_url), token

    def get(self, path: str, max_bytes: int) -> Answer:
        """What `path` answers, whatever its status: after another try where that may help.

        Raises OSError when nothing answers, or when nobody is signed in.
        """
        from http.client import HTTPException

        refused = ""
        for attempt in range(1, TRIES + 1):
            try:
                token = self._token.value(unlike=refused) if self._token else ""
                found = self._connections.ask(
                    path, {"authorization": f"Bearer {token}"} if token else {}, max_bytes
                )
            except (OSError, HTTPException, ValueError, KeyError) as error:
                if attempt == TRIES:
                    raise OSError(f"{type(error).__name__}: {error}") from None
                continue
            if attempt == TRIES or (found.status not in _PASSES and found.status != 401):
                return found
            refused = token if found.status == 401 else ""
        raise AssertionError("the last attempt returned or raised")

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        self._connections.close()
        if self._token is not None:
            self._token.close()


def _read(answer: HTTPResponse, max_bytes: int) -> Answer:
    headers = {name.lower(): value for name, value in answer.getheaders()}
    if answer.length is not None and answer.length > max_bytes:
        return Answer(answer.status, headers, b"", is_cut=True)
    body = answer.read(max_bytes + 1)
    if len(body) > max_bytes:
        return Answer(answer.status, headers, b"", is_cut=True)
    return Answer(answer.status, headers, body)
