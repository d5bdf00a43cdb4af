"""A key of AWS KMS that signs. Its private part never leaves the service.

`awskms:alias/miniprograms`, `awskms:KEY-ID` or `awskms:ARN`; signed in to as every AWS command is, in the region
of the ARN, else of `AWS_REGION`. The key has to be asymmetric, for signing: `ECC_NIST_P256`, or RSA.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.provider_kit.public_keys import public_key_in_der
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram.seams.signing_key import PublicKey
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.settings import AwsSettings

if TYPE_CHECKING:
    from miniprogram.seams.signing_key import Algorithm

ALGORITHMS: Mapping[Algorithm, str] = {
    "ecdsa-sha2-nistp256": "ECDSA_SHA_256",
    "rsassa-pss-sha256": "RSASSA_PSS_SHA_256",
}
"""Those of KMS by our names."""
KINDS = "Make one of the kind ECC_NIST_P256, or RSA_2048 and more, for SIGN_VERIFY."
_NAME = re.compile(
    r"(?:arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d{12}:)?"
    r"(?:(?:key/)?(?:mrk-)?[0-9a-f]{8}[0-9a-f-]{24,28}|alias/[A-Za-z0-9/_-]+)"
)


class AwsKmsSigningKey:
    """Implements SigningKey. What an alias names when it is first asked is the key that signs."""

    def __init__(self, name: str, environ: Mapping[str, str], home: Path) -> None:
        """Raises UsageError for a name that no key has, and without a region."""
        match = _NAME.fullmatch(name)
        if match is None:
            raise UsageError(f"awskms:{name} names no key: give its id, its ARN, or alias/NAME")
        region = match["region"] or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
        if not region:
            raise UsageError(f"the region of awskms:{name} is not known", hint="Set AWS_REGION, or give the ARN.")
        self._name = name
        # no bucket is asked for: the settings are those of the sign-in and of addresses
        settings = AwsSettings(bucket="none-is-used", region=region)
        self._clients = AwsClients(settings, ProviderContext("signing", home, home, environ))

    @property
    def name(self) -> str:
        return self._name

    def public(self) -> PublicKey:
        return self._public

    def sign(self, message: bytes) -> bytes:
        algorithm = ALGORITHMS[self._public.algorithm]
        digest = sha256(message).digest()
        with self._errors("sign with"):
            answer = self._kms.sign(
                KeyId=self._described["KeyId"], Message=digest, MessageType="DIGEST", SigningAlgorithm=algorithm
            )
        signature: bytes = answer["Signature"]
        return signature

    @cached_property
    def _public(self) -> PublicKey:
        described = self._described
        public = public_key_in_der(described["PublicKey"], name=f"AWS KMS's {self._name}")
        if ALGORITHMS.get(public.algorithm) not in described.get("SigningAlgorithms", ()):
            raise MiniProgramError(f"{self._name} is a key of a kind that is not used here", hint=KINDS)
        return public

    @cached_property
    def _described(self) -> dict[str, Any]:
        with self._errors("read"):
            found: dict[str, Any] = self._kms.get_public_key(KeyId=self._name)
        return found

    def _errors(self, doing: str) -> Any:
        return mapped(f"{doing} {self._name}", resource=f"the key {self._name}", region=self._clients.region)

    @cached_property
    def _kms(self) -> Any:
        return self._clients.made("kms")
