"""Which of the actions we need the signed-in user or role may do, as IAM itself simulates it."""

from __future__ import annotations

from collections.abc import Sequence

from miniprogram_aws.deployment.admission_table import table_name
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.settings import AwsSettings

Needed = dict[str, Sequence[str]]

_OBJECTS = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
SHARED_NAME_LENGTH = 20
"""CloudFormation cuts the names it makes to 64 characters, where it likes; so much of a stack's name stays."""


def needed_actions(settings: AwsSettings, *, partition: str, region: str, stack_name: str) -> Needed:
    """Actions by the ARN they are needed on. Account numbers are `*`.

    With a delivery server of one's own only the bucket is needed.
    """
    bucket = f"arn:{partition}:s3:::{settings.bucket}"
    needed: Needed = {
        bucket: ("s3:GetBucketVersioning", "s3:ListBucket"),
        f"{bucket}/{settings.artifacts_prefix}/*": _OBJECTS,
        f"{bucket}/{settings.metadata_prefix}/*": _OBJECTS,
        **_key_actions(settings),
    }
    if settings.delivery == "self":
        return needed
    if settings.cloudformation_role_arn is not None:
        needed[settings.cloudformation_role_arn] = ("iam:PassRole",)
    code = f"arn:{partition}:s3:::{settings.sam_s3_bucket or settings.bucket}"
    return {
        **needed,
        f"{code}/functions/*": ("s3:GetObject", "s3:PutObject"),
        **_stack_actions(settings, partition, region, stack_name),
        **_endpoint_actions(settings, partition, region),
        **_table_actions(settings, partition, region, stack_name),
        **({settings.web_acl_arn: ("wafv2:GetWebACL",)} if settings.web_acl_arn else {}),
    }


def policy(needed: Needed) -> dict[str, object]:
    """`needed` as a policy of IAM, for the user or role that publishes and deploys."""
    statements = [
        {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
        for resource, actions in needed.items()
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _key_actions(settings: AwsSettings) -> Needed:
    key = settings.kms_key_id
    if key is None:
        return {}
    return {
        key if key.startswith("arn:") and ":alias/" not in key else "*": ("kms:Decrypt", "kms:GenerateDataKey")
    }


def _stack_actions(settings: AwsSettings, partition: str, region: str, stack_name: str) -> Needed:
    made = stack_name[:SHARED_NAME_LENGTH]
    concurrency = ("lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency")
    return {
        f"arn:{partition}:cloudformation:{region}:*:stack/{stack_name}/*": (
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStackResourceDrifts",
            "cloudformation:DescribeStacks",
            "cloudformation:DetectStackDrift",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:ListStackResources",
        ),
        f"arn:{partition}:lambda:{region}:*:function:{made}*": (
            "lambda:AddPermission",
            "lambda:CreateAlias",
            "lambda:CreateFunction",
            "lambda:DeleteAlias",
            "lambda:DeleteFunction",
            "lambda:GetAlias",
            "lambda:GetFunction",
            "lambda:GetFunctionConfiguration",
            "lambda:InvokeFunction",
            "lambda:ListTags",
            "lambda:ListVersionsByFunction",
            "lambda:PublishVersion",
            "lambda:RemovePermission",
            "lambda:TagResource",
            "lambda:UntagResource",
            "lambda:UpdateAlias",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
            *(concurrency if settings.reserved_concurrency is not None else ()),
        ),
        **_alarm_actions(settings, partition, region, made),
        **_data_key_actions(settings),
        f"arn:{partition}:iam::*:role{settings.role_path or '/'}{made}*": (
            *(_BOUNDARY_ACTIONS if settings.permissions_boundary is not None else ()),
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:PassRole",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
        ),
        f"arn:{partition}:logs:{region}:*:log-group:/aws/lambda/{stack_name}*": (
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:FilterLogEvents",
            "logs:ListTagsForResource",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
            *(("logs:AssociateKmsKey", "logs:DisassociateKmsKey") if settings.data_kms_key_arn else ()),
        ),
        f"arn:{partition}:logs:{region}:*:log-group:*": ("logs:DescribeLogGroups",),
        # what cannot be limited to one resource
        "*": (
            "cloudformation:DescribeStackDriftDetectionStatus",
            "lambda:GetAccountSettings",
            *(_CDN_ACTIONS if settings.cdn else ()),
            *(_SHIFT_ACTIONS if settings.shift_step else ()),
        ),
    }


def _alarm_actions(settings: AwsSettings, partition: str, region: str, made: str) -> Needed:
    if settings.alarm_topic_arn is None:
        return {}
    alarm = f"arn:{partition}:cloudwatch:{region}:*:alarm:{made}*"
    names = ("DeleteAlarms", "DescribeAlarms", "ListTagsForResource", "PutMetricAlarm", "TagResource")
    return {alarm: tuple(f"cloudwatch:{name}" for name in names)}


def _data_key_actions(settings: AwsSettings) -> Needed:
    """On the key of the logs and the table, which AWS's services use in the name of who deploys."""
    if settings.data_kms_key_arn is None:
        return {}
    names = ("CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey")
    return {settings.data_kms_key_arn: tuple(f"kms:{name}" for name in names)}


def _domain_actions(settings: AwsSettings, partition: str, region: str) -> Needed:
    """For a name of one's own before the HTTP API. API Gateway makes a role of its own for the first."""
    if settings.domain_name is None or settings.cdn:
        return {}
    names = f"arn:{partition}:apigateway:{region}::/domainnames"
    certificate = ("apigateway:AddCertificateToDomain", "apigateway:RemoveCertificateFromDomain")
    gateway = ("apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST")
    return {
        names: ("apigateway:POST", *certificate),
        f"{names}/*": (*gateway, *certificate),
        f"arn:{partition}:iam::*:role/aws-service-role/ops.apigateway.amazonaws.com/*": (
            "iam:CreateServiceLinkedRole",
        ),
    }


_SHIFT_ACTIONS = ("cloudwatch:DescribeAlarms", "cloudwatch:GetMetricStatistics")
_BOUNDARY_ACTIONS = ("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary")
_CDN_ACTIONS = (
    "cloudfront:CreateCachePolicy",
    "cloudfront:CreateDistribution",
    "cloudfront:CreateFunction",
    "cloudfront:CreateInvalidation",
    "cloudfront:CreateOriginAccessControl",
    "cloudfront:DeleteCachePolicy",
    "cloudfront:DeleteDistribution",
    "cloudfront:DeleteFunction",
    "cloudfront:DeleteOriginAccessControl",
    "cloudfront:DescribeFunction",
    "cloudfront:GetCachePolicy",
    "cloudfront:GetDistribution",
    "cloudfront:GetFunction",
    "cloudfront:GetOriginAccessControl",
    "cloudfront:ListTagsForResource",
    "cloudfront:PublishFunction",
    "cloudfront:TagResource",
    "cloudfront:UpdateCachePolicy",
    "cloudfront:UpdateDistribution",
    "cloudfront:UpdateFunction",
    "cloudfront:UpdateOriginAccessControl",
)


def missing_actions(settings: AwsSettings, clients: AwsClients, stack_name: str) -> list[str]:
    """The needed actions that are denied, sorted. Raises AwsError when it may not be asked."""
    caller = _caller(clients)
    account = caller.split(":")[4]
    if caller.endswith(":root"):
        return []
    needed = needed_actions(settings, partition=clients.partition, region=clients.region, stack_name=stack_name)
    denied: set[str] = set()
    with mapped("ask what the signed-in user may do", resource="the signed-in user", region=clients.region):
        pages = clients.client("iam").get_paginator("simulate_principal_policy")
        for resource, actions in needed.items():
            arn = resource.replace(":*:", f":{account}:", 1).replace("::*:", f"::{account}:", 1)
            for page in pages.paginate(PolicySourceArn=caller, ActionNames=list(actions), ResourceArns=[arn]):
                denied.update(
                    row["EvalActionName"] for row in page["EvaluationResults"] if row["EvalDecision"] != "allowed"
                )
    return sorted(denied)


def _caller(clients: AwsClients) -> str:
    """The user or role whose policies count. A session of a role is known by the role's name only."""
    arn: str = clients.identity()["Arn"]
    kind, _, name = arn.split(":")[5].partition("/")
    if kind != "assumed-role":
        return arn
    role = name.split("/")[0]
    with mapped(f"look up the role {role}", resource=f"the role {role}", region=clients.region):
        return clients.client("iam").get_role(RoleName=role)["Role"]["Arn"]


def _endpoint_actions(settings: AwsSettings, partition: str, region: str) -> Needed:
    if settings.lambda_url:
        return {
            f"arn:{partition}:lambda:{region}:*:function:*": (
                "lambda:CreateFunctionUrlConfig",
                "lambda:DeleteFunctionUrlConfig",
                "lambda:GetFunctionUrlConfig",
                "lambda:UpdateFunctionUrlConfig",
            )
        }
    apis = ("apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST")
    return {
        **_domain_actions(settings, partition, region),
        f"arn:{partition}:apigateway:{region}::/apis": ("apigateway:GET", "apigateway:POST"),
        f"arn:{partition}:apigateway:{region}::/apis/*": apis,
        f"arn:{partition}:apigateway:{region}::/tags/*": (
            "apigateway:DELETE",
            "apigateway:GET",
            "apigateway:POST",
        ),
    }


def _table_actions(settings: AwsSettings, partition: str, region: str, stack_name: str) -> Needed:
    """To make the table, and to count in it as `serve` and `release why` do."""
    if not settings.admission_table:
        return {}
    return {
        f"arn:{partition}:dynamodb:{region}:*:table/{table_name(stack_name)}": (
            "dynamodb:BatchGetItem",
            "dynamodb:CreateTable",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:TagResource",
            "dynamodb:UpdateContinuousBackups",
            "dynamodb:UpdateItem",
            "dynamodb:UpdateTable",
            "dynamodb:UpdateTimeToLive",
        )
    }
