"""Signed statements: only what a trusted key signed, as what it was signed for, is believed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from miniprogram.attestations.envelope import (
    MAX_ENVELOPE_BYTES,
    NotBelieved,
    open_envelope,
    pre_authentication,
    seal_statement,
)
from miniprogram.attestations.key_texts import key_id_of, key_text, parse_key_text
from miniprogram.attestations.signatures import is_signature
from miniprogram.errors import DocumentError, MiniProgramError, UsageError
from miniprogram.seams.signing_key import ALGORITHMS, PublicKey
from testbed.trust_world import KINDS, MemoryKey

KIND = "application/vnd.test+json"
BODY = b'{"a": 1}'


@pytest.fixture(scope="module", params=list(KINDS))
def key(request: pytest.FixtureRequest) -> MemoryKey:
    return MemoryKey("ours", request.param)


def opened(body: bytes, *keys: MemoryKey, kind: str = KIND) -> bytes:
    return open_envelope(body, kind, [each.public() for each in keys], name="it").payload


def changed(body: bytes, **members: Any) -> bytes:
    return json.dumps({**json.loads(body), **members}).encode()


def test_what_a_trusted_key_signed_is_believed(key: MemoryKey) -> None:
    other = MemoryKey("other")
    found = open_envelope(seal_statement(KIND, BODY, [other, key]), KIND, [key.public()], name="it")

    assert (found.payload, found.key_ids) == (BODY, (key_id_of(key.public()),))


def test_signatures_are_over_what_dsse_says() -> None:
    assert pre_authentication("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_another_key_is_not_believed(key: MemoryKey) -> None:
    with pytest.raises(NotBelieved, match="not signed with a key that counts"):
        opened(seal_statement(KIND, BODY, [MemoryKey("thief")]), key)


def test_nobody_is_believed_where_no_key_is_trusted(key: MemoryKey) -> None:
    with pytest.raises(NotBelieved):
        opened(seal_statement(KIND, BODY, [key]))


def test_a_key_id_that_somebody_wrote_convinces_nobody(key: MemoryKey) -> None:
    forged = json.loads(seal_statement(KIND, BODY, [MemoryKey("thief")]))
    forged["signatures"][0]["keyid"] = key_id_of(key.public())
    with pytest.raises(NotBelieved):
        opened(json.dumps(forged).encode(), key)


def test_other_bytes_under_the_signature_are_not_believed(key: MemoryKey) -> None:
    body = changed(seal_statement(KIND, BODY, [key]), payload=base64.b64encode(b'{"a": 2}').decode())
    with pytest.raises(NotBelieved):
        opened(body, key)


def test_a_statement_is_not_taken_for_one_of_another_type(key: MemoryKey) -> None:
    body = seal_statement(KIND, BODY, [key])
    with pytest.raises(DocumentError, match="of the type"):
        opened(body, key, kind="application/other")
    with pytest.raises(NotBelieved):  # nor when somebody writes the other type over it
        opened(changed(body, payloadType="application/other"), key, kind="application/other")


def test_the_algorithm_is_that_of_the_trusted_key() -> None:
    """A key of another kind, called as the trusted one, signs nothing."""
    elliptic = MemoryKey("ours", "ecdsa")
    body = seal_statement(KIND, BODY, [elliptic])
    text = key_text(elliptic.public()).replace("ecdsa-sha2-nistp256:", "ed25519:")
    with pytest.raises(NotBelieved):
        open_envelope(body, KIND, [parse_key_text(text)], name="it")


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"payloadType": "application/vnd.test+json", "payload": "e30=", "signatures": []}',
        b'{"payloadType": "application/vnd.test+json", "payload": "***", "signatures": [{"sig": "AA=="}]}',
        b'{"payloadType": "application/vnd.test+json", "payload": "e30=", "signatures": [{"sig": "?"}]}',
        b" " * (MAX_ENVELOPE_BYTES + 1),
    ],
    ids=["list", "empty", "no signature", "no base64", "no base64 as signature", "too large"],
)
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(DocumentError):
        opened(body, MemoryKey("ours"))


def test_a_key_that_signs_something_else_is_found_out_at_once() -> None:
    class Broken(MemoryKey):
        def sign(self, message: bytes) -> bytes:
            return super().sign(message + b"!")

    with pytest.raises(MiniProgramError, match="cannot be verified with its own public key"):
        seal_statement(KIND, BODY, [Broken("broken")])


def test_a_key_as_text_is_the_same_key(key: MemoryKey) -> None:
    again = parse_key_text(key_text(key.public()))
    assert (again.der, again.algorithm) == (key.public().der, key.public().algorithm)


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:%%%", "md5:AAAA", "AAAA", "ed25519:" + "A" * 4000])
def test_a_text_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no public key"):
        parse_key_text(text)


def signed_by(private: Any, algorithm: str) -> tuple[PublicKey, bytes]:
    """A key that is called `algorithm`, and what it signs as its own kind does."""
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    how = {
        rsa.RSAPrivateKey: (padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
        ec.EllipticCurvePrivateKey: (ec.ECDSA(hashes.SHA256()),),
    }
    arguments = next((each for kind, each in how.items() if isinstance(private, kind)), ())
    return PublicKey("it", algorithm, der), private.sign(BODY, *arguments)  # type: ignore[arg-type]


MADE: dict[str, Any] = {
    "ed25519": KINDS["ed25519"],
    "ecdsa-sha2-nistp256": KINDS["ecdsa"],
    "rsassa-pss-sha256": KINDS["rsa"],
    "another curve": lambda: ec.generate_private_key(ec.SECP384R1()),
    "a short key": lambda: rsa.generate_private_key(65537, 1024),
}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("kind", list(MADE))
def test_a_key_signs_by_its_own_algorithm_and_no_other(kind: str, algorithm: str) -> None:
    key, signature = signed_by(MADE[kind](), algorithm)
    assert is_signature(key, BODY, signature) is (kind == algorithm)
    assert not is_signature(key, BODY + b"!", signature)


@pytest.mark.parametrize("signature", [b"", b"x", bytes(64), bytes(512)])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_no_signature_is_none_whatever_its_form(algorithm: str, signature: bytes) -> None:
    key, _ = signed_by(MADE[algorithm](), algorithm)
    assert not is_signature(key, BODY, signature)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_bytes_that_are_no_key_sign_nothing(algorithm: str) -> None:
    assert not is_signature(PublicKey("it", algorithm, b"nonsense"), BODY, b"x")  # type: ignore[arg-type]
