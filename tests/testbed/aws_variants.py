"""Ways to configure the delivery stack of AWS, which between them make every resource of its template."""

from __future__ import annotations

from typing import Any

from miniprogram_aws.deployment.delivery_stack import delivery_plan, delivery_template
from miniprogram_aws.settings import AwsSettings
from testbed.template import decided

NAME = "mini.example.com"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/one"
CDN_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/two"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/1"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:oncall"
GOVERNED: dict[str, Any] = {
    "admission_table": True,
    "alarm_topic_arn": TOPIC,
    "data_kms_key_arn": KEY,
    "kms_key_id": "alias/shop",
    "log_retention_days": 365,
    "reserved_concurrency": 100,
    "tracing": True,
}

VARIANTS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "function URL": {"lambda_url": True},
    "CDN": {"cdn": True},
    "function URL and CDN": {"lambda_url": True, "cdn": True},
    "table": {"admission_table": True},
    "governed API": {**GOVERNED, "domain_name": NAME, "certificate_arn": CERTIFICATE},
    "governed CDN": {
        **GOVERNED, "lambda_url": True, "cdn": True, "domain_name": NAME, "certificate_arn": CDN_CERTIFICATE,
        "web_acl_arn": WEB_ACL,
    },
}  # fmt: skip


def template_of(**settings: Any) -> dict[str, Any]:
    """The template as AWS would carry it out for an environment with `settings`."""
    told = AwsSettings(**{"bucket": "shop", "region": "eu-west-1", **settings})
    plan = delivery_plan(
        told,
        "shop-prod",
        "prod",
        code={"FunctionCodeBucket": "shop", "FunctionCodeKey": "functions/delivery-1.zip"},
        admission_table="create" if told.admission_table else "none",
        origin_key="a-key" if told.cdn else None,
    )
    return decided(delivery_template(), {name: str(value) for name, value in plan.parameters.items()})
