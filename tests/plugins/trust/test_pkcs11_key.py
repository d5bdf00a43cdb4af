"""A key in a device: SoftHSM's library, which is a device in software."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.seams.signing_key import SigningKey
from miniprogram.testing import SigningKeyContract
from miniprogram_trust.signers.pkcs11_key import P256, Pkcs11SigningKey

LIBRARIES = [Path(folder) / "softhsm/libsofthsm2.so" for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib")]
LIBRARY = next((path for path in LIBRARIES if path.is_file()), None)
PIN = "1234"

pytestmark = pytest.mark.skipif(
    LIBRARY is None or shutil.which("softhsm2-util") is None, reason="SoftHSM is not installed"
)


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A token `signing` with the keys `p256` and `rsa`.

    Once in a process: the library stays loaded, and would go on to write to the first folder.
    """
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(configuration)  # read by the library itself
    argv = ["softhsm2-util", "--init-token", "--free", "--label", "signing", "--pin", PIN, "--so-pin", PIN]
    subprocess.run(argv, check=True, capture_output=True)
    _make_keys()
    yield {"PKCS11_MODULE": str(LIBRARY), "PKCS11_PIN": PIN}
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def _make_keys() -> None:
    api, library = Pkcs11SigningKey("signing/any", {"PKCS11_MODULE": str(LIBRARY)})._library()
    slot = next(
        each for each in library.getSlotList(True) if library.getTokenInfo(each).label.strip() == "signing"
    )
    session = library.openSession(slot, api.CKF_SERIAL_SESSION | api.CKF_RW_SESSION)
    session.login(PIN)
    for label, public, mechanism in (
        ("p256", [(api.CKA_EC_PARAMS, P256)], api.Mechanism(api.CKM_EC_KEY_PAIR_GEN, None)),
        (
            "rsa",
            [(api.CKA_MODULUS_BITS, 2048), (api.CKA_PUBLIC_EXPONENT, b"\1\0\1")],
            api.MechanismRSAGENERATEKEYPAIR,
        ),
    ):
        shared: list[tuple[Any, Any]] = [(api.CKA_LABEL, label), (api.CKA_TOKEN, api.CK_TRUE)]
        session.generateKeyPair(
            [*shared, *public, (api.CKA_VERIFY, api.CK_TRUE)],
            [*shared, (api.CKA_SIGN, api.CK_TRUE), (api.CKA_PRIVATE, api.CK_TRUE)],
            mecha=mechanism,
        )
    session.logout()
    session.closeSession()


@pytest.mark.parametrize("label", ["p256", "rsa"])
class TestPkcs11SigningKey(SigningKeyContract):
    @pytest.fixture(autouse=True)
    def _device(self, environ: Mapping[str, str], label: str) -> None:
        self.environ, self.label = environ, label

    def make_key(self) -> SigningKey:
        return Pkcs11SigningKey(f"signing/{self.label}", self.environ)

    def make_missing_key(self) -> SigningKey:
        return Pkcs11SigningKey("signing/nothing", self.environ)


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("other/p256", {}, "there is no token other"),
        ("signing/p256", {"PKCS11_PIN": "9999"}, "CKR_PIN_INCORRECT"),
        ("signing/p256", {"PKCS11_PIN": ""}, "has no key of the label p256"),
        ("signing/p256", {"PKCS11_MODULE": ""}, "no PKCS #11 library is named"),
        ("signing/p256", {"PKCS11_MODULE": "/nothing.so"}, "is no PKCS #11 library"),
    ],
    ids=["no such token", "wrong pin", "no pin", "no library", "not a library"],
)
def test_what_is_wrong_is_said_without_the_pin(
    name: str, changed: dict[str, str], said: str, environ: Mapping[str, str]
) -> None:
    key = Pkcs11SigningKey(name, {**environ, **changed})

    with pytest.raises(MiniProgramError, match=said) as refusal:
        key.sign(b"a")
    assert PIN not in str(refusal.value)


@pytest.mark.parametrize("name", ["signing", "/p256", "signing/"])
def test_a_name_without_token_and_label_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        Pkcs11SigningKey(name, {})
