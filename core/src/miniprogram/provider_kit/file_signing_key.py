"""A key that signs, in a file: PKCS#8 or OpenSSL's own PEM, Ed25519, P-256 or RSA.

    key = FileSigningKey(Path("release.pem"))
    key.public().algorithm                     # "ed25519"
    key.sign(b"...")

Made with `openssl genpkey -algorithm ed25519 -out release.pem` and `chmod 600 release.pem`. A file with a
passphrase needs the environment variable `MINIPROGRAM_KEY_PASSPHRASE`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from miniprogram.errors import DocumentError, MiniProgramError, PluginError
from miniprogram.provider_kit.public_keys import described
from miniprogram.seams.signing_key import PublicKey

PASSPHRASE = "MINIPROGRAM_KEY_PASSPHRASE"  # noqa: S105 - its name
MAX_KEY_BYTES = 64 * 1024
SALT_BYTES = 32


class FileSigningKey:
    """Implements SigningKey. The file is read when the key is first asked for something."""

    def __init__(self, path: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._path, self._environ = path, environ

    @property
    def name(self) -> str:
        return str(self._path)

    def public(self) -> PublicKey:
        return self._public

    def sign(self, message: bytes) -> bytes:
        private, algorithm = self._private, self._public.algorithm
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding

        match algorithm:
            case "ed25519":
                signature = private.sign(message)
            case "ecdsa-sha2-nistp256":
                signature = private.sign(message, ec.ECDSA(hashes.SHA256()))
            case "rsassa-pss-sha256":
                pss = padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES)
                signature = private.sign(message, pss, hashes.SHA256())
        return bytes(signature)

    @cached_property
    def _private(self) -> Any:
        pem = self._read()
        try:
            from cryptography.exceptions import UnsupportedAlgorithm
            from cryptography.hazmat.primitives.serialization import load_pem_private_key
        except ImportError:
            raise PluginError(
                f"signing with {self._path} needs the package cryptography, which is not installed",
                hint="Install it: pip install cryptography",
            ) from None
        passphrase = self._environ.get(PASSPHRASE, "")
        try:
            # a passphrase that nobody asked for would be an error of its own
            return load_pem_private_key(pem, passphrase.encode() if b"ENCRYPTED" in pem and passphrase else None)
        except TypeError:
            raise MiniProgramError(
                f"{self._path} is protected by a passphrase", hint=f"Set {PASSPHRASE}, then run the same command."
            ) from None
        except (ValueError, UnsupportedAlgorithm):
            wrong = f"; or {PASSPHRASE} is another key's" if passphrase and b"ENCRYPTED" in pem else ""
            raise DocumentError(f"{self._path} holds no private key in PEM{wrong}") from None

    @cached_property
    def _public(self) -> PublicKey:
        return described(self._private.public_key(), name=str(self._path))

    def _read(self) -> bytes:
        """Raises MiniProgramError for a file that is not there, too large, or that others may read."""
        try:
            with self._path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise MiniProgramError(
                        f"{self._path} holds a private key, and others may read or change it",
                        hint=f"Run `chmod 600 {self._path}`; if others did read it, make a new key.",
                    )
                pem = file.read(MAX_KEY_BYTES + 1)
        except OSError as error:
            raise MiniProgramError(f"the key {self._path} cannot be read: {error.strerror}") from None
        if len(pem) > MAX_KEY_BYTES:
            raise DocumentError(f"{self._path} is too large for a key")
        return pem
