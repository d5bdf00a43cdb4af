"""One POST of a notice: signed, to an address that was checked, within a time, and to nobody it is sent on to."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from urllib.parse import SplitResult, urlsplit

from miniprogram.clock import to_iso
from miniprogram.identity.subscription import Subscription
from miniprogram.notices.attempts import Outcome
from miniprogram.notices.dispatches import Dispatch
from miniprogram.notices.signing import signature
from miniprogram_server.notifying.networks import LOOPBACK, Network, NoReceiver, addresses_of, may_ask

TIMEOUT_S = 15.0
"""For all of it: connecting, TLS, sending, and the head of the answer."""
NO_NETWORKS: tuple[Network, ...] = ()


class Poster:
    """Sends notices to the addresses of subscriptions. Safe to use from many threads."""

    def __init__(
        self,
        allowed: Sequence[Network] = NO_NETWORKS,
        *,
        timeout_s: float = TIMEOUT_S,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed, self._timeout_s = allowed, timeout_s
        self._tls = tls or ssl.create_default_context()

    def __call__(self, subscription: Subscription, dispatch: Dispatch, now: datetime) -> Outcome:
        """What came of it. Never raises for what the network or the receiver did."""
        started = time.monotonic()
        status, retry_after_s = None, None
        try:
            status, retry_after = self._post(subscription, dispatch, now)
            problem = _problem_of(status)
            retry_after_s = None if retry_after is None else _seconds(retry_after, now)
        except NoReceiver as error:
            problem = str(error)
        except ssl.SSLError as error:
            problem = f"TLS failed: {error.reason or 'the connection was ended'}"
        except TimeoutError:
            problem = f"no answer within {self._timeout_s:g} s"
        except (OSError, http.client.HTTPException) as error:
            is_late = time.monotonic() - started >= self._timeout_s
            problem = f"no answer within {self._timeout_s:g} s" if is_late else _words(error)
        return Outcome(problem, round((time.monotonic() - started) * 1000), status, retry_after_s)

    def _post(self, subscription: Subscription, dispatch: Dispatch, now: datetime) -> tuple[int, str | None]:
        parts = urlsplit(subscription.url)
        connection = self._connection(parts)
        body = dispatch.body.encode()
        timestamp_s = int(now.timestamp())
        secrets = subscription.signing_at(to_iso(now))
        deadline = threading.Timer(self._timeout_s, _end, [connection])
        deadline.daemon = True
        deadline.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {
                "content-type": "application/json",
                "user-agent": f"miniprogram/{version('miniprogram-server')}",
                "webhook-id": dispatch.id,
                "webhook-timestamp": str(timestamp_s),
                "webhook-signature": signature(secrets, dispatch.id, timestamp_s, body),
            }
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()  # its body is nobody's business here: it is not read
            return answer.status, answer.getheader("retry-after")
        finally:
            deadline.cancel()
            connection.close()

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        """A connection to the first address that was checked and answers. Raises NoReceiver, OSError."""
        host, is_plain = parts.hostname or "", parts.scheme == "http"
        port = parts.port or (80 if is_plain else 443)
        addresses = addresses_of(host, port, self._allowed)
        if is_plain and not all(may_ask_plainly(each) for each in addresses):
            raise NoReceiver(f"{host} is not this machine, so it is asked by https only")
        connection = http.client.HTTPConnection(host, port, timeout=self._timeout_s)
        raw = _connected(addresses, port, self._timeout_s)
        try:
            connection.sock = raw if is_plain else self._tls.wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise
        return connection


def may_ask_plainly(address: str) -> bool:
    """Whether `address` is this machine's own."""
    return may_ask(address, LOOPBACK) and not may_ask(address, NO_NETWORKS)


def _connected(addresses: Sequence[str], port: int, timeout_s: float) -> socket.socket:
    failure: OSError | None = None
    for address in addresses[:3]:
        try:
            return socket.create_connection((address, port), timeout=timeout_s / min(3, len(addresses)))
        except OSError as error:
            failure = error
    raise failure or OSError("no address")


def _end(connection: http.client.HTTPConnection) -> None:
    """A receiver that sends one byte at a time would never run into the limit of a single read."""
    found = connection.sock
    if found is not None:
        with suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)


def _problem_of(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return f"it answered {status}: nobody is sent on from here"
    return f"it answered {status}"


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return "the connection ended before an answer" if isinstance(error, OSError) else "it did not answer in HTTP"


def _seconds(text: str, now: datetime) -> float | None:
    """What Retry-After says, in seconds from `now`; None for what it does not say."""
    if text.strip().isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((then if then.tzinfo else then.replace(tzinfo=UTC)) - now).total_seconds())
