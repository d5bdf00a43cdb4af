"""Settings of an environment whose store is a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from miniprogram.provider_kit.settings import ServedSettings, Truth, Url, shaped
from miniprogram.seams.cloud_provider import StoreAddress

BucketName = Annotated[
    str,
    shaped(
        r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]",
        "a bucket name: 3 to 63 letters, digits, dots and hyphens, without s3://",
        also=lambda name: ".." not in name,
    ),
]
RegionName = Annotated[str, shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "a region such as eu-west-1")]


class S3StoreSettings(ServedSettings):
    """What a bucket needs, whoever keeps it. Source: `values` of an entry in env.json."""

    bucket: BucketName = Field(description="bucket that holds everything published")
    region: RegionName = Field(description="region of the bucket")
    aws_profile: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="profile of the AWS configuration files to sign in with"
    )
    endpoint_url: Url | None = Field(
        default=None, description="another address to find the AWS services at, for tests and other S3 servers"
    )
    ca_bundle: Path | None = Field(
        default=None, description="file of certificates that the server's is checked with, besides AWS_CA_BUNDLE"
    )
    kms_key_id: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="KMS key that encrypts what is stored; the bucket's own encryption unless given"
    )
    single_writer: Truth = Field(
        default=False,
        description="accept a store that cannot compare and swap; only one person may publish at a time",
        json_schema_extra={"negatable": True},
    )
    require_versions: Truth = Field(
        default=True,
        description="refuse a bucket that does not keep versions; on unless switched off",
        json_schema_extra={"negatable": True},
    )
    path_style: Truth = Field(
        default=True,
        description="name the bucket in the path on servers that are not AWS; off puts it into the host name",
        json_schema_extra={"negatable": True},
    )
    create_bucket: bool = Field(
        default=False, exclude=True, description="make the bucket now: private, versioned and encrypted"
    )

    def address(self, public_base_url: str | None = None) -> StoreAddress:
        """How documents name the bucket."""
        return self.store_address(self.bucket, self.region, public_base_url)


class S3Settings(S3StoreSettings):
    """Where releases go on a server that speaks S3. Source: `values` of an s3 entry in env.json."""

    region: RegionName = Field(default="us-east-1", description="region of the bucket; us-east-1 unless given")
    endpoint_url: Url | None = Field(
        default=None, description="address of the S3 server; AWS_ENDPOINT_URL_S3 unless given, else AWS itself"
    )
    cdn_base_url: Url | None = Field(default=None, description="absolute URL of a CDN in front of the bucket")
