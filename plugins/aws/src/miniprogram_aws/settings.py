"""Settings of the AWS provider."""

from __future__ import annotations

import re
from collections.abc import Callable
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


def _arn(service: str, kind: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        arn = text.strip()
        if not re.fullmatch(rf"arn:[a-z-]+:{service}::(\d{{12}}|aws):{kind}/[\w+=,.@/-]+", arn):
            raise ValueError(f"must be an ARN such as arn:aws:{service}::123456789012:{kind}/name")
        return arn

    return check


def _role_path(text: str) -> str:
    path = text.strip()
    if not re.fullmatch(r"/([\w+=,.@-]+/)*", path) or len(path) > 512:
        raise ValueError("must be a path such as /teams/shop/")
    return path


def _topic(text: str) -> str:
    arn = text.strip()
    if not re.fullmatch(r"arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?", arn):
        raise ValueError("must be an ARN such as arn:aws:sns:eu-west-1:123456789012:name")
    return arn


def _tag(text: str) -> str:
    name, found, value = text.partition("=")
    is_reserved = name.lower().startswith(("aws:", "miniprogram:"))
    if not found or not name.strip() or is_reserved or len(name) > 128 or len(value) > 256:
        raise ValueError("must be NAME=VALUE, with a name that does not start with aws: or miniprogram:")
    return text


Tag = Annotated[str, AfterValidator(_tag)]
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
    permissions_boundary: Annotated[str, AfterValidator(_arn("iam", "policy"))] | None = Field(
        default=None, description="ARN of the policy that bounds what the delivery function's role may do"
    )
    role_path: Annotated[str, AfterValidator(_role_path)] | None = Field(
        default=None, description="path of the delivery function's role, such as /teams/shop/; / unless given"
    )
    cloudformation_role_arn: Annotated[str, AfterValidator(_arn("iam", "role"))] | None = Field(
        default=None,
        description="ARN of the role that CloudFormation makes the stack with; your own permissions unless given",
        json_schema_extra={"option": "--cloudformation-role-arn"},
    )
    tag: tuple[Tag, ...] = Field(
        default=(), description="tag of the stack and all that is in it, as NAME=VALUE; may be repeated"
    )
    alarm_topic_arn: Annotated[str, AfterValidator(_topic)] | None = Field(
        default=None, description="ARN of the topic told when the delivery function fails or is throttled"
    )
    cdn_price_class: Literal["all", "200", "100"] | None = Field(
        default=None, description="where CloudFront has edges: all, 200 or 100; 100 unless given"
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
        own = (
            "lambda_url",
            "cdn",
            "admission_table",
            "requests_per_second",
            "reserved_concurrency",
            "permissions_boundary",
            "role_path",
            "cloudformation_role_arn",
            "tag",
            "alarm_topic_arn",
            "cdn_price_class",
        )
        if self.delivery == "self":
            vain = [name for name in own if getattr(self, name)]
            reason = "is for delivery by a function"
        else:
            vain = [name for name in ("host", "port") if name in self.model_fields_set]
            reason = "is for a delivery server of yours: it needs --delivery self"
        if vain:
            raise ValueError(f"--{vain[0].replace('_', '-')} {reason}")
        return self
