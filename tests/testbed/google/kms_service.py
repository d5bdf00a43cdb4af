"""Cloud KMS: versions of keys that sign, and checksums of what goes either way."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from miniprogram_gcp.kms_key import crc32c
from testbed.google.discovery_check import described
from testbed.google.server import Call, Reply, document, refusal

_MADE = {
    "EC_SIGN_ED25519": ed25519.Ed25519PrivateKey.generate,
    "EC_SIGN_P256_SHA256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EC_SIGN_P384_SHA384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA_SIGN_PSS_2048_SHA256": lambda: rsa.generate_private_key(65537, 2048),
}
_PATH = re.compile(r"(?P<name>projects/.+/cryptoKeyVersions/\d+)(?P<verb>:asymmetricSign|/publicKey)")


class KmsService:
    """Versions of keys by name."""

    prefixes = ("/cloudkms/",)

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, Any]] = {}
        self.disabled: set[str] = set()
        self.damages = ""
        """A member of answers that is damaged on the way."""

    def make(self, name: str, algorithm: str) -> str:
        self.keys[name] = (algorithm, _MADE[algorithm]())
        return name

    def answer(self, call: Call) -> Reply:
        if not call.headers.get("authorization", "").startswith("Bearer "):
            return refusal(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        raw, body = call.raw_path.removeprefix("/cloudkms"), call.json if call.body else None
        faults = described("cloudkms.v1").faults(call.verb, raw, call.query, body)
        if faults:
            return refusal(400, "; ".join(faults), "INVALID_ARGUMENT")
        match = _PATH.fullmatch(raw.removeprefix("/v1/"))
        if match is None or match["name"] not in self.keys:
            return refusal(404, f"CryptoKeyVersion {raw} not found.", "NOT_FOUND")
        name = match["name"]
        if name in self.disabled:
            return refusal(400, f"{name} is not enabled, current state is: DISABLED.", "FAILED_PRECONDITION")
        algorithm, key = self.keys[name]
        if match["verb"] == "/publicKey":
            pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            told = {"pem": pem.decode(), "pemCrc32c": str(crc32c(pem)), "algorithm": algorithm, "name": name}
            return self._reply(told)
        return self._sign(name, key, call.json)

    def _sign(self, name: str, key: Any, asked: dict[str, Any]) -> Reply:
        takes_data = isinstance(key, ed25519.Ed25519PrivateKey)
        if takes_data != ("data" in asked) or takes_data == ("digest" in asked):
            return refusal(400, "exactly one of data and digest, as the algorithm wants it", "INVALID_ARGUMENT")
        content = b64decode(asked["data"] if takes_data else asked["digest"]["sha256"])
        checksum = "dataCrc32c" if takes_data else "digestCrc32c"
        if int(asked[checksum]) != crc32c(content) or (not takes_data and len(content) != 32):
            return refusal(400, f"The checksum in field {checksum} did not match the data", "INVALID_ARGUMENT")
        if len(content) > 64 * 1024:
            return refusal(400, "data must be at most 65536 bytes", "INVALID_ARGUMENT")
        digested = utils.Prehashed(hashes.SHA256())
        if takes_data:
            signature = key.sign(content)
        elif isinstance(key, rsa.RSAPrivateKey):
            signature = key.sign(content, padding.PSS(padding.MGF1(hashes.SHA256()), 32), digested)
        else:
            signature = key.sign(content, ec.ECDSA(digested))
        told = {
            "signature": b64encode(signature).decode(),
            "signatureCrc32c": str(crc32c(signature)),
            "name": name,
        }
        return self._reply({**told, f"verified{checksum[0].upper()}{checksum[1:]}": True})

    def _reply(self, told: dict[str, Any]) -> Reply:
        if self.damages in told:
            told[self.damages] = {"name": "another", "signatureCrc32c": "1", "pemCrc32c": "1"}.get(
                self.damages, False
            )
        return document(told)
