"""Sign-ins that Google's token service refuses: a wrong audience, what has ended, what was taken back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt

from miniprogram.errors import MiniProgramError
from miniprogram_gcp import credentials
from miniprogram_gcp.google_calls import GoogleCalls, Refused
from testbed.google.server import Call, GoogleStandIn, Reply, document, refusal
from testbed.google.tokens import POOL, TokenService

KEY_ID, FOREIGN = "key-1", "key-of-somebody-else"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
PIPELINE = {"GOOGLE_OAUTH_CLIENT_ID": "client", "GOOGLE_OAUTH_CLIENT_SECRET": "shared"}


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    made = made.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=36_500))
    return made.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


CERTIFICATE = certificate()


class Guarded:
    """A service that takes only tokens which the token service gave, and that have not ended."""

    prefixes = ("/guarded",)

    def __init__(self, tokens: TokenService) -> None:
        self.tokens = tokens

    def answer(self, call: Call) -> Reply:
        if self.tokens.is_valid(call.headers.get("authorization", "")):
            return document({"ok": True})
        return refusal(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")


@pytest.fixture
def tokens() -> Iterator[TokenService]:
    with GoogleStandIn().running() as stand_in:
        service = TokenService(stand_in.address, {KEY_ID: CERTIFICATE}, time.time())
        stand_in.services += [Guarded(service), service]
        yield service


@pytest.fixture(autouse=True)
def _local_exchange(tokens: TokenService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_TOKEN_URL", f"{tokens.address}/token")


def key_file(folder: Path, tokens: TokenService, *, key_id: str = KEY_ID) -> dict[str, str]:
    """A service account."""
    document = {
        "type": "service_account",
        "client_email": "publisher@shop.iam.gserviceaccount.com",
        "private_key_id": key_id,
        "private_key": PEM.decode(),
        "token_uri": f"{tokens.address}/token",
    }
    return written(folder, document)


def workload(
    folder: Path,
    tokens: TokenService,
    *,
    audience: str = POOL,
    pool: str = POOL,
    age_s: float = 0,
    kid: str = KEY_ID,
) -> dict[str, str]:
    """A pipeline's identity: a token of its forge, which Google exchanges."""
    issued = int(tokens.now - age_s)
    claims = {
        "iss": "https://forge.example",
        "sub": "repo:shop",
        "aud": audience,
        "iat": issued,
        "exp": issued + 600,
    }
    (folder / "forge-token").write_bytes(jwt.encode(crypt.RSASigner.from_string(PEM, kid), claims))
    document = {
        "type": "external_account",
        "audience": pool,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{tokens.address}/v1/token",
        "credential_source": {"file": str(folder / "forge-token")},
    }
    return written(folder, document)


def written(folder: Path, document: Mapping[str, Any]) -> dict[str, str]:
    path = folder / "sign-in.json"
    path.write_text(json.dumps(document))
    return {"GOOGLE_APPLICATION_CREDENTIALS": str(path)}


def refreshing(folder: Path, tokens: TokenService) -> dict[str, str]:
    del folder, tokens
    return {"FIREBASE_TOKEN": "1//of-a-pipeline", **PIPELINE}


def calls(environ: Mapping[str, str], tokens: TokenService) -> GoogleCalls:
    return GoogleCalls(tokens.address, environ, sleep=lambda _: None)


SignIn = Callable[[Path, TokenService], dict[str, str]]
SIGN_INS: dict[str, SignIn] = {"key file": key_file, "workload identity": workload, "refresh token": refreshing}


@pytest.mark.parametrize("sign_in", SIGN_INS.values(), ids=SIGN_INS)
class TestEachSignIn:
    def test_it_is_taken(self, sign_in: SignIn, tokens: TokenService, tmp_path: Path) -> None:
        asked = calls(sign_in(tmp_path, tokens), tokens)

        assert [asked.call("GET", "/guarded").json() for _ in range(2)] == [{"ok": True}] * 2
        assert len(tokens.tokens) == 1

    def test_an_access_token_that_ends_between_requests_is_renewed(
        self, sign_in: SignIn, tokens: TokenService, tmp_path: Path
    ) -> None:
        asked = calls(sign_in(tmp_path, tokens), tokens)
        asked.call("GET", "/guarded")
        tokens.tokens = dict.fromkeys(tokens.tokens, 0.0)

        assert asked.call("GET", "/guarded").json() == {"ok": True}
        assert len(tokens.tokens) == 2

    def test_a_service_that_takes_no_token_is_asked_twice_and_not_for_ever(
        self, sign_in: SignIn, tokens: TokenService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(TokenService, "is_valid", lambda self, authorization: False)

        with pytest.raises(Refused) as caught:
            calls(sign_in(tmp_path, tokens), tokens).call("GET", "/guarded")

        assert (caught.value.status, len(tokens.tokens)) == (401, 2)

    def test_a_sign_in_that_cannot_be_reached_is_not_one_that_has_ended(
        self, sign_in: SignIn, tokens: TokenService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(credentials, "_TOKEN_URL", "http://127.0.0.1:9/token")
        address, tokens.address = tokens.address, "http://127.0.0.1:9"
        environ = sign_in(tmp_path, tokens)
        tokens.address = address

        with pytest.raises(MiniProgramError, match=r"Google's sign-in cannot be reached: ConnectError"):
            calls(environ, tokens).call("GET", "/guarded")


Spoil = Callable[[Path, TokenService], dict[str, str]]


def taken_back(sign_in: SignIn, what: str) -> Spoil:
    def spoil(folder: Path, tokens: TokenService) -> dict[str, str]:
        tokens.revoked.add(what)
        return sign_in(folder, tokens)

    return spoil


def behind(folder: Path, tokens: TokenService) -> dict[str, str]:
    tokens.now += 2 * 3600
    return key_file(folder, tokens)


REFUSED: dict[str, tuple[Spoil, str]] = {
    "key file, of a machine whose clock is behind": (behind, "is stale to sign-in"),
    "key file, that was deleted": (taken_back(key_file, KEY_ID), "invalid_grant: Invalid JWT Signature"),
    "key file, of nobody": (
        lambda folder, tokens: key_file(folder, tokens, key_id=FOREIGN),
        "invalid_grant: Invalid JWT Signature",
    ),
    "workload identity, for another audience": (
        lambda folder, tokens: workload(folder, tokens, audience="sigstore"),
        "The audience in ID Token [sigstore] does not match the expected audience",
    ),
    "workload identity, of another pool": (
        lambda folder, tokens: workload(folder, tokens, pool=POOL.replace("forge", "other")),
        "invalid_target",
    ),
    "workload identity, that has ended": (
        lambda folder, tokens: workload(folder, tokens, age_s=3600),
        "is stale to sign-in",
    ),
    "workload identity, of another forge": (
        lambda folder, tokens: workload(folder, tokens, kid=FOREIGN),
        "Invalid JWT Signature",
    ),
    "refresh token, that was taken back": (
        taken_back(refreshing, "1//of-a-pipeline"),
        "Token has been expired or revoked",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), REFUSED.values(), ids=REFUSED)
def test_why_a_sign_in_is_refused_is_said(spoil: Spoil, said: str, tokens: TokenService, tmp_path: Path) -> None:
    environ = spoil(tmp_path, tokens)

    with pytest.raises(MiniProgramError) as caught:
        calls(environ, tokens).call("GET", "/guarded")

    text = str(caught.value)
    assert text.startswith("Google refuses the sign-in: ")
    assert said in text
    assert "gcloud auth application-default login" in (caught.value.hint or "")
    for secret in ("1//", "BEGIN", "eyJ", "shared", "publisher@"):
        assert secret not in text
    assert tokens.tokens == {}
