"""A signed statement as one JSON document: DSSE, https://github.com/secure-systems-lab/dsse.

What is signed is the type and the bytes together, so that a statement of one kind is never taken for one of
another; whoever reads it checks the signature before looking into the bytes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ConfigDict, Field

from miniprogram.attestations.key_texts import key_id_of
from miniprogram.attestations.signatures import is_signature
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.models import CamelModel
from miniprogram.seams.signing_key import PublicKey, SigningKey
from miniprogram.strict_json import parse_json, parse_model, to_canonical_json

MAX_ENVELOPE_BYTES = 4 * 1024 * 1024
MOST_SIGNATURES = 32


class NotBelieved(MiniProgramError):  # noqa: N818 - what is the case, not what is wrong
    """A statement that nobody signed whose word counts."""


class _Signature(CamelModel):
    model_config = ConfigDict(strict=True)

    keyid: str = ""
    sig: str


class _Envelope(CamelModel):
    model_config = ConfigDict(strict=True)

    payload_type: str
    payload: str
    signatures: tuple[_Signature, ...] = Field(strict=False, min_length=1, max_length=MOST_SIGNATURES)


@dataclass(frozen=True, slots=True)
class Believed:
    """The bytes of a statement, and the ids of the trusted keys that signed them, sorted."""

    payload: bytes = field(repr=False)
    key_ids: tuple[str, ...]


def seal_statement(payload_type: str, payload: bytes, keys: Sequence[SigningKey]) -> bytes:
    """The envelope around `payload`, signed with every one of `keys`, each signature checked.

    Raises MiniProgramError when a key cannot be used, or signs what its public part does not verify.
    """
    signed = pre_authentication(payload_type, payload)
    signatures: list[dict[str, Any]] = []
    for key in keys:
        signature = key.sign(signed)
        if not is_signature(key.public(), signed, signature):
            raise MiniProgramError(f"what {key.name} signed cannot be verified with its own public key")
        signatures.append({"keyid": key_id_of(key.public()), "sig": base64.b64encode(signature).decode()})
    envelope = {
        "payloadType": payload_type,
        "payload": base64.b64encode(payload).decode(),
        "signatures": signatures,
    }
    return to_canonical_json(envelope)


def open_envelope(body: bytes, payload_type: str, trusted: Iterable[PublicKey], *, name: str) -> Believed:
    """What `body` says, when one of `trusted` signed it as a statement of `payload_type`.

    Raises NotBelieved when none did, DocumentError for what is no such envelope.
    """
    payload, signatures = _read(body, payload_type, name)
    signed = pre_authentication(payload_type, payload)
    good = sorted(
        key_id_of(key) for key in trusted if any(is_signature(key, signed, signature) for signature in signatures)
    )
    if not good:
        raise NotBelieved(f"{name} is not signed with a key that counts")
    return Believed(payload, tuple(dict.fromkeys(good)))


def peek(body: bytes, payload_type: str, *, name: str) -> bytes:
    """The bytes in an envelope, whoever signed them: to be shown, never to be relied on."""
    return _read(body, payload_type, name)[0]


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """What is signed: type and bytes with their lengths, so that neither runs into the other."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _read(body: bytes, payload_type: str, name: str) -> tuple[bytes, list[bytes]]:
    if len(body) > MAX_ENVELOPE_BYTES:
        raise DocumentError(f"{name} is too large for a signed statement")
    found = parse_model(_Envelope, parse_json(body, name=name), name=name)
    if found.payload_type != payload_type:
        raise DocumentError(f"{name} is a statement of the type {found.payload_type!r}, not {payload_type!r}")
    return _decoded(found.payload, name), [_decoded(each.sig, name) for each in found.signatures]


def _decoded(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DocumentError(f"{name} holds what is no base64") from None
