"""The bucket that function archives lie in, which may be another one than that of what is published."""

from __future__ import annotations

from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.settings import AwsSettings
from miniprogram_s3.bucket import Bucket
from miniprogram_s3.s3_store import S3ObjectStore


def code_store(bucket: str, settings: AwsSettings, clients: AwsClients) -> S3ObjectStore:
    """Archives are named by what is in them, so their bucket need not keep versions."""
    return S3ObjectStore(
        Bucket(bucket, clients),
        clients,
        kms_key_id=settings.kms_key_id,
        single_writer=True,
        require_versions=False,
    )
