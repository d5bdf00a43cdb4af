"""Who we are to Google: a token of the environment, or what google-auth finds on this machine."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from threading import Lock
from typing import Any

import httpx

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.redaction import Redaction

SIGN_IN = "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS."
TOKEN_VARIABLE = "FIREBASE_TOKEN"  # noqa: S105 - a name
CLIENT_VARIABLES = ("GOOGLE_OAUTH_CLIENT_ID", "GOOGLE_OAUTH_CLIENT_SECRET")
REDACTION = Redaction(("<account>", r"\S+@\S+"), ("<id>", r"\b\d{10,}\b"))
SAID_CHARACTERS = 200
"""Of what a service says, at most."""
_ERROR_CODE = "Error code "
_REFRESH_TOKEN = "1//"  # noqa: S105 - how every refresh token begins
_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class Credentials:
    """FIREBASE_TOKEN, else application default credentials, found when the first token is asked for.

    Safe to use from many threads.
    """

    def __init__(self, client: httpx.Client, environ: Mapping[str, str], *, scopes: tuple[str, ...]) -> None:
        self._client, self._environ, self._scopes, self._lock = client, environ, scopes, Lock()
        self._found: Any = None

    def headers(self, *, renew: bool = False) -> dict[str, str]:
        """The header that signs a request; with `renew` after the service refused the last one.

        Raises MiniProgramError when nobody is signed in.
        """
        return {"authorization": f"Bearer {self.token(renew=renew)}"}

    def token(self, *, renew: bool = False) -> str:
        """An access token; as `headers`."""
        with self._lock:
            return self._token(renew=renew)

    def _token(self, *, renew: bool) -> str:
        from google.auth.exceptions import GoogleAuthError, OAuthError, RefreshError, TransportError

        given = self._environ.get(TOKEN_VARIABLE, "").strip()
        if given and not given.startswith(_REFRESH_TOKEN):
            if renew:
                raise MiniProgramError(f"Google refuses the token in {TOKEN_VARIABLE}: it has ended", hint=SIGN_IN)
            return given
        try:
            if self._found is None:
                self._found = self._exchanging(given) if given else self._default()
            if renew or not self._found.valid:
                self._found.refresh(self._request)
        except TransportError as error:
            cause = next(
                (each for each in error.args if isinstance(each, str) and each.isidentifier()), "no answer"
            )
            raise MiniProgramError(f"Google's sign-in cannot be reached: {cause}") from error
        except (RefreshError, OAuthError) as error:
            raise MiniProgramError(_refusal(error), hint=SIGN_IN) from error
        except (
            GoogleAuthError,
            AttributeError,
            OSError,
            TypeError,
            ValueError,
        ) as error:  # key files of any shape
            what = (
                "nobody is signed in to Google Cloud"
                if self._found is None
                else "the sign-in to Google cannot be used"
            )
            raise MiniProgramError(what, hint=SIGN_IN) from error
        return str(self._found.token)

    def _default(self) -> Any:
        import google.auth

        named = self._environ.get("GOOGLE_APPLICATION_CREDENTIALS", "").strip()
        with warnings.catch_warnings():
            # google-auth warns of files that strangers hand in; this one is the user's own
            warnings.simplefilter("ignore", DeprecationWarning)
            if named:
                return google.auth.load_credentials_from_file(named, scopes=self._scopes)[0]
            return google.auth.default(scopes=self._scopes)[0]

    def _exchanging(self, given: str) -> Any:
        """Credentials of a refresh token, of the OAuth client that the environment names too."""
        client_id, secret = (self._environ.get(name, "").strip() for name in CLIENT_VARIABLES)
        if not client_id or not secret:
            raise MiniProgramError(
                f"{TOKEN_VARIABLE} holds a refresh token, and {' and '.join(CLIENT_VARIABLES)} do not say whose",
                hint=f"Set both, or use a service account instead. {SIGN_IN}",
            )
        from google.oauth2.credentials import Credentials as OfRefreshToken

        # without scopes: they are those the token was given for, and asking for others would be refused
        return OfRefreshToken(
            None, refresh_token=given, token_uri=_TOKEN_URL, client_id=client_id, client_secret=secret
        )

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
            raise TransportError(type(error).__name__) from error
        return _Answer(answer.status_code, answer.headers, answer.content)


def _refusal(error: Exception) -> str:
    """Why, in the token service's own words: `invalid_grant: Token has been expired or revoked`.

    Nothing else that google-auth says is passed on: it may quote what it was given.
    """
    first, data, *_ = (*error.args, "", "")
    if isinstance(data, dict) and "error" in data:
        first = f"{_ERROR_CODE}{data['error']}: {data.get('error_description', '')}"
    if not (isinstance(first, str) and first.startswith(_ERROR_CODE)):
        return "the sign-in to Google has ended"
    told = REDACTION(first.removeprefix(_ERROR_CODE)).rstrip(": .")
    return "Google refuses the sign-in: " + (
        told if len(told) <= SAID_CHARACTERS else f"{told[:SAID_CHARACTERS]}…"
    )


class _Answer:
    """A response as google-auth reads it."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self.status, self.headers, self.data = status, headers, data
