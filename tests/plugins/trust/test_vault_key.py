"""A key of Vault's transit engine: at a stand-in that answers as its documentation says, and signs."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.seams.signing_key import SigningKey
from miniprogram.testing import SigningKeyContract
from miniprogram.testing.signing_key_contract import is_signed
from miniprogram_trust.signers.vault_key import VaultSigningKey

ENVIRON = {"VAULT_ADDR": "http://vault.example:8200", "VAULT_TOKEN": "hvs.secret"}


class Transit:
    """The transit engine below `/v1/transit`. `versions` of the one key `shop`, the newest last."""

    def __init__(self, kind: str) -> None:
        self.kind, self.versions = kind, [self._new(kind)]

    def rotate(self) -> None:
        self.versions.append(self._new(self.kind))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("x-vault-token") != "hvs.secret":
            return httpx.Response(403, json={"errors": ["permission denied"]})
        match request.method, request.url.path.split("/")[3:]:
            case "GET", ["keys", "shop"]:
                return httpx.Response(200, json={"data": self._described()})
            case "POST", ["sign", "shop"]:
                return httpx.Response(200, json={"data": {"signature": self._signed(json.loads(request.content))}})
            case "GET", ["keys", "secret"]:
                keys = {"1": 1700000000}
                return httpx.Response(
                    200, json={"data": {"type": "aes256-gcm96", "latest_version": 1, "keys": keys}}
                )
        return httpx.Response(404, json={"errors": []})

    def _new(self, kind: str) -> Any:
        if kind == "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        if kind == "ecdsa-p256":
            return ec.generate_private_key(ec.SECP256R1())
        return rsa.generate_private_key(65537, 2048)

    def _described(self) -> dict[str, Any]:
        keys = {}
        for number, private in enumerate(self.versions, 1):
            public = private.public_key()
            if self.kind == "ed25519":
                text = b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
            else:
                text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
            keys[str(number)] = {"public_key": text, "name": self.kind}
        return {"type": self.kind, "latest_version": len(keys), "keys": keys}

    def _signed(self, asked: dict[str, Any]) -> str:
        message, private = b64decode(asked["input"]), self.versions[asked["key_version"] - 1]
        if self.kind == "ed25519":
            signature = private.sign(message)
        elif self.kind == "ecdsa-p256":
            assert (asked["hash_algorithm"], asked["marshaling_algorithm"]) == ("sha2-256", "asn1")
            signature = private.sign(message, ec.ECDSA(hashes.SHA256()))
        else:
            assert (asked["signature_algorithm"], asked["salt_length"]) == ("pss", "hash")
            signature = private.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        return f"vault:v{asked['key_version']}:{b64encode(signature).decode()}"


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa-p256", "rsa-2048"])
class TestVaultSigningKey(SigningKeyContract):
    @pytest.fixture(autouse=True)
    def _vault(self, kind: str) -> None:
        self.transit = Transit(kind)

    def make_key(self) -> SigningKey:
        return VaultSigningKey("shop", ENVIRON, transport=httpx.MockTransport(self.transit))

    def make_missing_key(self) -> SigningKey:
        return VaultSigningKey("nothing", ENVIRON, transport=httpx.MockTransport(self.transit))


def test_a_key_that_is_rotated_meanwhile_signs_with_the_version_it_told_of() -> None:
    transit = Transit("ed25519")
    key = VaultSigningKey("transit/shop", ENVIRON, transport=httpx.MockTransport(transit))
    public = key.public()

    transit.rotate()

    assert is_signed(b"a", key.sign(b"a"), public)


@pytest.mark.parametrize(
    ("environ", "name", "said"),
    [
        ({}, "shop", "set VAULT_ADDR and VAULT_TOKEN"),
        ({**ENVIRON, "VAULT_TOKEN": "other"}, "shop", "the token may not do that"),
        (ENVIRON, "secret", "is a symmetric key"),
        (ENVIRON, "nothing", "there is no such key"),
    ],
    ids=["no address", "wrong token", "symmetric", "missing"],
)
def test_what_is_wrong_is_said_without_the_token(environ: dict[str, str], name: str, said: str) -> None:
    key = VaultSigningKey(name, environ, transport=httpx.MockTransport(Transit("ed25519")))

    with pytest.raises(MiniProgramError, match=said) as refusal:
        key.public()
    assert "hvs." not in str(refusal.value)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"data": {"keys": 1}}),
        httpx.Response(503, json={"errors": ["Vault is sealed"]}),
    ],
    ids=["no JSON", "a list", "no keys", "sealed"],
)
def test_an_answer_that_is_none_is_said(answer: httpx.Response) -> None:
    key = VaultSigningKey("shop", ENVIRON, transport=httpx.MockTransport(lambda _: answer))

    with pytest.raises(MiniProgramError, match=r"Vault|sealed"):
        key.public()


@pytest.mark.parametrize("name", ["a b", "", "../..?x", "shop\n"])
def test_a_name_that_no_key_has_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        VaultSigningKey(name, ENVIRON)
