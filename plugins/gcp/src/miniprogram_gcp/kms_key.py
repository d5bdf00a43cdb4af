"""A key of Cloud KMS that signs. Its private part never leaves the service."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.provider_kit.sdk_errors import SdkErrors, when
from miniprogram.seams.signing_key import Algorithm, PublicKey
from miniprogram_gcp.cloud_errors import cloud_errors
from miniprogram_gcp.google_calls import GoogleCalls, service_calls

ADDRESS = "https://cloudkms.googleapis.com"
API = "cloudkms"
ALGORITHMS: Mapping[str, Algorithm] = {
    "EC_SIGN_ED25519": "ed25519",
    "EC_SIGN_P256_SHA256": "ecdsa-sha2-nistp256",
    "RSA_SIGN_PSS_2048_SHA256": "rsassa-pss-sha256",
    "RSA_SIGN_PSS_3072_SHA256": "rsassa-pss-sha256",
    "RSA_SIGN_PSS_4096_SHA256": "rsassa-pss-sha256",
}
"""Our names by those of Cloud KMS."""
MOST_WHOLE_BYTES = 64 * 1024
"""Ed25519 signs messages themselves, and Cloud KMS takes none that is longer. Other keys sign a digest."""
_NAME = re.compile(
    r"projects/(?P<project>[^/]+)/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+/cryptoKeyVersions/[0-9]+"
)


class KmsSigningKey:
    """Implements SigningKey. The key is one version: after a rotation there is another, under another name."""

    def __init__(self, name: str, environ: Mapping[str, str], environment: str) -> None:
        """Raises UsageError for a name that no version of a key has."""
        match = _NAME.fullmatch(name)
        if match is None:
            raise UsageError(
                f"{name} names no version of a key of Cloud KMS",
                hint="Give it whole: projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/1.",
            )
        self._name, self._environ = name, environ
        self._project, self._environment = match["project"], environment

    @property
    def name(self) -> str:
        return self._name

    def public(self) -> PublicKey:
        return self._public

    def sign(self, message: bytes) -> bytes:
        if self._public.algorithm == "ed25519":
            if len(message) > MOST_WHOLE_BYTES:
                raise MiniProgramError(
                    f"{self._name} cannot sign {len(message)} bytes: Cloud KMS takes 65536 for Ed25519",
                    hint="Take a key of the algorithm EC_SIGN_P256_SHA256.",
                )
            asked: dict[str, Any] = {"data": b64encode(message).decode(), "dataCrc32c": str(crc32c(message))}
            confirmed = "verifiedDataCrc32c"
        else:
            digest = sha256(message).digest()
            asked = {"digest": {"sha256": b64encode(digest).decode()}, "digestCrc32c": str(crc32c(digest))}
            confirmed = "verifiedDigestCrc32c"
        answer = self._call("sign with", "POST", f"/v1/{self._name}:asymmetricSign", asked)
        signature = b64decode(answer["signature"])
        self._require_whole(answer, signature, "signatureCrc32c")
        if answer.get(confirmed) is not True:
            raise MiniProgramError(f"what was to be signed did not reach {self._name} whole; run the same command")
        return signature

    @cached_property
    def _public(self) -> PublicKey:
        answer = self._call("read", "GET", f"/v1/{self._name}/publicKey", None)
        algorithm = ALGORITHMS.get(answer.get("algorithm", ""))
        if algorithm is None:
            raise MiniProgramError(
                f"{self._name} is a key of a kind that is not used here: {answer.get('algorithm')}",
                hint=f"One of {', '.join(ALGORITHMS)}.",
            )
        pem: str = answer["pem"]
        self._require_whole(answer, pem.encode(), "pemCrc32c")
        der = b64decode("".join(line for line in pem.splitlines() if not line.startswith("-----")))
        return PublicKey(sha256(der).hexdigest(), algorithm, der)

    def _require_whole(self, answer: Mapping[str, Any], content: bytes, checksum: str) -> None:
        """Raises MiniProgramError for an answer of another key, or one that was damaged on the way."""
        if answer.get("name") != self._name or int(answer.get(checksum, -1)) != crc32c(content):
            raise MiniProgramError(f"the answer about {self._name} was damaged on the way; run the same command")

    def _call(self, doing: str, verb: str, path: str, body: object) -> dict[str, Any]:
        with self._errors.mapped(f"{doing} {self._name}", resource=f"the key {self._name}"):
            found: dict[str, Any] = self._calls.call(verb, path, json=body).json()
        return found

    @cached_property
    def _calls(self) -> GoogleCalls:
        return service_calls(API, ADDRESS, self._environ)

    @cached_property
    def _errors(self) -> SdkErrors:
        table = cloud_errors("Cloud KMS", self._project, self._environment)
        own = (
            when((), "there is no such key", "Correct the name, or make the key.", statuses=(404,)),
            when(
                {"FAILED_PRECONDITION"},
                "this version of the key is not enabled",
                "Enable it, or take another version.",
            ),
        )
        return SdkErrors(table.read, (*own, *table.rules), table.redact, table.default)


def crc32c(content: bytes) -> int:
    """The checksum that Cloud KMS asks for (Castagnoli)."""
    table, crc = _table(), 0xFFFFFFFF
    for byte in content:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)  # noqa: PLW2901 - shifted out
        found.append(byte)
    return tuple(found)
