"""Keys at hand: ours behind the seam, as the trust metadata names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from miniprogram.seams.signing_key import PublicKey, SigningKey
from miniprogram_trust.errors import TrustError

if TYPE_CHECKING:
    from securesystemslib.signer import Key, SSlibKey
    from tuf.api.metadata import Metadata


def tuf_key(public: PublicKey) -> SSlibKey:
    """`public` as metadata holds it. Its id is the hash of what it says, so two people give it the same one."""
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    from securesystemslib.signer import SSlibKey

    return SSlibKey.from_crypto(load_der_public_key(public.der), scheme=public.algorithm)


class Keyring:
    """The keys that were named, opened and by id. Each is opened once, when first needed."""

    def __init__(self, uris: Iterable[str], open_key: Callable[[str], SigningKey]) -> None:
        self._uris, self._open = tuple(dict.fromkeys(uris)), open_key
        self._opened: dict[str, tuple[SSlibKey, SigningKey]] | None = None

    @property
    def uris(self) -> tuple[str, ...]:
        return self._uris

    def keys(self) -> dict[str, SSlibKey]:
        """Public keys by id, in the order they were named."""
        return {key_id: key for key_id, (key, _) in self._all().items()}

    def signing_keys(self) -> tuple[SigningKey, ...]:
        """The keys behind the seam, in the order they were named."""
        return tuple(self._open(uri) for uri in self._uris)

    def named(self, uri: str) -> SSlibKey:
        """The public key at `uri`, which need not be one of ours."""
        return tuf_key(self._open(uri).public())

    def sign(self, metadata: Metadata[Any], key_ids: Iterable[str]) -> None:
        """Put a signature of every key at hand that is among `key_ids` under `metadata`, and no other there."""
        from securesystemslib.exceptions import UnverifiedSignatureError, VerificationError
        from securesystemslib.signer import Signature

        metadata.signatures.clear()
        payload = metadata.signed_bytes
        for key_id, (key, signer) in self._wanted(key_ids):
            signature = Signature(key_id, signer.sign(payload).hex())
            try:
                key.verify_signature(signature, payload)
            except (UnverifiedSignatureError, VerificationError):
                raise TrustError(f"what {signer.name} signed cannot be verified with its own public key") from None
            metadata.signatures[key_id] = signature

    def _wanted(self, key_ids: Iterable[str]) -> Iterator[tuple[str, tuple[SSlibKey, SigningKey]]]:
        wanted = set(key_ids)
        return ((key_id, opened) for key_id, opened in self._all().items() if key_id in wanted)

    def _all(self) -> Mapping[str, tuple[SSlibKey, SigningKey]]:
        if self._opened is None:
            opened = [self._open(uri) for uri in self._uris]
            pairs = [(tuf_key(key.public()), key) for key in opened]
            self._opened = {public.keyid: (public, key) for public, key in pairs}
        return self._opened


def short(key: Key | str) -> str:
    """A key id as people are shown it."""
    return (key if isinstance(key, str) else key.keyid)[:12]
