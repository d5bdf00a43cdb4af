"""Public keys as files and services hand them out: in PEM or DER, of a kind that signs here."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from miniprogram.attestations.signatures import LEAST_RSA_BITS, algorithm_of
from miniprogram.errors import DocumentError, PluginError
from miniprogram.seams.signing_key import PublicKey

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS_HINT = f"Ed25519, ECDSA on P-256, or RSA with {LEAST_RSA_BITS} bits and more."


def public_key_in_pem(pem: bytes, *, name: str) -> PublicKey:
    """The public key in `pem`. Raises DocumentError, naming `name`, when it is none that signs here."""
    return _read(pem, "load_pem_public_key", name)


def public_key_in_der(der: bytes, *, name: str) -> PublicKey:
    """The public key in `der`, a SubjectPublicKeyInfo. Raises DocumentError as above."""
    return _read(der, "load_der_public_key", name)


def described(public: Any, *, name: str) -> PublicKey:
    """A public key of `cryptography` as the seam has it. Raises DocumentError for a kind that is not used here."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    algorithm = algorithm_of(public)
    if algorithm is None:
        raise DocumentError(f"{name} holds a key of a kind that is not used here", hint=KINDS_HINT)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(sha256(der).hexdigest(), algorithm, der)


def _read(content: bytes, loader: str, name: str) -> PublicKey:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization
    except ImportError:
        raise PluginError(
            f"signing with {name} needs the package cryptography, which is not installed",
            hint="Install it: pip install cryptography",
        ) from None
    load: Callable[[bytes], Any] = getattr(serialization, loader)
    try:
        public = load(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise DocumentError(f"{name} gives no public key that can be read") from None
    return described(public, name=name)
