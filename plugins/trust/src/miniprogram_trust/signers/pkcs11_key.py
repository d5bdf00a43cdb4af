"""A key in a device with a PKCS #11 library: a smart card, a USB key, an HSM.

`pkcs11:TOKEN/LABEL` names the token and the key in it by their labels. `PKCS11_MODULE` is the library's path, as
`/usr/lib/softhsm/libsofthsm2.so`; `PKCS11_PIN` unlocks the token. Needs `pip install PyKCS11`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from typing import Any

from miniprogram.errors import MiniProgramError, PluginError, UsageError
from miniprogram.provider_kit.public_keys import public_key_in_der
from miniprogram.seams.signing_key import PublicKey

MODULE, PIN = "PKCS11_MODULE", "PKCS11_PIN"
P256 = bytes.fromhex("06082a8648ce3d030107")
P256_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""What stands before a point on P-256 in a SubjectPublicKeyInfo."""
_libraries: dict[str, Any] = {}
"""A library may be loaded and begun once in a process."""


class Pkcs11SigningKey:
    """Implements SigningKey for keys on P-256 and RSA. The device is opened for each question and closed again."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        """Raises UsageError for a name without a token and a label."""
        self._token, _, self._label = name.partition("/")
        if not self._token or not self._label:
            raise UsageError(f"pkcs11:{name} names no key: give TOKEN/LABEL, by their labels")
        self._environ = environ

    @property
    def name(self) -> str:
        return f"{self._token}/{self._label}"

    def public(self) -> PublicKey:
        return self._public

    def sign(self, message: bytes) -> bytes:
        algorithm = self._public.algorithm
        with self._session() as (session, api):
            key = self._object(session, api, api.CKO_PRIVATE_KEY)
            digest = sha256(message).digest()  # devices take digests only, or short messages
            if algorithm == "ecdsa-sha2-nistp256":
                return _der_signature(bytes(session.sign(key, digest, api.Mechanism(api.CKM_ECDSA, None))))
            pss = api.RSA_PSS_Mechanism(api.CKM_RSA_PKCS_PSS, api.CKM_SHA256, api.CKG_MGF1_SHA256, 32)
            return bytes(session.sign(key, digest, pss))

    @cached_property
    def _public(self) -> PublicKey:
        with self._session() as (session, api):
            key = self._object(session, api, api.CKO_PUBLIC_KEY)
            (kind,) = session.getAttributeValue(key, [api.CKA_KEY_TYPE])
            if kind == api.CKK_RSA:
                wanted = [api.CKA_MODULUS, api.CKA_PUBLIC_EXPONENT]
                modulus, exponent = (
                    int.from_bytes(bytes(each)) for each in session.getAttributeValue(key, wanted)
                )
                der = _rsa_der(modulus, exponent)
            else:
                curve, point = session.getAttributeValue(key, [api.CKA_EC_PARAMS, api.CKA_EC_POINT])
                if kind != api.CKK_EC or bytes(curve) != P256:
                    raise MiniProgramError(
                        f"the key {self.name} is of a kind that is not used here: P-256 or RSA is"
                    )
                der = P256_PREFIX + bytes(point)[-65:]  # the point comes in an OCTET STRING, or bare
        return public_key_in_der(der, name=f"the device's {self.name}")

    def _object(self, session: Any, api: Any, kind: int) -> Any:
        found = session.findObjects([(api.CKA_CLASS, kind), (api.CKA_LABEL, self._label)])
        if len(found) != 1:
            what = "no key" if not found else f"{len(found)} keys"
            raise MiniProgramError(f"the token {self._token} has {what} of the label {self._label} ({self.name})")
        return found[0]

    @contextmanager
    def _session(self) -> Iterator[tuple[Any, Any]]:
        api, library = self._library()
        try:
            slot = next((each for each in library.getSlotList(True) if self._is_ours(library, each)), None)
            if slot is None:
                raise MiniProgramError(f"there is no token {self._token} in the device (for {self.name})")
            session = library.openSession(slot)
            try:
                if pin := self._environ.get(PIN):
                    session.login(pin)
                yield session, api
            finally:
                session.closeSession()
        except api.PyKCS11Error as error:
            said = api.CKR.get(error.value, error.value)
            hint = f"Set {PIN}." if said in {"CKR_PIN_INCORRECT", "CKR_USER_NOT_LOGGED_IN"} else None
            raise MiniProgramError(f"the device of {self.name} answered {said}", hint=hint) from None

    def _is_ours(self, library: Any, slot: Any) -> bool:
        label: str = library.getTokenInfo(slot).label
        return label.strip("\0 ") == self._token

    def _library(self) -> tuple[Any, Any]:
        try:
            import PyKCS11 as api  # noqa: N813 - its own spelling
        except ImportError:
            raise PluginError(
                f"signing with {self.name} needs the package PyKCS11, which is not installed",
                hint="Install it: pip install PyKCS11",
            ) from None
        path = self._environ.get(MODULE, "")
        if not path:
            raise MiniProgramError(
                f"no PKCS #11 library is named for {self.name}", hint=f"Set {MODULE} to the library of the device."
            )
        if path not in _libraries:
            library = api.PyKCS11Lib()
            try:
                library.load(path)
            except api.PyKCS11Error:
                raise MiniProgramError(
                    f"{path}, which {MODULE} names for {self.name}, is no PKCS #11 library"
                ) from None
            _libraries[path] = library
        return api, _libraries[path]


def _der_signature(raw: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def _rsa_der(modulus: int, exponent: int) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = RSAPublicNumbers(exponent, modulus).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
