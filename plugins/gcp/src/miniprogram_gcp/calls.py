"""Calls of the JSON API of Cloud Storage: signed, tried again where that is safe, failures told by a table."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

import httpx

from miniprogram.errors import MiniProgramError, StoreError
from miniprogram.provider_kit.redaction import Redaction
from miniprogram.provider_kit.sdk_errors import Failure, SdkErrors, after_tries, when
from miniprogram_gcp.credentials import SIGN_IN, Credentials
from miniprogram_gcp.settings import GcpSettings

SERVICE = "https://storage.googleapis.com"
TRIES = 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.4, 8.0
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
PASSES = {408, 429, 500, 502, 503, 504}
"""Statuses that are worth another try."""


class Refused(Exception):  # noqa: N818 - an answer, read by the table of errors
    """The service answered with an error."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.status_code)
        self.status = answer.status_code
        self.reason, self.message = _told(answer)


def _told(answer: httpx.Response) -> tuple[str, str]:
    try:
        error = answer.json()["error"]
        details = error.get("errors") or [{}]
        return str(details[0].get("reason", "")), str(error.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "", ""


def _read(error: Exception) -> Failure | None:
    if isinstance(error, Refused):
        return Failure(error.reason or f"HTTP {error.status}", error.status, message=error.message)
    if isinstance(error, httpx.TransportError):
        url = error.request.url
        return Failure("Unreachable", endpoint=f"{url.scheme}://{url.netloc.decode()}")
    return None


ERRORS = SdkErrors(
    read=_read,
    rules=(
        when((), "the sign-in to Google is not accepted", SIGN_IN, statuses=(401,)),
        when(
            {"userProjectMissing", "UserProjectMissing"},
            "{resource} lets whoever asks pay",
            "Say --project-id with `env configure`.",
        ),
        when(
            (),
            "this account has no access to {resource}",
            "It needs the role roles/storage.objectUser there, and roles/storage.bucketViewer for `cloud doctor`.",
            statuses=(403,),
        ),
        when(
            (),
            "{resource} does not exist",
            "Correct --bucket, or make it with `env configure … --create-bucket`.",
            statuses=(404,),
        ),
        *after_tries("Cloud Storage", unreachable={"Unreachable"}),
    ),
    redact=Redaction(("<account>", r"\S+@\S+"), ("<id>", r"\b\d{10,}\b")),
    default=StoreError,
)


class StorageCalls:
    """Requests about one bucket. Safe to use from many threads; nothing connects before the first one."""

    def __init__(
        self,
        settings: GcpSettings,
        environ: Mapping[str, str],
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        emulator = environ.get("STORAGE_EMULATOR_HOST", "").strip()
        if emulator and "//" not in emulator:
            emulator = f"http://{emulator}"
        own = settings.endpoint_url or emulator or None
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._client = httpx.Client(
            base_url=(own or SERVICE).rstrip("/"), timeout=TIMEOUT, limits=limits, transport=transport
        )
        weakref.finalize(self, self._client.close)  # whoever asked last is the last to need its connections
        self._credentials = None if own else Credentials(self._client)
        self._paying = {"userProject": settings.project_id} if settings.project_id and not own else {}
        self._sleep = sleep
        self.bucket, self.project_id = settings.bucket, settings.project_id
        self.base_url = own or SERVICE

    @property
    def bucket_path(self) -> str:
        return f"/storage/v1/b/{quote(self.bucket, safe='')}"

    def object_path(self, key: str) -> str:
        return f"{self.bucket_path}/o/{quote(key, safe='')}"

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
    ) -> httpx.Response:
        """The answer: one that is a success, or has a status in `expect`. Every call can be tried again safely.

        Raises what `mapped` turns into one of our errors.
        """
        request = self._client.build_request(
            method, path, params={**self._paying, **(params or {})}, headers=headers, content=content, json=json
        )
        renew = False
        for attempt in range(1, TRIES + 1):
            if self._credentials:
                request.headers.update(self._credentials.headers(renew=renew))
            try:
                answer = self._client.send(request)
            except httpx.TransportError:
                if attempt == TRIES:
                    raise
            else:
                if answer.is_success or answer.status_code in expect:
                    return answer
                if answer.status_code == 401 and self._credentials and not renew:
                    renew = True
                    continue
                if answer.status_code not in PASSES or attempt == TRIES:
                    raise Refused(answer)
            renew = False
            self._sleep(min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S))
        raise AssertionError("the last attempt returned or raised")

    def pages(self, **params: Any) -> Iterator[dict[str, Any]]:
        """The pages of a listing of objects."""
        token: str | None = None
        while True:
            more = {"pageToken": token} if token else {}
            page = self.call("GET", f"{self.bucket_path}/o", params={**params, **more}).json()
            yield page
            token = page.get("nextPageToken")
            if not token:
                return

    def mapped(self, doing: str, *, failure: type[MiniProgramError] = StoreError) -> AbstractContextManager[None]:
        """Turns what calls raise inside into our errors. `doing` completes "cannot …"."""
        return ERRORS.mapped(doing, resource=f"the bucket {self.bucket}", failure=failure)
