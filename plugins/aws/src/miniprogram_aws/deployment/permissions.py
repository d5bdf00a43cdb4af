"""Which of the actions we need the signed-in user or role may do, as IAM itself simulates it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram_aws.deployment.admission_table import table_name
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.settings import AwsSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def needed_actions(
    settings: AwsSettings, *, partition: str, region: str, stack_name: str
) -> Mapping[str, Sequence[str]]:
    """Actions by the ARN they are needed on. Account numbers are `*`."""
    bucket = f"arn:{partition}:s3:::{settings.bucket}"
    code = f"arn:{partition}:s3:::{settings.sam_s3_bucket or settings.bucket}/functions/*"
    objects = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
    return {
        bucket: ("s3:GetBucketVersioning", "s3:ListBucket"),
        f"{bucket}/{settings.artifacts_prefix}/*": objects,
        f"{bucket}/{settings.metadata_prefix}/*": objects,
        code: ("s3:GetObject", "s3:PutObject"),
        f"arn:{partition}:cloudformation:{region}:*:stack/{stack_name}/*": (
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:ListStackResources",
        ),
        f"arn:{partition}:lambda:{region}:*:function:{stack_name}-*": (
            "lambda:AddPermission",
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:GetFunction",
            "lambda:GetFunctionConfiguration",
            "lambda:RemovePermission",
            "lambda:TagResource",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
        ),
        f"arn:{partition}:iam::*:role/{stack_name}-*": (
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:GetRole",
            "iam:PassRole",
            "iam:PutRolePolicy",
            "iam:TagRole",
        ),
        f"arn:{partition}:logs:{region}:*:log-group:/aws/lambda/{stack_name}*": (
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:FilterLogEvents",
            "logs:PutRetentionPolicy",
        ),
        **_endpoint_actions(settings, partition, region),
        **_table_actions(settings, partition, region, stack_name),
    }


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
    with mapped("ask AWS who is signed in", resource="AWS", region=clients.region):
        arn = clients.client("sts").get_caller_identity()["Arn"]
    kind, _, name = arn.split(":")[5].partition("/")
    if kind != "assumed-role":
        return arn
    role = name.split("/")[0]
    with mapped(f"look up the role {role}", resource=f"the role {role}", region=clients.region):
        return clients.client("iam").get_role(RoleName=role)["Role"]["Arn"]


def _endpoint_actions(settings: AwsSettings, partition: str, region: str) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    if settings.function_url:
        found[f"arn:{partition}:lambda:{region}:*:function:*"] = (
            "lambda:CreateFunctionUrlConfig",
            "lambda:DeleteFunctionUrlConfig",
        )
    else:
        found[f"arn:{partition}:apigateway:{region}::/apis"] = (
            "apigateway:DELETE",
            "apigateway:GET",
            "apigateway:PATCH",
            "apigateway:POST",
        )
    if settings.cdn:
        found["*"] = (
            "cloudfront:CreateCachePolicy",
            "cloudfront:CreateDistribution",
            "cloudfront:DeleteDistribution",
            "cloudfront:GetDistribution",
            "cloudfront:UpdateDistribution",
        )
    return found


def _table_actions(
    settings: AwsSettings, partition: str, region: str, stack_name: str
) -> dict[str, Sequence[str]]:
    if not settings.admission_table:
        return {}
    return {
        f"arn:{partition}:dynamodb:{region}:*:table/{table_name(stack_name)}": (
            "dynamodb:CreateTable",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:GetItem",
            "dynamodb:TagResource",
            "dynamodb:UpdateContinuousBackups",
            "dynamodb:UpdateTimeToLive",
        )
    }
