"""A key in the transit engine of a Vault (or OpenBao). Its private part never leaves the service.

`vault:NAME` or `vault:MOUNT/NAME`; the address and the token come from `VAULT_ADDR` and `VAULT_TOKEN`, as for
Vault's own command, the namespace from `VAULT_NAMESPACE`. The newest version of the key signs.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import httpx

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.provider_kit.public_keys import public_key_in_der, public_key_in_pem
from miniprogram.seams.signing_key import PublicKey

TIMEOUT_S = 30.0
ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")
"""What stands before an Ed25519 key in a SubjectPublicKeyInfo: Vault tells the bare key."""
_NAME = re.compile(r"(?:(?P<mount>[A-Za-z0-9_./-]+)/)?(?P<key>[A-Za-z0-9_.-]+)")


class VaultSigningKey:
    """Implements SigningKey. The version that is the newest when it is first asked is the one that signs."""

    def __init__(
        self, name: str, environ: Mapping[str, str], *, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Raises UsageError for a name that no key has, and without an address."""
        match = _NAME.fullmatch(name)
        if match is None:
            raise UsageError(f"vault:{name} names no key: give NAME, or MOUNT/NAME")
        self._mount, self._key = match["mount"] or "transit", match["key"]
        self._environ, self._transport = environ, transport

    @property
    def name(self) -> str:
        return f"{self._mount}/{self._key}"

    def public(self) -> PublicKey:
        return self._public

    def sign(self, message: bytes) -> bytes:
        algorithm = self._public.algorithm
        asked: dict[str, Any] = {"input": b64encode(message).decode(), "key_version": self._version}
        if algorithm != "ed25519":
            asked |= {"hash_algorithm": "sha2-256", "marshaling_algorithm": "asn1"}
        if algorithm == "rsassa-pss-sha256":
            asked |= {"signature_algorithm": "pss", "salt_length": "hash"}
        signature = self._call("sign with", "POST", f"sign/{self._key}", asked).get("signature")
        parts = signature.split(":") if isinstance(signature, str) else []
        if len(parts) != 3 or parts[:2] != ["vault", f"v{self._version}"]:
            raise MiniProgramError(f"Vault answered with something else than a signature of {self.name}")
        return b64decode(parts[2])

    @cached_property
    def _public(self) -> PublicKey:
        text = self._described["keys"][str(self._version)].get("public_key", "")
        if self._described.get("type") == "ed25519":
            return public_key_in_der(ED25519_PREFIX + b64decode(text), name=f"Vault's {self.name}")
        return public_key_in_pem(text.encode(), name=f"Vault's {self.name}")

    @cached_property
    def _version(self) -> int:
        return int(self._described["latest_version"])

    @cached_property
    def _described(self) -> dict[str, Any]:
        found = self._call("read", "GET", f"keys/{self._key}", None)
        keys = found.get("keys")
        if not isinstance(keys, dict) or str(found.get("latest_version")) not in keys:
            raise MiniProgramError(f"Vault tells nothing of a key {self.name}")
        if not isinstance(keys[str(found["latest_version"])], dict):
            raise MiniProgramError(
                f"Vault's {self.name} is a symmetric key, which cannot be verified by others",
                hint="Make one of the type ed25519, ecdsa-p256, or rsa-2048 and more.",
            )
        return found

    def _call(self, doing: str, verb: str, path: str, body: object) -> dict[str, Any]:
        what = f"{doing} the key {self.name} of Vault"
        address, token = self._environ.get("VAULT_ADDR", ""), self._environ.get("VAULT_TOKEN", "")
        if not address or not token:
            raise MiniProgramError(f"cannot {what}: set VAULT_ADDR and VAULT_TOKEN, as for Vault's own command")
        headers = {"X-Vault-Token": token, "X-Vault-Request": "true"}
        if namespace := self._environ.get("VAULT_NAMESPACE"):
            headers["X-Vault-Namespace"] = namespace
        url = f"{address.rstrip('/')}/v1/{self._mount}/{path}"
        try:
            with httpx.Client(timeout=TIMEOUT_S, transport=self._transport) as client:
                answer = client.request(verb, url, json=body, headers=headers)
            document = answer.json() if answer.content else {}
        except httpx.HTTPError as error:
            raise MiniProgramError(f"cannot {what}: it cannot be reached ({type(error).__name__})") from error
        except (ValueError, httpx.InvalidURL):
            raise MiniProgramError(f"cannot {what}: what answers at VAULT_ADDR is no Vault") from None
        if answer.status_code != 200:
            raise MiniProgramError(f"cannot {what}: {_reason(answer.status_code, document)}")
        data = document.get("data") if isinstance(document, dict) else None
        if not isinstance(data, dict):
            raise MiniProgramError(f"cannot {what}: what answers at VAULT_ADDR is no Vault")
        return data


def _reason(status: int, document: object) -> str:
    if status == 404:
        return "there is no such key"
    if status == 403:
        return "the token may not do that"
    errors = document.get("errors") if isinstance(document, dict) else None
    said = "; ".join(" ".join(str(each).split()) for each in errors) if isinstance(errors, list) else ""
    return f"it answered {status}{': ' + said if said else ''}"
