"""Which IAM action a refused call needs."""

from __future__ import annotations

import re

from miniprogram_aws.sdk.sdk_errors import Failure

_S3_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjectsV2": "ListBucket",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "UploadPart": "PutObject",
}
"""Operations of S3 that are not named like their action."""

_SERVICES = {
    "CreateChangeSet": "cloudformation",
    "DeleteChangeSet": "cloudformation",
    "DeleteStack": "cloudformation",
    "DescribeChangeSet": "cloudformation",
    "DescribeStackEvents": "cloudformation",
    "DescribeStackDriftDetectionStatus": "cloudformation",
    "DescribeStackResourceDrifts": "cloudformation",
    "DescribeStackResources": "cloudformation",
    "DescribeStacks": "cloudformation",
    "DetectStackDrift": "cloudformation",
    "ExecuteChangeSet": "cloudformation",
    "GetTemplate": "cloudformation",
    "ListStackResources": "cloudformation",
    "ValidateTemplate": "cloudformation",
    "GetFunction": "lambda",
    "GetFunctionConfiguration": "lambda",
    "InvokeFunction": "lambda",
    "GetAccountSettings": "lambda",
    "DescribeLogGroups": "logs",
    "FilterLogEvents": "logs",
    "GetLogEvents": "logs",
    "GetCallerIdentity": "sts",
    "GetRole": "iam",
    "SimulatePrincipalPolicy": "iam",
    "ListServiceQuotas": "servicequotas",
    "GetServiceQuota": "servicequotas",
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
    """The action, such as `s3:PutObject`: as the service names it, else by the operation that was refused."""
    said = re.search(r"not authorized to perform:? ([a-z0-9-]+:\w+)", found.message)
    if said:
        return said[1]
    if found.operation == "Invoke":
        return "lambda:InvokeFunction"
    service = _SERVICES.get(found.operation, "s3")
    name = _S3_ACTIONS.get(found.operation, found.operation or "*") if service == "s3" else found.operation
    return f"{service}:{name}"
