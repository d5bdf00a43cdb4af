"""A key behind a program: what every key must do, and what is said of a program that does not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.provider_kit.command_signing_key import CommandSigningKey
from miniprogram.seams.signing_key import SigningKey
from miniprogram.testing import SigningKeyContract

PROGRAM = """\
import sys
from pathlib import Path
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

key = load_pem_private_key(Path(sys.argv[1]).read_bytes(), None)
if sys.argv[2] == "public":
    answer = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
else:
    answer = key.sign(sys.stdin.buffer.read())
sys.stdout.buffer.write(answer)
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A command that signs, less the word that says what to do."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key of ours.pem").write_bytes(private)
    (tmp_path / "sign.py").write_text(PROGRAM)
    return f"'{sys.executable}' sign.py 'key of ours.pem'"


class TestCommandSigningKey(SigningKeyContract):
    @pytest.fixture(autouse=True)
    def _program(self, program: str, tmp_path: Path) -> None:
        self.program, self.folder = program, tmp_path

    def make_key(self) -> SigningKey:
        return CommandSigningKey(self.program, cwd=self.folder, environ={})

    def make_missing_key(self) -> SigningKey:
        return CommandSigningKey("./nothing-here", cwd=self.folder, environ={})


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("import sys; sys.exit('the card is out')", "failed \\(1\\): the card is out"),
        ("print('nothing that is a key')", "gives no public key"),
        ("pass", "printed 0 bytes"),
        ("print('x' * 100_000)", "printed 100001 bytes"),
    ],
    ids=["fails", "no key", "silent", "too much"],
)
def test_a_program_that_gives_no_key_is_named(script: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "sign.py").write_text(script)
    key = CommandSigningKey(f"'{sys.executable}' sign.py", cwd=tmp_path, environ={})

    with pytest.raises(MiniProgramError, match=said):
        key.public()


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    """What a shell would run is a word like any other."""
    key = CommandSigningKey("echo $(touch made) ; touch made", cwd=tmp_path, environ={"PATH": "/usr/bin:/bin"})

    with pytest.raises(MiniProgramError):
        key.public()
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("command", ["", "   ", "'open"])
def test_a_command_that_is_none_is_refused(command: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        CommandSigningKey(command, cwd=tmp_path, environ={})
