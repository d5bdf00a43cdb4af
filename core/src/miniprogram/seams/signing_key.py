"""The seam to a key that signs: in a file, in a cloud's key service, in a device.

The private part never comes through it. What was signed is checked with the public part, by anybody, without
asking whoever keeps the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args, runtime_checkable

Algorithm = Literal["ed25519", "ecdsa-sha2-nistp256", "rsassa-pss-sha256"]
"""How a message is signed. The name goes with the public key wherever that goes: nobody has to guess.

A signature of `ed25519` is 64 bytes, as RFC 8032 has them; of `ecdsa-sha2-nistp256` a DER sequence of two numbers,
over the message's SHA-256; of `rsassa-pss-sha256` as long as the key, with MGF1 and a salt of 32 bytes, over the
message's SHA-256.
"""

ALGORITHMS: tuple[str, ...] = get_args(Algorithm)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What everybody may know of a key, and has to know to check what it signed."""

    key_id: str
    """Names this very key and no other: after a rotation there is another. Printable ASCII without blanks."""
    algorithm: Algorithm
    der: bytes
    """The key as SubjectPublicKeyInfo (RFC 5280), in DER."""


class SigningKey(Protocol):
    """A key that signs. Each method raises MiniProgramError, naming the key, when it cannot be used."""

    @property
    def name(self) -> str:
        """What people call it: the path, the alias, the resource. Part of every error about it."""
        ...

    def public(self) -> PublicKey:
        """The public part. The same for as long as this object lives: it is asked for once."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`, of any length, by the algorithm and the key that `public` tells.

        A key service that takes a digest only is sent that of the message: whoever checks sees no difference. One
        whose key was replaced meanwhile must refuse, rather than sign with another.
        """
        ...


@runtime_checkable
class KeepsSigningKeys(Protocol):
    """A cloud provider whose key service signs."""

    def signing_key(self, name: str) -> SigningKey:
        """The key that its cloud knows as `name`. Nothing connects before it is asked for something.

        Raises UsageError for a name that none of its keys can have.
        """
        ...
