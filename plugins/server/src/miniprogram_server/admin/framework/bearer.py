"""Who asks: the bearer token of a request, and the member behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from miniprogram.errors import StoreError
from miniprogram.identity.roles import Actor
from miniprogram.refusals import Denied
from miniprogram_server.admin.framework.problems import Failure, failure_of

MAX_TOKEN_CHARACTERS = 512

FindActor = Callable[[str, datetime], Actor]
"""The actor behind a token's text. Raises Denied, having put on record what can be."""


class Authenticate:
    """Turns an Authorization header into an actor."""

    def __init__(self, find: FindActor) -> None:
        self._find = find

    def __call__(self, authorization: str | None, now: datetime) -> Actor:
        """Raises Failure (401) without a token that counts."""
        token = token_in(authorization)
        if token is None:
            raise _unauthorized("this needs a token: Authorization: Bearer TOKEN")
        try:
            return self._find(token, now)
        except Denied as denial:
            raise _unauthorized(str(denial), error="invalid_token") from None
        except StoreError as error:
            raise failure_of(error) from error

    def caller(self, authorization: str | None, client: str) -> str:
        """Who is counted for the rate limit: the token, as a digest, or the address where there is none."""
        token = token_in(authorization)
        return f"ip:{client}" if token is None else hashlib.sha256(token.encode()).hexdigest()


def token_in(authorization: str | None) -> str | None:
    """The token of an Authorization header, if it holds one that could be ours."""
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    fits = 0 < len(token) <= MAX_TOKEN_CHARACTERS and token.isascii() and token.isprintable()
    return token if scheme.lower() == "bearer" and fits else None


def _unauthorized(message: str, *, error: str | None = None) -> Failure:
    challenge = "Bearer" if error is None else f'Bearer error="{error}"'
    return Failure(401, "unauthorized", message, headers=(("www-authenticate", challenge),))
