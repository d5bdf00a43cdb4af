"""Settings of the AWS provider."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from miniprogram.provider_kit.settings import Delivery, Number, Truth, Url, number
from miniprogram_s3.settings import BucketName, RegionName, S3StoreSettings

MemorySize = Literal[128, 256, 512, 1024]
RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653]


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


ResourceName = Annotated[str, AfterValidator(_resource_name)]


class AwsSettings(S3StoreSettings):
    """Where releases go on AWS. Source: `values` of an aws entry in env.json. Unknown keys are ignored.

    What may be left out is None here; what counts then is decided by whoever needs it.
    """

    has_own_delivery = True

    delivery: Delivery = Field(
        default="cloud",
        description="where delivery runs: cloud for a function, or self for a server on a machine of yours",
    )
    region: RegionName = Field(description="region of the bucket and the stack")
    cloudfront_base_url: Url | None = Field(
        default=None,
        alias="cloudFrontBaseUrl",
        description="absolute URL of a CDN in front of the bucket",
        json_schema_extra={"option": "--cloudfront-base-url"},
    )
    stack_name: ResourceName | None = Field(
        default=None, description="name of the delivery stack; mini-program-cloud-<environment> unless given"
    )
    stage_name: ResourceName | None = Field(
        default=None, description="stage of the delivery API; prod unless given"
    )
    sam_s3_bucket: BucketName | None = Field(
        default=None,
        alias="samS3Bucket",
        description="bucket for function archives; the bucket itself unless given",
    )
    function_timeout_seconds: Number | None = Field(
        default=None, ge=3, le=30, description="seconds a delivery request may take, 3 to 30; 15 unless given"
    )
    function_memory_size: Annotated[MemorySize, BeforeValidator(number)] | None = Field(
        default=None, description="MiB of memory of the delivery function; 256 unless given"
    )
    log_level: Annotated[str, AfterValidator(_log_level)] | None = Field(
        default=None, description="DEBUG, INFO, WARN or ERROR; INFO unless given"
    )
    lambda_url: Truth = Field(
        default=False,
        description="reach the delivery function by a URL of its own instead of an HTTP API",
        json_schema_extra={"negatable": True},
    )
    cdn: Truth = Field(
        default=False,
        description="put CloudFront before the delivery function",
        json_schema_extra={"negatable": True},
    )
    requests_per_second: Number | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="requests a second that the HTTP API lets through; 2000 unless given",
    )
    reserved_concurrency: Number | None = Field(
        default=None,
        ge=1,
        description="instances of the delivery function that may run at once; the account's limit unless given",
    )
    admission_table: Truth = Field(
        default=False,
        description="keep a table that counts who was admitted to time windows",
        json_schema_extra={"negatable": True},
    )
    log_retention_days: Annotated[RetentionDays, BeforeValidator(number)] | None = Field(
        default=None, description="days the delivery function's logs are kept; 30 unless given"
    )
    pointer_max_age_seconds: Number | None = Field(
        default=None,
        ge=0,
        le=300,
        description="seconds after which the delivery function looks up again what is published; 5 unless given",
    )
    delivery_policy: Literal["strict", "compatible"] | None = Field(
        default=None,
        description="whether the delivery function closes the gaps of the reference service; strict unless given",
    )

    @model_validator(mode="after")
    def _nothing_is_set_in_vain(self) -> Self:
        own = ("lambda_url", "cdn", "admission_table")
        if self.delivery == "self":
            vain = [name for name in own if getattr(self, name)]
            reason = "is for delivery by a function"
        else:
            vain = [name for name in ("host", "port") if name in self.model_fields_set]
            reason = "is for a delivery server of yours: it needs --delivery self"
        if vain:
            raise ValueError(f"--{vain[0].replace('_', '-')} {reason}")
        return self
