"""Who signs in: found in one order, never guessed, never shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from miniprogram.errors import MiniProgramError
from miniprogram_gcp.credentials import Credentials

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)


class TokenService:
    """Google's: each request gets another token, for an hour."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.client = httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if b"refused" in request.content:
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": "Token was revoked."})
        return httpx.Response(200, json={"access_token": f"token-{len(self.requests)}", "expires_in": 3600})

    def credentials(self, **environ: str) -> Credentials:
        return Credentials(self.client, environ, scopes=("https://www.googleapis.com/auth/firebase",))


@pytest.fixture
def google() -> Iterator[TokenService]:
    service = TokenService()
    with service.client:
        yield service


def service_account(path: Path) -> Path:
    document = {
        "type": "service_account",
        "client_email": "publisher@shop.iam.gserviceaccount.com",
        "private_key": KEY.decode(),
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
    return path


def token(credentials: Credentials, *, renew: bool = False) -> str:
    return credentials.headers(renew=renew)["authorization"].removeprefix("Bearer ")


def test_an_access_token_of_the_environment_is_used_as_it_is(google: TokenService) -> None:
    credentials = google.credentials(FIREBASE_TOKEN=" ya29.secret ", GOOGLE_APPLICATION_CREDENTIALS="/nowhere")

    assert token(credentials) == "ya29.secret"
    with pytest.raises(MiniProgramError, match="Google refuses the token in FIREBASE_TOKEN") as caught:
        token(credentials, renew=True)
    assert "ya29" not in f"{caught.value}{caught.value.hint}"
    assert google.requests == []


CLIENT = {"GOOGLE_OAUTH_CLIENT_ID": "client", "GOOGLE_OAUTH_CLIENT_SECRET": "shared"}


def test_a_refresh_token_is_exchanged_once(google: TokenService) -> None:
    credentials = google.credentials(FIREBASE_TOKEN="1//refresh", **CLIENT)

    assert [token(credentials), token(credentials)] == ["token-1", "token-1"]
    assert b"refresh_token=1%2F%2Frefresh" in google.requests[0].content
    assert token(credentials, renew=True) == "token-2"
    assert len(google.requests) == 2


@pytest.mark.parametrize("lacking", CLIENT)
def test_a_refresh_token_of_nobody_is_refused_before_it_is_sent(lacking: str, google: TokenService) -> None:
    credentials = google.credentials(FIREBASE_TOKEN="1//refresh", **{**CLIENT, lacking: " "})

    with pytest.raises(MiniProgramError, match="do not say whose") as caught:
        token(credentials)

    assert google.requests == []
    assert "1//" not in f"{caught.value}{caught.value.hint}"


def test_a_token_that_was_taken_back_is_said(google: TokenService) -> None:
    credentials = google.credentials(FIREBASE_TOKEN="1//refused", **CLIENT)

    with pytest.raises(
        MiniProgramError, match="Google refuses the sign-in: invalid_grant: Token was revoked"
    ) as caught:
        token(credentials)
    assert "1//" not in f"{caught.value}{caught.value.hint}"


def test_a_key_file_signs_in(google: TokenService, tmp_path: Path) -> None:
    credentials = google.credentials(GOOGLE_APPLICATION_CREDENTIALS=str(service_account(tmp_path / "key.json")))

    assert token(credentials) == "token-1"
    assert b"jwt-bearer" in google.requests[0].content


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"type": "pigeon"}'])
def test_a_key_file_that_is_none_is_said(content: str | None, google: TokenService, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(MiniProgramError, match="nobody is signed in to Google Cloud") as caught:
        token(google.credentials(GOOGLE_APPLICATION_CREDENTIALS=str(path)))
    assert "gcloud auth application-default login" in str(caught.value.hint)
