"""Keys of host apps: the public part as one text, the private part in a file or wherever a host has it."""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from miniprogram.errors import MiniProgramError, PluginError, UsageError

PREFIX = "x25519:"
KEY_BYTES = 32
MAX_FILE_BYTES = 16 * 1024
VARIABLE = "MINIPROGRAM_SEALING_KEY"
"""Holds the private key as PEM, where a host has no file."""


@dataclass(frozen=True, slots=True)
class RecipientKey:
    """The public key of a host app: 32 bytes."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """The SHA-256 of the key, in hex."""
        return sha256(self.raw).hexdigest()

    @property
    def text(self) -> str:
        """`x25519:` and the key in base64."""
        return PREFIX + base64.b64encode(self.raw).decode()


def parse_recipient(text: str) -> RecipientKey:
    """The key in a text such as `x25519:…`. Raises UsageError for what is none."""
    try:
        raw = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not text.startswith(PREFIX) or len(raw) != KEY_BYTES:
        raise UsageError(
            f"{text[:60]!r} is no key to seal for: it has to look like x25519:…",
            hint="`miniprogram sealing keys make FILE` makes one and prints its public part.",
        )
    return RecipientKey(raw)


@dataclass(frozen=True, slots=True)
class PrivateKeys:
    """The private keys of a host, any of which may open a package. They are never printed."""

    keys: tuple[Any, ...] = field(repr=False)

    @property
    def by_id(self) -> Mapping[str, Any]:
        return {public_part(key).key_id: key for key in self.keys}


def make_key_file(path: Path) -> RecipientKey:
    """Write a new private key where no file is, for its owner's eyes only; its public part.

    Raises UsageError when there is a file, PluginError without the package cryptography.
    """
    serialization, x25519 = _libraries()
    private = x25519.X25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError:
        raise UsageError(f"{path} is there already, and a key is never written over") from None
    except OSError as error:
        raise MiniProgramError(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return public_part(private)


def keys_from_files(*paths: Path) -> PrivateKeys:
    """The private keys in PEM files. Raises MiniProgramError for one that others may read, or that is none."""
    return PrivateKeys(tuple(_parsed(_read(path), str(path)) for path in paths))


def keys_from_environment(environ: Mapping[str, str], variable: str = VARIABLE) -> PrivateKeys:
    """The private key in an environment variable, as PEM. Raises MiniProgramError when it is not there."""
    pem = environ.get(variable, "")
    if not pem.strip():
        raise MiniProgramError(f"the variable {variable} holds no key")
    return PrivateKeys((_parsed(pem.encode(), f"the variable {variable}"),))


def keys_from(load: Callable[[], bytes]) -> PrivateKeys:
    """The private key that `load` gives as PEM: from a key chain, or wherever the host keeps it."""
    return PrivateKeys((_parsed(load(), "the key of this host"),))


def public_part(private: Any) -> RecipientKey:
    return RecipientKey(private.public_key().public_bytes_raw())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise MiniProgramError(
                    f"{path} holds a private key, and others may read or change it",
                    hint=f"Run `chmod 600 {path}`; if others did read it, make a new key and revoke this one.",
                )
            return file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise MiniProgramError(f"the key {path} cannot be read: {error.strerror}") from None


def _parsed(pem: bytes, name: str) -> Any:
    serialization, x25519 = _libraries()
    try:
        private = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, x25519.X25519PrivateKey):
        raise MiniProgramError(
            f"{name} holds no private key that opens packages: X25519 in PEM without a passphrase"
        )
    return private


def _libraries() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import x25519
    except ImportError:
        raise PluginError(
            "sealed packages need the package cryptography, which is not installed",
            hint="Install it: pip install cryptography",
        ) from None
    return serialization, x25519
