"""Calls of Google's services over HTTPS: signed, tried again where that is safe, refusals read for tables."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from miniprogram.provider_kit.sdk_errors import Failure
from miniprogram_gcp.credentials import Credentials

TRIES = 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.4, 8.0
LONGEST_ASKED_S = 30.0
"""A delay that the service asks for is kept up to here; beyond, it is told as it is."""
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
CLOUD_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
PASSES = {408, 429, 500, 502, 503, 504}
"""Statuses that are worth another try."""


class Refused(Exception):  # noqa: N818 - an answer, read by the table of errors
    """The service answered with an error. `facts` are what it named: `service`, `permission`, `consumer`, …"""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.status_code)
        self.status = answer.status_code
        self.reason, self.message, self.facts = told_by(answer)


def told_by(answer: httpx.Response) -> tuple[str, str, dict[str, str]]:
    """Reason, message and named facts of an error, in the older form of Google's errors and in the newer one."""
    try:
        return told_in(answer.json()["error"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", "", {}


def told_in(error: Mapping[str, Any]) -> tuple[str, str, dict[str, str]]:
    """The same for an error that is read already, such as what an operation ended with."""
    reason, facts = "", dict[str, str]()
    for detail in (*(error.get("errors") or ()), *(error.get("details") or ())):
        reason = reason or str(detail.get("reason", ""))
        facts.update({name: str(value) for name, value in (detail.get("metadata") or {}).items()})
        if "retryDelay" in detail:
            facts["retryDelay"] = str(detail["retryDelay"])
    return reason or str(error.get("status", "")), str(error.get("message", "")), facts


def read_failure(error: Exception) -> Failure | None:
    """What `SdkErrors` asks: an error of these calls as a Failure. Its operation is the permission that lacks."""
    if isinstance(error, Refused):
        named = error.facts.get("permission") or error.facts.get("service", "")
        return Failure(error.reason or f"HTTP {error.status}", error.status, named, error.message)
    if isinstance(error, httpx.TransportError):
        url = error.request.url
        return Failure("Unreachable", endpoint=f"{url.scheme}://{url.netloc.decode()}")
    return None


class GoogleCalls:
    """Requests to one service. Safe to use from many threads; nothing connects before the first one."""

    def __init__(
        self,
        base_url: str,
        environ: Mapping[str, str],
        *,
        signed: bool = True,
        scopes: tuple[str, ...] = (),
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"), timeout=TIMEOUT, limits=limits, transport=transport
        )
        weakref.finalize(self, self._client.close)  # whoever asked last is the last to need its connections
        self._credentials = Credentials(self._client, environ, scopes=scopes) if signed else None
        self._sleep = sleep

    def sign_in(self) -> None:
        """Find out whether anybody is signed in. Raises MiniProgramError."""
        if self._credentials:
            self._credentials.headers()

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
        """The answer: one that is a success, or has a status in `expect`.

        The call must be one that may arrive twice. `path` may be a whole address. Raises what `read_failure`
        understands.
        """
        request = self._client.build_request(
            method, path, params=params, headers=headers, content=content, json=json
        )
        credentials = self._credentials if signed else None
        renew = False
        for attempt in range(1, TRIES + 1):
            if credentials:
                request.headers.update(credentials.headers(renew=renew))
            pause = min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S)
            try:
                answer = self._client.send(request)
            except httpx.TransportError:
                if attempt == TRIES:
                    raise
            else:
                if answer.is_success or answer.status_code in expect:
                    return answer
                if answer.status_code == 401 and credentials and not renew:
                    renew = True
                    continue
                pause = _asked(answer) or pause
                if answer.status_code not in PASSES or attempt == TRIES or pause > LONGEST_ASKED_S:
                    raise Refused(answer)
            renew = False
            self._sleep(pause)
        raise AssertionError("the last attempt returned or raised")

    def pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """The pages of a listing."""
        token: str | None = None
        while True:
            more = {"pageToken": token} if token else {}
            page = self.call("GET", path, params={**params, **more}).json()
            yield page
            token = page.get("nextPageToken")
            if not token:
                return


def service_calls(
    api: str, address: str, environ: Mapping[str, str], *, sleep: Callable[[float], None] = time.sleep
) -> GoogleCalls:
    """Calls of the API `api` at `address`, or where the variable says that gcloud heeds as well: for tests."""
    own = environ.get(f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}", "").strip()
    return GoogleCalls(own or address, environ, scopes=(CLOUD_SCOPE,), sleep=sleep)


def _asked(answer: httpx.Response) -> float | None:
    """Seconds the service asks to wait: by a header, or in the error itself."""
    text = answer.headers.get("retry-after", "") or told_by(answer)[2].get("retryDelay", "").removesuffix("s")
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if seconds >= 0 else None
