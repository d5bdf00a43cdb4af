"""Whether a signature is one of a key. The algorithm is the one the trusted key names, never one that was sent."""

from __future__ import annotations

from miniprogram.errors import PluginError
from miniprogram.seams.signing_key import PublicKey

SALT_BYTES = 32


def is_signature(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `key` signed `message`. A key that is none of its algorithm signed nothing.

    Raises PluginError where the package cryptography is missing: then nobody can say.
    """
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError:
        raise PluginError(
            "signatures cannot be checked here: the package cryptography is not installed",
            hint="Install it: pip install cryptography",
        ) from None
    try:
        public = load_der_public_key(key.der)
        if key.algorithm == "ed25519" and isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, message)
        elif key.algorithm == "ecdsa-sha2-nistp256" and isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        elif key.algorithm == "rsassa-pss-sha256" and isinstance(public, rsa.RSAPublicKey):
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES)
            public.verify(signature, message, pss, hashes.SHA256())
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
