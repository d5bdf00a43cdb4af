"""The policy that `cloud permissions` prints: all that is needed, and every name that CloudFormation may make."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest
import yaml

from miniprogram_aws.deployment.delivery_stack import delivery_template
from miniprogram_aws.deployment.permissions import needed_actions, policy
from miniprogram_aws.settings import AwsSettings

LONGEST_NAME = "mini-program-cloud-" + "production-" * 9
BOUNDARY = "arn:aws:iam::123456789012:policy/bound"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:oncall"
EVERYTHING = {
    "permissions_boundary": BOUNDARY,
    "alarm_topic_arn": TOPIC,
    "cdn": True,
    "admission_table": True,
    "kms_key_id": "alias/shop",
    "reserved_concurrency": 5,
    "data_kms_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1",
    "shift_step": (10, 50),
    "web_acl_arn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/1",
}


OWN_NAME = {
    "domain_name": "mini.example.com",
    "certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/one",
}


def needed(stack_name: str = "shop-prod", **settings: Any) -> dict[str, Any]:
    told = AwsSettings(bucket="shop", region="eu-west-1", **settings)
    return dict(needed_actions(told, partition="aws", region="eu-west-1", stack_name=stack_name))


def resource_types() -> set[str]:
    """Types of the template's resources, read without its own tags of YAML."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)  # type: ignore[attr-defined]
    return {row["Type"] for row in yaml.load(delivery_template(), loader)["Resources"].values()}


GATEWAY = {"apigateway:POST", "apigateway:GET", "apigateway:PATCH", "apigateway:DELETE"}
HANDLERS = {
    "AWS::ApiGatewayV2::Api": GATEWAY,
    "AWS::ApiGatewayV2::ApiMapping": GATEWAY,
    "AWS::ApiGatewayV2::DomainName": GATEWAY | {
        "apigateway:AddCertificateToDomain", "apigateway:RemoveCertificateFromDomain",
        "iam:CreateServiceLinkedRole",
    },
    "AWS::ApiGatewayV2::Integration": GATEWAY,
    "AWS::ApiGatewayV2::Route": GATEWAY,
    "AWS::ApiGatewayV2::Stage": GATEWAY,
    "AWS::CloudFront::CachePolicy": {
        "cloudfront:CreateCachePolicy", "cloudfront:GetCachePolicy", "cloudfront:UpdateCachePolicy",
        "cloudfront:DeleteCachePolicy",
    },
    "AWS::CloudFront::Distribution": {
        "cloudfront:CreateDistribution", "cloudfront:GetDistribution", "cloudfront:UpdateDistribution",
        "cloudfront:DeleteDistribution", "cloudfront:TagResource", "cloudfront:ListTagsForResource",
    },
    "AWS::CloudFront::Function": {
        "cloudfront:CreateFunction", "cloudfront:PublishFunction", "cloudfront:DescribeFunction",
        "cloudfront:GetFunction", "cloudfront:UpdateFunction", "cloudfront:DeleteFunction",
    },
    "AWS::CloudFront::OriginAccessControl": {
        "cloudfront:CreateOriginAccessControl", "cloudfront:GetOriginAccessControl",
        "cloudfront:UpdateOriginAccessControl", "cloudfront:DeleteOriginAccessControl",
    },
    "AWS::CloudWatch::Alarm": {
        "cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms",
    },
    "AWS::DynamoDB::Table": {
        "dynamodb:CreateTable", "dynamodb:DescribeTable", "dynamodb:UpdateTable", "dynamodb:TagResource",
        "dynamodb:DescribeTimeToLive", "dynamodb:UpdateTimeToLive", "dynamodb:DescribeContinuousBackups",
        "dynamodb:UpdateContinuousBackups",
    },
    "AWS::IAM::Role": {
        "iam:CreateRole", "iam:GetRole", "iam:PutRolePolicy", "iam:GetRolePolicy", "iam:ListRolePolicies",
        "iam:ListAttachedRolePolicies", "iam:DeleteRolePolicy", "iam:DeleteRole", "iam:TagRole", "iam:UntagRole",
    },
    "AWS::Lambda::Alias": {
        "lambda:CreateAlias", "lambda:GetAlias", "lambda:UpdateAlias", "lambda:DeleteAlias",
    },
    "AWS::Lambda::Function": {
        "lambda:CreateFunction", "lambda:GetFunction", "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration", "lambda:DeleteFunction", "lambda:TagResource", "lambda:ListTags",
        "lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency", "iam:PassRole", "s3:GetObject",
    },
    "AWS::Lambda::Permission": {"lambda:AddPermission", "lambda:RemovePermission"},
    "AWS::Lambda::Url": {
        "lambda:CreateFunctionUrlConfig", "lambda:GetFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig",
        "lambda:DeleteFunctionUrlConfig",
    },
    "AWS::Logs::LogGroup": {
        "logs:CreateLogGroup", "logs:DescribeLogGroups", "logs:PutRetentionPolicy", "logs:TagResource",
        "logs:ListTagsForResource", "logs:DeleteLogGroup", "logs:AssociateKmsKey", "logs:DisassociateKmsKey",
    },
}  # fmt: skip
"""What CloudFormation calls to make, change and remove a resource, from the handlers of its published schemas."""


def test_what_cloudformation_calls_for_each_resource_is_in_the_policy() -> None:
    allowed = {
        action
        for settings in ({}, EVERYTHING, OWN_NAME, {"lambda_url": True})
        for actions in needed(**settings).values()
        for action in actions
    }

    assert resource_types() == set(HANDLERS)
    assert {kind: calls - allowed for kind, calls in HANDLERS.items() if calls - allowed} == {}


@pytest.mark.parametrize("stack_name", ["s", "shop-prod", LONGEST_NAME], ids=["short", "usual", "longest"])
@pytest.mark.parametrize("service", ["iam", "lambda"])
def test_a_name_is_covered_however_it_is_cut(stack_name: str, service: str) -> None:
    """CloudFormation joins stack, resource and a random end, and cuts what is longer than 64."""
    logical = "MiniProgramDeliveryFunctionRole"
    patterns = [
        arn.split(":")[-1].removeprefix("role/")
        for arn in needed(stack_name)
        if re.match(rf"arn:aws:{service}:.*(role|function)", arn)
    ]
    for cut in {24, 25, 30, len(stack_name)}:
        made = f"{stack_name[:cut]}-{logical[:24]}-AbCdEf123456"[:64]
        assert any(fnmatchcase(made, pattern) for pattern in patterns), made


def test_a_role_of_cloudformation_may_be_passed_to_it() -> None:
    role = "arn:aws:iam::123456789012:role/deployer"

    assert needed(cloudformation_role_arn=role)[role] == ("iam:PassRole",)
    assert "arn:aws:iam::*:role/teams/shop/shop-prod*" in needed(role_path="/teams/shop/")


def test_a_server_of_ones_own_needs_the_bucket_only() -> None:
    found = needed(delivery="self")

    assert {action.split(":")[0] for actions in found.values() for action in actions} == {"s3"}


def test_a_policy_is_one_that_iam_takes() -> None:
    document = policy(needed(**EVERYTHING))

    assert document["Version"] == "2012-10-17"
    text = json.dumps(document)
    assert len(re.sub(r"\s", "", text)) <= 6144, "the most that one managed policy may hold"


def test_the_policy_is_printed_for_who_manages_the_account(account: Any, command_line: Callable[..., Any]) -> None:
    call = command_line(account)
    call("env", "init")
    where = ["--provider", "aws", "--bucket", account.bucket, "--region", "cn-north-1", "--stack-name", "own"]
    call("env", "configure", "prod", *where)

    code, out, err = call("cloud", "permissions", "--env", "prod")
    as_json = json.loads(call("cloud", "permissions", "--env", "prod", "--json")[1])

    assert (code, err) == (0, "")
    assert json.loads(out) == as_json["policy"]
    assert (as_json["provider"], as_json["environmentName"]) == ("aws", "prod")
    resources = {row["Resource"] for row in as_json["policy"]["Statement"]}
    assert f"arn:aws-cn:s3:::{account.bucket}/metadata/*" in resources
    assert "arn:aws-cn:cloudformation:cn-north-1:*:stack/own/*" in resources


def test_a_provider_without_permissions_says_so(
    tmp_path: Any, account: Any, command_line: Callable[..., Any]
) -> None:
    call = command_line(account)
    call("env", "init")
    call("env", "configure", "here", "--provider", "filesystem", "--store", str(tmp_path / "store"))

    code, out, err = call("cloud", "permissions", "--env", "here")

    assert (code, out) == (1, "")
    assert "the provider filesystem of here states no permissions" in err
