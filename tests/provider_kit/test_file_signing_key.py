"""Keys in files: what every key must do, which files are refused, and what a wrong key is caught by."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.file_signing_key import PASSPHRASE, FileSigningKey
from miniprogram.seams.signing_key import PublicKey, SigningKey
from miniprogram.testing import SigningKeyContract

KINDS: dict[str, Callable[[], Any]] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ecdsa-sha2-nistp256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsassa-pss-sha256": lambda: rsa.generate_private_key(65537, 2048),
}


def write_key(
    folder: Path,
    private: Any,
    *,
    form: PrivateFormat = PrivateFormat.PKCS8,
    lock: KeySerializationEncryption | None = None,
) -> Path:
    path = folder / "key.pem"
    path.write_bytes(private.private_bytes(Encoding.PEM, form, lock or NoEncryption()))
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("kind", KINDS)
class TestFileSigningKey(SigningKeyContract):
    @pytest.fixture(autouse=True)
    def _key(self, tmp_path: Path, kind: str) -> None:
        self.folder = tmp_path
        write_key(tmp_path, KINDS[kind]())

    def make_key(self) -> SigningKey:
        return FileSigningKey(self.folder / "key.pem", {})

    def make_missing_key(self) -> SigningKey:
        return FileSigningKey(self.folder / "nothing.pem", {})

    def test_the_algorithm_is_that_of_the_file(self, kind: str) -> None:
        assert self.make_key().public().algorithm == kind


def test_openssls_own_form_is_read(tmp_path: Path) -> None:
    path = write_key(tmp_path, KINDS["ecdsa-sha2-nistp256"](), form=PrivateFormat.TraditionalOpenSSL)

    assert FileSigningKey(path, {}).public().algorithm == "ecdsa-sha2-nistp256"


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_passphrase_comes_from_the_environment(tmp_path: Path, form: PrivateFormat) -> None:
    lock = BestAvailableEncryption(b"open sesame")
    path = write_key(tmp_path, KINDS["rsassa-pss-sha256"](), form=form, lock=lock)

    assert FileSigningKey(path, {PASSPHRASE: "open sesame"}).sign(b"a")
    with pytest.raises(MiniProgramError, match="is protected by a passphrase"):
        FileSigningKey(path, {}).public()
    with pytest.raises(MiniProgramError, match="is another key's") as wrong:
        FileSigningKey(path, {PASSPHRASE: "open barley"}).public()
    assert "barley" not in str(wrong.value)


def test_a_passphrase_nobody_asked_for_is_no_error(tmp_path: Path) -> None:
    assert FileSigningKey(write_key(tmp_path, KINDS["ed25519"]()), {PASSPHRASE: "x"}).sign(b"a")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o604])
def test_a_key_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    path = write_key(tmp_path, KINDS["ed25519"]())
    path.chmod(mode)

    with pytest.raises(MiniProgramError, match="others may read or change it"):
        FileSigningKey(path, {}).sign(b"a")


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"", "no private key"), (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private"),
     (b"x" * 70_000, "too large")],
    ids=["empty", "broken", "large"],
)  # fmt: skip
def test_what_is_no_key_is_refused_with_its_path(tmp_path: Path, body: bytes, told: str) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(body)
    path.chmod(0o600)

    with pytest.raises(MiniProgramError, match=told) as refusal:
        FileSigningKey(path, {}).public()
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize(
    "make",
    [lambda: ec.generate_private_key(ec.SECP384R1()), lambda: rsa.generate_private_key(65537, 1024)],
    ids=["another curve", "short"],
)
def test_kinds_of_keys_that_nobody_checks_are_refused(tmp_path: Path, make: Callable[[], Any]) -> None:
    with pytest.raises(MiniProgramError, match="a kind that is not used here"):
        FileSigningKey(write_key(tmp_path, make()), {}).sign(b"a")


def test_without_the_package_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_key(tmp_path, KINDS["ed25519"]())
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)

    for attempt in (FileSigningKey(path, {}).public, lambda: FileSigningKey(path, {}).sign(b"a")):
        with pytest.raises(MiniProgramError, match="needs the package cryptography"):
            attempt()


class Wrong(FileSigningKey):
    """Signs what a key service with a limit would sign: the first four thousand bytes."""

    def sign(self, message: bytes) -> bytes:
        return super().sign(message[:4096])


class Lying(FileSigningKey):
    def public(self) -> PublicKey:
        found = super().public()
        return PublicKey(found.key_id, "rsassa-pss-sha256", found.der)


class Forgetful(FileSigningKey):
    """Signs with a new key every time, as one that was replaced behind its name."""

    def public(self) -> PublicKey:
        private = ed25519.Ed25519PrivateKey.generate()
        der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return PublicKey("k", "ed25519", der)


@pytest.mark.parametrize(
    ("key", "test", "asked"),
    [
        (Wrong, "test_everybody_can_check_what_it_signed", [b"x" * 5000]),
        (Lying, "test_it_says_which_key_it_is", []),
        (Forgetful, "test_opened_again_it_is_the_same_key", []),
    ],
)
def test_the_contract_notices(tmp_path: Path, key: type[FileSigningKey], test: str, asked: list[bytes]) -> None:
    path = write_key(tmp_path, KINDS["ed25519"]())

    class Held(SigningKeyContract):
        def make_key(self) -> SigningKey:
            return key(path, {})

    with pytest.raises(AssertionError):
        getattr(Held(), test)(*asked)
