"""Settings of an environment whose store is a bucket of Cloud Storage."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from miniprogram.provider_kit.settings import Delivery, Truth, Url, shaped
from miniprogram_gcp.run_settings import RunSettings

BucketName = Annotated[
    str,
    shaped(
        r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]",
        "a bucket name: 3 to 222 small letters, digits, dots and hyphens, without gs://",
        also=lambda name: ".." not in name,
    ),
]
Location = Annotated[str, shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "a location such as europe-west1 or eu", lower=True)]


class GcpSettings(RunSettings):
    """Where releases go on Google Cloud. Source: `values` of a gcp entry in env.json. Unknown keys are ignored."""

    bucket: BucketName = Field(description="bucket that holds everything published")
    region: Location = Field(description="location of the bucket")
    delivery: Delivery = Field(
        default="cloud",
        description="where delivery runs: cloud for Cloud Run, or self for a server on a machine of yours",
    )
    endpoint_url: Url | None = Field(
        default=None,
        description="another address to find Cloud Storage at, for tests; nobody signs in there",
    )
    cdn_base_url: Url | None = Field(default=None, description="absolute URL of a CDN in front of the bucket")
    require_versions: Truth = Field(
        default=True,
        description="refuse a bucket that does not keep versions; on unless switched off",
        json_schema_extra={"negatable": True},
    )
    create_bucket: bool = Field(
        default=False, exclude=True, description="make the bucket now: private and versioned"
    )
