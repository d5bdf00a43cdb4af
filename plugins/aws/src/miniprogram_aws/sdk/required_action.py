"""Which IAM action a refused call needs."""

from __future__ import annotations

from miniprogram.provider_kit.sdk_errors import Failure
from miniprogram_s3 import s3_actions

_SERVICES = {
    "CreateChangeSet": "cloudformation",
    "DeleteChangeSet": "cloudformation",
    "DeleteStack": "cloudformation",
    "DescribeChangeSet": "cloudformation",
    "DescribeStackEvents": "cloudformation",
    "DescribeStackDriftDetectionStatus": "cloudformation",
    "DescribeStackResourceDrifts": "cloudformation",
    "DescribeStacks": "cloudformation",
    "DetectStackDrift": "cloudformation",
    "ExecuteChangeSet": "cloudformation",
    "ListStackResources": "cloudformation",
    "DeleteFunction": "lambda",
    "GetAlias": "lambda",
    "ListVersionsByFunction": "lambda",
    "PublishVersion": "lambda",
    "UpdateAlias": "lambda",
    "DescribeAlarms": "cloudwatch",
    "GetMetricStatistics": "cloudwatch",
    "DeleteTable": "dynamodb",
    "GetFunction": "lambda",
    "GetFunctionConfiguration": "lambda",
    "InvokeFunction": "lambda",
    "CreateInvalidation": "cloudfront",
    "GetAccountSettings": "lambda",
    "FilterLogEvents": "logs",
    "GetCallerIdentity": "sts",
    "GetPublicKey": "kms",
    "Sign": "kms",
    "GetRole": "iam",
    "SimulatePrincipalPolicy": "iam",
    "BatchGetItem": "dynamodb",
    "BatchWriteItem": "dynamodb",
    "DeleteItem": "dynamodb",
    "DescribeTable": "dynamodb",
    "GetItem": "dynamodb",
    "PutItem": "dynamodb",
    "Query": "dynamodb",
    "Scan": "dynamodb",
    "TransactWriteItems": "dynamodb",
    "UpdateItem": "dynamodb",
}
"""IAM prefix by operation; anything else is one of S3."""


def action_of(found: Failure) -> str:
    """The action, such as `lambda:GetFunction`: as the service names it, else by the refused operation."""
    if found.operation == "Invoke":
        return "lambda:InvokeFunction"
    service = _SERVICES.get(found.operation)
    said = s3_actions.action_of(found)
    return said if service is None or not said.startswith("s3:") else f"{service}:{found.operation}"
