"""Calls of a cloud's REST API over HTTPS: signed, and tried again where that helps. A plugin says how it signs.

    class AcmeCalls(RestCalls):
        def signature(self, *, renew: bool) -> Mapping[str, str]:
            return {"authorization": f"Bearer {self._token(renew)}"}

    AcmeCalls("https://storage.acme.example").call("GET", "/buckets/shop")

Every call must be one that may arrive twice. Answers that are no success are raised, for a table of errors to read
(`provider_kit.sdk_errors`). Safe to use from many threads; nothing connects before the first call.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from miniprogram.provider_kit.sdk_errors import Failure

TRIES = 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.4, 8.0
LONGEST_ASKED_S = 30.0
"""A delay that the service asks for is kept up to here; beyond, it is told as it is."""
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
MOST_CONNECTIONS = 64
PASSES = {408, 429, 500, 502, 503, 504}
"""Statuses that are worth another try."""
UNREACHABLE = "Unreachable"
"""The code of a Failure that no answer came for."""


class RefusedCall(Exception):  # noqa: N818 - an answer, read by a table of errors
    """The service answered with an error."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.status_code)
        self.status, self.answer = answer.status_code, answer


class RestCalls:
    """Requests to the service at `base_url`. Inherit, and override what the service has its own way for."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        limits = httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS)
        self.client = httpx.Client(
            base_url=base_url.rstrip("/"), timeout=TIMEOUT, limits=limits, transport=transport
        )
        weakref.finalize(self, self.client.close)  # whoever asked last is the last to need its connections
        self._sleep = sleep

    def signature(self, *, renew: bool) -> Mapping[str, str]:
        """The headers that sign a request; with `renew` after the last ones were refused. None here."""
        del renew
        return {}

    def refusal(self, answer: httpx.Response) -> RefusedCall:
        """What is raised for `answer`."""
        return RefusedCall(answer)

    def asked_pause_s(self, answer: httpx.Response) -> float | None:
        """Seconds the service asks to wait."""
        return seconds(answer.headers.get("retry-after", ""))

    def call(
        self,
        method: str,
        path: str,
        *,
        expect: tuple[int, ...] = (),
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        json: Any = None,
        signed: bool = True,
    ) -> httpx.Response:
        """The answer: one that is a success, or has a status in `expect`. `path` may be a whole address.

        Raises RefusedCall, or httpx.TransportError when no answer came.
        """
        request = self.client.build_request(
            method, path, params=params, headers=headers, content=content, json=json
        )
        renew = False
        for attempt in range(1, TRIES + 1):
            signature = self.signature(renew=renew) if signed else {}
            request.headers.update(signature)
            pause = min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S)
            try:
                answer = self.client.send(request)
            except httpx.TransportError:
                if attempt == TRIES:
                    raise
            else:
                if answer.is_success or answer.status_code in expect:
                    return answer
                if answer.status_code == 401 and signature and not renew:
                    renew = True
                    continue
                pause = self.asked_pause_s(answer) or pause
                if answer.status_code not in PASSES or attempt == TRIES or pause > LONGEST_ASKED_S:
                    raise self.refusal(answer)
            renew = False
            self._sleep(pause)
        raise AssertionError("the last attempt returned or raised")


def unreachable(error: Exception) -> Failure | None:
    """What a call without an answer is to a table of errors; None for anything else."""
    if not isinstance(error, httpx.TransportError):
        return None
    url = error.request.url
    return Failure(UNREACHABLE, endpoint=f"{url.scheme}://{url.netloc.decode()}")


def seconds(text: str) -> float | None:
    """`text` as a number of seconds that somebody may wait for."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None


def related_parts(parts: Sequence[tuple[str, bytes]], boundary: str) -> tuple[dict[str, str], bytes]:
    """Headers and content of one request of several parts (RFC 2387), each a content type and its bytes."""
    content = b"".join(
        f"--{boundary}\r\ncontent-type: {kind}\r\n\r\n".encode() + part + b"\r\n" for kind, part in parts
    )
    headers = {"content-type": f"multipart/related; boundary={boundary}"}
    return headers, content + f"--{boundary}--\r\n".encode()
