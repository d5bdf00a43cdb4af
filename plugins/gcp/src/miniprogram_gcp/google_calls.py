"""Calls of Google's services: signed by who is signed in here, refusals read for tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from miniprogram.provider_kit.rest_calls import RefusedCall, RestCalls, seconds, unreachable
from miniprogram.provider_kit.sdk_errors import Failure
from miniprogram_gcp.credentials import Credentials

CLOUD_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class Refused(RefusedCall):
    """The service answered with an error. `facts` are what it named: `service`, `permission`, `consumer`, …"""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer)
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
    return failure_of(error) if isinstance(error, Refused) else unreachable(error)


def failure_of(refused: Refused) -> Failure:
    named = refused.facts.get("permission") or refused.facts.get("service", "")
    return Failure(refused.reason or f"HTTP {refused.status}", refused.status, named, refused.message)


class GoogleCalls(RestCalls):
    """Requests to one service. Safe to use from many threads; nothing connects before the first one."""

    def __init__(
        self,
        base_url: str,
        environ: Mapping[str, str],
        *,
        signed: bool = True,
        scopes: tuple[str, ...] = (),
        **options: Any,
    ) -> None:
        """`options` are those of RestCalls."""
        super().__init__(base_url, **options)
        self.base_url = base_url.rstrip("/")
        self._credentials = Credentials(self.client, environ, scopes=scopes) if signed else None

    def sign_in(self) -> None:
        """Find out whether anybody is signed in. Raises MiniProgramError."""
        self.signature(renew=False)

    def signature(self, *, renew: bool) -> Mapping[str, str]:
        return self._credentials.headers(renew=renew) if self._credentials else {}

    def access_token(self) -> str:
        """For whoever makes requests of another kind. Raises MiniProgramError when nobody is signed in."""
        return self._credentials.token() if self._credentials else ""

    def refusal(self, answer: httpx.Response) -> Refused:
        return Refused(answer)

    def asked_pause_s(self, answer: httpx.Response) -> float | None:
        """By a header, or in the error itself."""
        asked = super().asked_pause_s(answer)
        return seconds(told_by(answer)[2].get("retryDelay", "").removesuffix("s")) if asked is None else asked

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
