"""Who we are to Google: what google-auth finds on this machine, as a bearer token."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

import httpx

from miniprogram.errors import MiniProgramError

SCOPE = "https://www.googleapis.com/auth/devstorage.full_control"
SIGN_IN = "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS."


class Credentials:
    """Application default credentials, found when the first token is asked for. Safe to use from many threads."""

    def __init__(self, client: httpx.Client) -> None:
        self._client, self._lock = client, Lock()
        self._found: Any = None

    def headers(self, *, renew: bool = False) -> dict[str, str]:
        """The header that signs a request; with `renew` after the service refused the last one.

        Raises MiniProgramError when nobody is signed in.
        """
        with self._lock:
            return {"authorization": f"Bearer {self._token(renew=renew)}"}

    def _token(self, *, renew: bool) -> str:
        import google.auth
        from google.auth.exceptions import GoogleAuthError

        try:
            if self._found is None:
                self._found, _ = google.auth.default(scopes=[SCOPE])
            if renew or not self._found.valid:
                self._found.refresh(self._request)
        except GoogleAuthError as error:
            what = (
                "nobody is signed in to Google Cloud" if self._found is None else "the sign-in to Google has ended"
            )
            raise MiniProgramError(what, hint=SIGN_IN) from error
        return str(self._found.token)

    def _request(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> Any:
        """What google-auth calls to fetch a token: its `transport.Request` over our client."""
        from google.auth.exceptions import TransportError

        try:
            answer = self._client.request(method, url, content=body, headers=headers, timeout=timeout or 30.0)
        except httpx.HTTPError as error:
            raise TransportError(type(error).__name__) from error  # type: ignore[no-untyped-call]
        return _Answer(answer.status_code, answer.headers, answer.content)


class _Answer:
    """A response as google-auth reads it."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self.status, self.headers, self.data = status, headers, data
