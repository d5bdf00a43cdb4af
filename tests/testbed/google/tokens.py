"""Google's sign-in: tokens for key files, refresh tokens and workload identity, checked as the service does.

`POST /token` takes a signed assertion or a refresh token, `POST /v1/token` somebody else's token in exchange.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from google.auth import jwt
from testbed.google.server import Call, Reply, document

POOL = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/forge"

ASSERTED = "https://oauth2.googleapis.com/token"
"""Whom an assertion is for, wherever it is sent."""


@dataclass
class TokenService:
    """`certificates` are public keys in PEM of who may sign. `now` in seconds since 1970."""

    address: str
    certificates: dict[str, bytes]
    now: float
    revoked: set[str] = field(default_factory=set)
    """Refresh tokens, and key ids, that were taken back."""
    tokens: dict[str, float] = field(default_factory=dict)
    """Access tokens that were given, and when they end."""
    prefixes = ("/token", "/v1/token")
    numbers: Any = field(default_factory=count)

    def answer(self, call: Call) -> Reply:
        form = dict(parse_qsl(call.body.decode()))
        if call.path == "/v1/token":
            return self._exchanged(form)
        if form.get("grant_type") == "refresh_token":
            if form["refresh_token"] in self.revoked:
                return _refused("invalid_grant", "Token has been expired or revoked.")
            return self._given()
        return self._checked(form["assertion"], ASSERTED, "Invalid JWT: ")

    def _exchanged(self, form: dict[str, str]) -> Reply:
        if form.get("audience") != POOL:
            return _refused(
                "invalid_target", 'The target service indicated by the "audience" parameters is invalid.'
            )
        return self._checked(form["subject_token"], POOL)

    def _checked(self, token: str, audience: str, start: str = "") -> Reply:
        header = jwt.decode_header(token)
        if header.get("kid") in self.revoked or header.get("kid") not in self.certificates:
            return _refused("invalid_grant", "Invalid JWT Signature.")
        claims = jwt.decode(token, verify=False)
        try:
            jwt.decode(token, certs=self.certificates[header["kid"]], clock_skew_in_seconds=10**9)
        except ValueError:
            return _refused("invalid_grant", "Invalid JWT Signature.")
        if claims["aud"] != audience:
            said = f"The audience in ID Token [{claims['aud']}] does not match the expected audience {audience}."
            return _refused("invalid_grant", start + said)
        if claims["exp"] < self.now:
            return _refused("invalid_grant", f"{start}ID Token issued at {claims['iat']} is stale to sign-in.")
        return self._given()

    def _given(self) -> Reply:
        token = f"ya29.{next(self.numbers)}"
        self.tokens[token] = self.now + 3600
        kind = "urn:ietf:params:oauth:token-type:access_token"
        given = {"access_token": token, "expires_in": 3600, "token_type": "Bearer", "issued_token_type": kind}
        return document(given)

    def is_valid(self, authorization: str) -> bool:
        """Whether a service takes the header of a request."""
        return self.tokens.get(authorization.removeprefix("Bearer "), 0.0) > self.now


def _refused(code: str, said: str) -> Reply:
    body = json.dumps({"error": code, "error_description": said}).encode()
    return Reply(400, body, {"content-type": "application/json"})
