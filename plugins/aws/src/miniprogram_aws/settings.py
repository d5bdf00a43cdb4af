"""Settings of the AWS provider."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from miniprogram.seams.setting_texts import absolute_url, object_prefix, truth

MemorySize = Literal[128, 256, 512, 1024]
RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653]


def _bucket_name(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]", name) or ".." in name:
        raise ValueError("must be a bucket name: 3 to 63 letters, digits, dots and hyphens, without s3://")
    return name


def _region_name(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError("must be a region such as eu-west-1")
    return name


def _resource_name(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        raise ValueError("must be letters, digits, dots, underscores and hyphens")
    return name


def _log_level(text: str) -> str:
    level = text.strip().upper()
    if level not in {"DEBUG", "INFO", "WARN", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARN or ERROR")
    return level


def _number(value: Any) -> Any:
    """Older tools store numbers as text."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


Url = Annotated[str, BeforeValidator(absolute_url)]
Prefix = Annotated[str, BeforeValidator(object_prefix)]
Bucket = Annotated[str, AfterValidator(_bucket_name)]
ResourceName = Annotated[str, AfterValidator(_resource_name)]
Truth = Annotated[bool, BeforeValidator(truth)]


class AwsSettings(BaseModel):
    """Where releases go on AWS. Source: `values` of an aws entry in env.json. Unknown keys are ignored.

    What may be left out is None here; what counts then is decided by whoever needs it.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    bucket: Bucket = Field(description="bucket that holds everything published")
    region: Annotated[str, AfterValidator(_region_name)] = Field(description="region of the bucket and the stack")
    artifacts_prefix: Prefix = Field(
        default="artifacts",
        description="start of the keys of artifacts",
        json_schema_extra={"always_stored": True},
    )
    metadata_prefix: Prefix = Field(
        default="metadata", description="start of the keys of metadata", json_schema_extra={"always_stored": True}
    )
    cloudfront_base_url: Url | None = Field(
        default=None,
        alias="cloudFrontBaseUrl",
        description="absolute URL of a CDN in front of the bucket",
        json_schema_extra={"option": "--cloudfront-base-url"},
    )
    api_base_url: Url | None = Field(
        default=None, description="absolute delivery API base URL that hosts are given"
    )
    aws_profile: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="profile of the AWS configuration files to sign in with"
    )
    stack_name: ResourceName | None = Field(
        default=None, description="name of the delivery stack; mini-program-cloud-<environment> unless given"
    )
    stage_name: ResourceName | None = Field(
        default=None, description="stage of the delivery API; prod unless given"
    )
    sam_s3_bucket: Bucket | None = Field(
        default=None,
        alias="samS3Bucket",
        description="bucket for function archives; the bucket itself unless given",
    )
    function_timeout_seconds: Annotated[int, BeforeValidator(_number)] | None = Field(
        default=None, ge=3, le=30, description="seconds a delivery request may take, 3 to 30; 15 unless given"
    )
    function_memory_size: Annotated[MemorySize, BeforeValidator(_number)] | None = Field(
        default=None, description="MiB of memory of the delivery function; 256 unless given"
    )
    log_level: Annotated[str, AfterValidator(_log_level)] | None = Field(
        default=None, description="DEBUG, INFO, WARN or ERROR; INFO unless given"
    )
    require_access_keys: Truth = Field(
        default=False,
        description="refuse every mini-program that has no access keys",
        json_schema_extra={"negatable": True},
    )
    function_url: Truth = Field(
        default=False,
        description="reach the delivery function by a URL of its own instead of an HTTP API",
        json_schema_extra={"negatable": True},
    )
    cdn: Truth = Field(
        default=False,
        description="put CloudFront before the delivery function",
        json_schema_extra={"negatable": True},
    )
    admission_table: Truth = Field(
        default=False,
        description="keep a table that counts who was admitted to time windows",
        json_schema_extra={"negatable": True},
    )
    log_retention_days: Annotated[RetentionDays, BeforeValidator(_number)] | None = Field(
        default=None, description="days the delivery function's logs are kept; 30 unless given"
    )
    pointer_max_age_seconds: Annotated[int, BeforeValidator(_number)] | None = Field(
        default=None,
        ge=0,
        le=300,
        description="seconds after which the delivery function looks up again what is published; 5 unless given",
    )
    stale_if_error_seconds: Annotated[int, BeforeValidator(_number)] | None = Field(
        default=None,
        ge=0,
        le=604_800,
        description="seconds the delivery function goes on with what it knows while S3 fails; 3600 unless given",
    )
    delivery_policy: Literal["strict", "compatible"] | None = Field(
        default=None,
        description="whether the delivery function closes the gaps of the reference service; strict unless given",
    )
    endpoint_url: Url | None = Field(
        default=None, description="another address to find the AWS services at, for tests and other S3 servers"
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
    create_bucket: bool = Field(
        default=False, exclude=True, description="make the bucket now: private, versioned and encrypted"
    )
