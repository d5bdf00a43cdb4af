"""What every key that signs must do, as tests to inherit. Needs the package `cryptography`."""

from __future__ import annotations

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.seams.signing_key import ALGORITHMS, PublicKey, SigningKey
from miniprogram.testing.contract import Contract, require_sentence

MESSAGES = (b"", b"a", bytes(range(256)), b"x" * 100_000)
"""Key services sign four thousand bytes at most, and digests: a long message shows which of them."""


class SigningKeyContract(Contract):
    """Inherit, and override `make_key` and `make_missing_key`.

    Signatures are checked as everybody will: by the public key, with another implementation.
    """

    def make_key(self) -> SigningKey:
        """The key of this test. Called again, it opens the same one."""
        raise NotImplementedError

    def make_missing_key(self) -> SigningKey:
        """A key under a name that could be one, and is none."""
        raise NotImplementedError

    def test_it_says_which_key_it_is(self) -> None:
        key, public = self.make_key(), self.make_key().public()

        assert key.name.strip()
        assert public.key_id.isascii()
        assert public.key_id.isprintable()
        assert public.key_id
        assert " " not in public.key_id
        assert public.algorithm in ALGORITHMS
        require_same_kind(public)

    def test_opened_again_it_is_the_same_key(self) -> None:
        key = self.make_key()

        assert key.public() == key.public() == self.make_key().public()

    @pytest.mark.parametrize("message", MESSAGES, ids=[f"{len(message)} bytes" for message in MESSAGES])
    def test_everybody_can_check_what_it_signed(self, message: bytes) -> None:
        key = self.make_key()

        assert is_signed(message, key.sign(message), key.public())

    def test_what_another_opened_signed_counts_too(self) -> None:
        assert is_signed(b"a", self.make_key().sign(b"a"), self.make_key().public())

    def test_a_signature_is_for_its_message_only(self) -> None:
        key = self.make_key()
        long = MESSAGES[-1]

        assert not is_signed(b"b", key.sign(b"a"), key.public())
        assert not is_signed(long + b"y", key.sign(long), key.public())

    def test_a_key_that_is_not_there_is_told_when_it_is_asked(self) -> None:
        key = self.make_missing_key()

        for attempt in (key.public, lambda: key.sign(b"a")):
            with pytest.raises(MiniProgramError) as refusal:
                attempt()
            require_sentence(str(refusal.value))
            assert key.name in str(refusal.value)


def is_signed(message: bytes, signature: bytes, public: PublicKey) -> bool:
    """Whether the key of `public` made `signature` for `message`, by its algorithm."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(public.der)
    how = {
        "ed25519": (),
        "ecdsa-sha2-nistp256": (ec.ECDSA(hashes.SHA256()),),
        "rsassa-pss-sha256": (padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
    }
    try:
        key.verify(signature, message, *how[public.algorithm])  # type: ignore[union-attr, arg-type]
    except InvalidSignature:
        return False
    return True


def require_same_kind(public: PublicKey) -> None:
    """Fails unless the algorithm is one for this key."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(public.der)
    kinds = {
        "ed25519": isinstance(key, ed25519.Ed25519PublicKey),
        "ecdsa-sha2-nistp256": isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1",
        "rsassa-pss-sha256": isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048,
    }
    assert kinds[public.algorithm], f"{public.algorithm} is no algorithm for this key"
