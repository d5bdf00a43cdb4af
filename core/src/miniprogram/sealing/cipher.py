"""Close a package for host apps, and open it with the key of one.

Sealing hides what is in a package. It does not say who made it: anybody can seal something for a public key. That
is what signatures are for, so what was opened is compared with the index, which is signed where a root is pinned.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from miniprogram.errors import DocumentError, MiniProgramError, PluginError
from miniprogram.sealing.container import (
    ALGORITHM,
    MOST_RECIPIENTS,
    Recipient,
    SealedHeader,
    encoded,
    read_sealed,
)
from miniprogram.sealing.keys import PrivateKeys, RecipientKey

CONTENT_KEY_BYTES = 32
_NONCE = bytes(12)
"""Always the same: a content key encrypts one content, and never another."""


class SealedForOthers(MiniProgramError):  # noqa: N818 - what is the case, not what is wrong
    """A package that was sealed for other host apps than this one."""


@dataclass(frozen=True, slots=True)
class SealedVersion:
    """Which version a package is of. `digest` as `sha256:…`."""

    program_id: str
    version: str
    digest: str


def seal(package: bytes, about: SealedVersion, recipients: Iterable[RecipientKey]) -> bytes:
    """`package` so that only `recipients` can open it. A content key of its own every time.

    Raises MiniProgramError for no recipient or too many, or a key nobody can agree on a secret with.
    """
    wanted = sorted({key.key_id: key for key in recipients}.values(), key=lambda key: key.key_id)
    if not 0 < len(wanted) <= MOST_RECIPIENTS:
        raise MiniProgramError(f"a package is sealed for 1 to {MOST_RECIPIENTS} keys, not for {len(wanted)}")
    suite, aes_gcm, x25519 = _libraries()
    header = SealedHeader(
        algorithm=ALGORITHM,
        mini_program_id=about.program_id,
        version=about.version,
        digest=about.digest,
        size=len(package),
    )
    content_key = secrets.token_bytes(CONTENT_KEY_BYTES)
    copies = [_copy(suite, x25519, content_key, key, header.binding) for key in wanted]
    header = header.model_copy(update={"recipients": tuple(copies)})
    beginning = header.authenticated
    return beginning + bytes(aes_gcm(content_key).encrypt(_NONCE, package, beginning))


def open_sealed(body: bytes, about: SealedVersion, keys: PrivateKeys, *, name: str) -> bytes:
    """The package in `body`, when it is that of the version it should be and one of `keys` opens it.

    Raises SealedForOthers when it is for none of them, DocumentError for one of another version, or one that was
    changed in any bit.
    """
    sealed = read_sealed(body, name=name)
    header = sealed.header
    found = SealedVersion(header.mini_program_id, header.version, header.digest)
    if found != about:
        told = f"{found.program_id} {found.version} with the digest {found.digest[:19]}…"
        raise DocumentError(f"{name} is sealed as {told}, which is not what it should be")
    by_id = keys.by_id
    ours = [each for each in header.recipients if each.key_id in by_id]
    if not ours:
        raise SealedForOthers(f"{name} is sealed for other host apps: {_named(header.recipients)}")
    return _opened(sealed.beginning, sealed.content, header, [(each, by_id[each.key_id]) for each in ours], name)


def _opened(
    beginning: bytes, content: bytes, header: SealedHeader, copies: Sequence[tuple[Recipient, Any]], name: str
) -> bytes:
    from cryptography.exceptions import InvalidTag

    suite, aes_gcm, _ = _libraries()
    for copy, private in copies:
        try:
            content_key = suite.decrypt(base64.b64decode(copy.content_key), private, header.binding)
            return bytes(aes_gcm(bytes(content_key)).decrypt(_NONCE, content, beginning))
        except (InvalidTag, ValueError):
            continue
    raise DocumentError(f"{name} was changed, or its key is one of another version")


def _copy(suite: Any, x25519: Any, content_key: bytes, key: RecipientKey, binding: bytes) -> Recipient:
    public = x25519.X25519PublicKey.from_public_bytes(key.raw)
    try:
        encrypted = suite.encrypt(content_key, public, binding)
    except ValueError:
        raise MiniProgramError(f"the key {key.text} cannot be sealed for: it is none a host could have") from None
    return Recipient(key_id=key.key_id, content_key=encoded(encrypted))


def _named(recipients: Sequence[Recipient]) -> str:
    shown = ", ".join(each.key_id[:12] for each in recipients[:5])
    return f"{shown}, …" if len(recipients) > 5 else shown or "none"


def _libraries() -> tuple[Any, Any, Any]:
    try:
        from cryptography.hazmat.primitives.asymmetric import x25519
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
    except ImportError:
        raise PluginError(
            "sealed packages need the package cryptography with HPKE (RFC 9180), which is not installed",
            hint="Install it: pip install --upgrade cryptography",
        ) from None
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM), AESGCM, x25519
