"""A key of Cloud KMS: what it signs can be checked by everybody, and nothing that was damaged counts."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.seams.signing_key import KeepsSigningKeys, SigningKey
from miniprogram.testing.signing_key_contract import SigningKeyContract, is_signed
from miniprogram_gcp.kms_key import MOST_WHOLE_BYTES, KmsSigningKey, crc32c
from miniprogram_gcp.provider import GcpProvider
from testbed.google.server import refusal

RING = "projects/acme-prod-1234/locations/europe-west1/keyRings/releases/cryptoKeys"
NAME = f"{RING}/shop/cryptoKeyVersions/1"


def test_the_checksum_is_the_published_one() -> None:
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(b"") == 0


class TestKmsSigningKey(SigningKeyContract):
    @pytest.fixture(autouse=True, params=["EC_SIGN_P256_SHA256", "RSA_SIGN_PSS_2048_SHA256"])
    def _made(self, request: pytest.FixtureRequest, cloud: Any, place: Any) -> None:
        self.provider = GcpProvider(place.settings(), place.context())
        cloud.kms.make(NAME, request.param)

    def make_key(self) -> SigningKey:
        return self.provider.signing_key(NAME)

    def make_missing_key(self) -> SigningKey:
        return self.provider.signing_key(f"{RING}/shop/cryptoKeyVersions/2")


@pytest.fixture
def key(cloud: Any, place: Any) -> KmsSigningKey:
    cloud.kms.make(NAME, "EC_SIGN_ED25519")
    return KmsSigningKey(NAME, place.context().environ, "prod")


def test_ed25519_signs_messages_themselves_as_far_as_the_service_takes_them(key: KmsSigningKey) -> None:
    for length in (0, 1, MOST_WHOLE_BYTES):
        assert is_signed(b"x" * length, key.sign(b"x" * length), key.public())
    with pytest.raises(MiniProgramError, match="cannot sign 65537 bytes") as failure:
        key.sign(b"x" * (MOST_WHOLE_BYTES + 1))
    assert "EC_SIGN_P256_SHA256" in (failure.value.hint or "")


@pytest.mark.parametrize("member", ["pemCrc32c", "signatureCrc32c", "name", "verifiedDataCrc32c"])
def test_what_was_damaged_on_the_way_does_not_count(member: str, key: KmsSigningKey, cloud: Any) -> None:
    if member != "pemCrc32c":
        key.public()
    cloud.kms.damages = member

    with pytest.raises(MiniProgramError, match=r"was damaged on the way|did not reach"):
        key.sign(b"a")


@pytest.mark.parametrize(
    "name", ["", "release.pem", f"{RING}/shop", f"{NAME}/", f"{RING}/shop/cryptoKeyVersions/latest"]
)
def test_a_name_that_no_version_has_is_refused_before_anything_connects(name: str) -> None:
    with pytest.raises(UsageError, match="names no version of a key"):
        KmsSigningKey(name, {}, "prod")


def test_a_disabled_version_and_a_foreign_kind_are_told(key: KmsSigningKey, cloud: Any, place: Any) -> None:
    cloud.kms.disabled.add(NAME)
    with pytest.raises(MiniProgramError, match="this version of the key is not enabled"):
        key.public()

    other = cloud.kms.make(f"{RING}/other/cryptoKeyVersions/1", "EC_SIGN_P384_SHA384")
    with pytest.raises(MiniProgramError, match="a kind that is not used here: EC_SIGN_P384_SHA384"):
        KmsSigningKey(other, place.context().environ, "prod").public()


def test_a_lacking_role_is_named(key: KmsSigningKey, cloud: Any) -> None:
    told = "Permission 'cloudkms.cryptoKeyVersions.useToSign' denied on resource."
    cloud.stand_in.interruptions.append(
        lambda call: refusal(403, told, "IAM_PERMISSION_DENIED") if call.verb == "POST" else None
    )

    with pytest.raises(MiniProgramError, match=r"lacks the permission cloudkms\.\w+\.useToSign") as failure:
        key.sign(b"a")

    assert "roles/cloudkms.signerVerifier" in (failure.value.hint or "")


def test_both_providers_keep_keys(place: Any) -> None:
    assert isinstance(GcpProvider(place.settings(), place.context()), KeepsSigningKeys)
