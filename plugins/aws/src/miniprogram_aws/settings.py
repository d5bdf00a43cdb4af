"""Settings of the AWS provider."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from miniprogram.provider_kit.settings import AlarmedShift, Delivery, DeliveryCodeSettings, Number, Truth, Url
from miniprogram_aws.setting_values import (
    AccountId,
    CertificateArn,
    DomainName,
    KeyArn,
    Memory,
    PolicyArn,
    ResourceName,
    Retention,
    RoleArn,
    RolePath,
    Tags,
    TopicArn,
    WebAclArn,
    region_of,
)
from miniprogram_s3.settings import BucketName, RegionName, S3StoreSettings

CDN_REGION = "us-east-1"
"""Where CloudFront looks for certificates."""
NO_CDN = {
    "cn-": "CloudFront in China takes no certificate of ACM and serves no name of its own",
    "us-gov-": "GovCloud has no CloudFront",
}
"""What a region lacks, by how it begins."""


_OF_THE_FUNCTION = (
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
    "log_sample",
    "tracing",
    "domain_name",
    "web_acl_arn",
    "data_kms_key_arn",
    "shift_step",
)
"""Settings that a server of one's own has no use for."""


class AwsSettings(DeliveryCodeSettings, AlarmedShift, S3StoreSettings):
    """Where releases go on AWS. Source: `values` of an aws entry in env.json. Unknown keys are ignored.

    What may be left out is None here; what counts then is decided by whoever needs it.
    """

    own_delivery, of_own_delivery = "delivery by a function", _OF_THE_FUNCTION

    delivery: Delivery = Field(
        default="cloud",
        description="where delivery runs: cloud for a function, or self for a server on a machine of yours",
    )
    region: RegionName = Field(description="region of the bucket and the stack")
    bucket_owner: AccountId | None = Field(
        default=None, description="account that the buckets must belong to, else S3 refuses; any unless given"
    )
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
    function_memory_size: Memory | None = Field(
        default=None, description="MiB of memory of the delivery function; 256 unless given"
    )
    tracing: Truth = Field(
        default=False,
        description="tell AWS X-Ray of a share of the requests",
        json_schema_extra={"negatable": True},
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
    domain_name: DomainName | None = Field(
        default=None, description="name of your own that hosts are given, such as mini.example.com"
    )
    certificate_arn: CertificateArn | None = Field(
        default=None,
        description="ARN of the certificate of --domain-name: in us-east-1 with --cdn, else in the region",
    )
    web_acl_arn: WebAclArn | None = Field(
        default=None, description="ARN of the web ACL that CloudFront asks before each request"
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
    permissions_boundary: PolicyArn | None = Field(
        default=None, description="ARN of the policy that bounds what the delivery function's role may do"
    )
    role_path: RolePath | None = Field(
        default=None, description="path of the delivery function's role, such as /teams/shop/; / unless given"
    )
    cloudformation_role_arn: RoleArn | None = Field(
        default=None,
        description="ARN of the role that CloudFormation makes the stack with; your own permissions unless given",
        json_schema_extra={"option": "--cloudformation-role-arn"},
    )
    tag: Tags = Field(
        default=(), description="tag of the stack and all that is in it, as NAME=VALUE; may be repeated"
    )
    alarm_topic_arn: TopicArn | None = Field(
        default=None, description="ARN of the topic told when the delivery function fails or is throttled"
    )
    data_kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the KMS key that encrypts the logs, the function's settings and the admissions; "
        "AWS's own keys unless given",
    )
    cdn_price_class: Literal["all", "200", "100"] | None = Field(
        default=None, description="where CloudFront has edges: all, 200 or 100; 100 unless given"
    )
    admission_table: Truth = Field(
        default=False,
        description="keep a table that counts who was admitted to time windows",
        json_schema_extra={"negatable": True},
    )
    log_retention_days: Retention | None = Field(
        default=None, description="days the delivery function's logs are kept; 30 unless given"
    )

    @model_validator(mode="after")
    def _nothing_is_set_in_vain(self) -> Self:
        for is_vain, names, reason in (
            (self.lambda_url, ("requests_per_second",), "is for an HTTP API, not for a function URL"),
            (not self.cdn, ("cdn_price_class", "web_acl_arn"), "is for CloudFront: it needs --cdn"),
        ):
            if is_vain:
                self.refuse_in_vain(names, reason)
        return self

    @model_validator(mode="after")
    def _region_has_it(self) -> Self:
        lack = next((why for start, why in NO_CDN.items() if self.region.startswith(start)), None)
        if self.cdn and lack is not None:
            raise ValueError(f"--cdn cannot be had in {self.region}: {lack}")
        return self

    @model_validator(mode="after")
    def _domain_is_whole(self) -> Self:
        if (self.domain_name is None) != (self.certificate_arn is None):
            raise ValueError("--domain-name and --certificate-arn need each other")
        if self.certificate_arn is None:
            return self
        if self.lambda_url and not self.cdn:
            raise ValueError(
                "--domain-name cannot be given to a function URL: add --cdn, or leave out --lambda-url"
            )
        wanted = CDN_REGION if self.cdn else self.region
        if region_of(self.certificate_arn) != wanted:
            who = "CloudFront" if self.cdn else f"an HTTP API in {wanted}"
            raise ValueError(f"--certificate-arn must be in {wanted}, where {who} looks for it")
        return self

    @model_validator(mode="after")
    def _key_is_here(self) -> Self:
        key = self.data_kms_key_arn
        if key is not None and region_of(key) != self.region:
            raise ValueError(f"--data-kms-key-arn must be in {self.region}, where the logs are")
        return self
