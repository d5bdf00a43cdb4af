"""An environment's settings as the parameters of the delivery template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from miniprogram.provider_kit.settings import values_by_name
from miniprogram_aws.deployment.admission_table import Part
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.stacks import ENVIRONMENT_TAG, PART_TAG, Previous, StackPlan

DELIVERY_PART = "delivery"


def delivery_plan(
    settings: AwsSettings,
    stack_name: str,
    environment: str,
    *,
    code: Mapping[str, str],
    admission_table: Part = "none",
    origin_key: str | Previous | None = None,
) -> StackPlan:
    """What was not configured is left to the template's defaults."""
    own = {"AdmissionTable": admission_table, **({} if origin_key is None else {"OriginKey": origin_key})}
    return StackPlan(
        stack_name,
        delivery_template(),
        {**_parameters(settings), **code, **own},
        {**_own_tags(settings), PART_TAG: DELIVERY_PART, ENVIRONMENT_TAG: environment},
        settings.cloudformation_role_arn,
    )


@cache
def delivery_template() -> str:
    """The template, as CloudFormation takes it."""
    from importlib.resources import files

    return files("miniprogram_aws.deployment").joinpath("templates", "delivery.yaml").read_text("utf-8")


def _parameters(settings: AwsSettings) -> Mapping[str, str]:
    told: dict[str, object | None] = {
        "ArtifactBucketName": settings.bucket,
        "ArtifactBucketOwner": settings.bucket_owner,
        "ArtifactsPrefix": settings.artifacts_prefix,
        "MetadataPrefix": settings.metadata_prefix,
        "StageName": settings.stage_name,
        "FunctionTimeoutSeconds": settings.function_timeout_seconds,
        "FunctionMemorySize": settings.function_memory_size,
        "LogLevel": settings.log_level,
        "RequireMiniProgramAccessKeys": _truth(settings.require_access_keys),
        "LogRetentionDays": settings.log_retention_days,
        "PointerMaxAgeSeconds": settings.pointer_max_age_seconds,
        "StaleIfErrorSeconds": settings.stale_if_error_seconds,
        "DeliveryPolicy": settings.delivery_policy,
        "Endpoint": "function-url" if settings.lambda_url else "http-api",
        "UseCdn": _truth(settings.cdn),
        "DecryptsWithKms": _truth(settings.kms_key_id is not None),
        "RequestsPerSecond": settings.requests_per_second,
        "RequestsAtOnce": None if settings.requests_per_second is None else 2 * settings.requests_per_second,
        "ReservedConcurrency": settings.reserved_concurrency,
        "PermissionsBoundary": settings.permissions_boundary,
        "RolePath": settings.role_path,
        "AlarmTopic": settings.alarm_topic_arn,
        "CdnPriceClass": _price_class(settings),
        "DomainName": settings.domain_name,
        "CertificateArn": settings.certificate_arn or "",
        "WebAclArn": settings.web_acl_arn,
        "LogSample": settings.log_sample,
        "Tracing": "Active" if settings.tracing else "PassThrough",
        "DataKeyArn": settings.data_kms_key_arn,
    }
    return {name: str(value) for name, value in told.items() if value is not None}


def _own_tags(settings: AwsSettings) -> dict[str, str]:
    return values_by_name(settings.tag)


def _price_class(settings: AwsSettings) -> str | None:
    chosen = settings.cdn_price_class
    return None if chosen is None else f"PriceClass_{'All' if chosen == 'all' else chosen}"


def _truth(value: bool) -> str:
    return "true" if value else "false"
