"""A key of AWS KMS: what it signs can be checked by everybody, and an alias that moved signs with nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.plugins.signer_context import signer_context
from miniprogram.seams.signing_key import SigningKey
from miniprogram.testing.signing_key_contract import SigningKeyContract, is_signed
from miniprogram_aws.kms_key import AwsKmsSigningKey

REGION = "eu-west-1"


def make_kms_key(account: Any, spec: str, usage: str = "SIGN_VERIFY") -> str:
    """The id of a new key."""
    kms = account.clients().made("kms")
    return str(kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"])


class TestAwsKmsSigningKey(SigningKeyContract):
    @pytest.fixture(autouse=True, params=["ECC_NIST_P256", "RSA_2048"])
    def _made(self, request: pytest.FixtureRequest, account: Any) -> None:
        self.account = account
        self.environ = {**account.environ, "AWS_REGION": REGION}
        self.key_id = make_kms_key(account, request.param)

    def make_key(self) -> SigningKey:
        return AwsKmsSigningKey(self.key_id, self.environ, self.account.home)

    def make_missing_key(self) -> SigningKey:
        return AwsKmsSigningKey("alias/nothing", self.environ, self.account.home)


def test_an_alias_names_the_key_it_named_at_first(account: Any) -> None:
    kms = account.clients().made("kms")
    old, new = make_kms_key(account, "ECC_NIST_P256"), make_kms_key(account, "ECC_NIST_P256")
    alias = f"alias/signing-{old[:8]}"
    kms.create_alias(AliasName=alias, TargetKeyId=old)
    tools = AppContext(cwd=account.root, environ={**account.environ, "AWS_REGION": REGION})
    key = signer_context(tools).open_key(f"awskms:{alias}", account.root)
    public = key.public()

    kms.update_alias(AliasName=alias, TargetKeyId=new)

    assert is_signed(b"a", key.sign(b"a"), public)


def test_a_key_that_encrypts_is_refused(account: Any) -> None:
    key_id = make_kms_key(account, "RSA_2048", "ENCRYPT_DECRYPT")
    key = AwsKmsSigningKey(key_id, {**account.environ, "AWS_REGION": REGION}, account.home)

    with pytest.raises(MiniProgramError, match=key_id):
        key.public()


@pytest.mark.parametrize("name", ["", "shop", "alias/", "alias/a b", "arn:aws:s3:::bucket", "key/../x"])
def test_a_name_that_no_key_has_is_refused(name: str, account: Any) -> None:
    with pytest.raises(UsageError, match="names no key"):
        AwsKmsSigningKey(name, {"AWS_REGION": REGION}, account.home)


def test_without_a_region_it_says_what_to_set(account: Any) -> None:
    with pytest.raises(UsageError) as refusal:
        AwsKmsSigningKey("alias/shop", {}, account.home)
    assert "AWS_REGION" in str(refusal.value.hint)
