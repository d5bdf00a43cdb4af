"""Whether a signature is one of a key. The algorithm is the one the trusted key names, never one that was sent."""

from __future__ import annotations

from typing import Any

from miniprogram.errors import PluginError
from miniprogram.seams.signing_key import Algorithm, PublicKey

SALT_BYTES = 32
LEAST_RSA_BITS = 2048


def is_signature(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `key` signed `message`. A key that is none of its algorithm signed nothing.

    Raises PluginError where the package cryptography is missing: then nobody can say.
    """
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError:
        raise PluginError(
            "signatures cannot be checked here: the package cryptography is not installed",
            hint="Install it: pip install cryptography",
        ) from None
    try:
        public: Any = load_der_public_key(key.der)
        if algorithm_of(public) != key.algorithm:
            return False
        match key.algorithm:
            case "ed25519":
                public.verify(signature, message)
            case "ecdsa-sha2-nistp256":
                public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
            case "rsassa-pss-sha256":
                pss = padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES)
                public.verify(signature, message, pss, hashes.SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def algorithm_of(public: Any) -> Algorithm | None:
    """How a public key of `cryptography` is used here; None when it is not."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(public, ed25519.Ed25519PublicKey):
        return "ed25519"
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return "ecdsa-sha2-nistp256"
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= LEAST_RSA_BITS:
        return "rsassa-pss-sha256"
    return None
