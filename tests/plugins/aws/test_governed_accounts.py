"""Accounts with rules: boundaries, role paths, tags, a role for CloudFormation; and who is told when it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.settings import AwsSettings

BOUNDARY = "arn:aws:iam::123456789012:policy/teams/bound"
ROLE = "arn:aws:iam::123456789012:role/deployer"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:oncall"

OPTIONS = f"""--permissions-boundary {BOUNDARY} --role-path /teams/shop/ --cloudformation-role-arn {ROLE}
    --tag team=shop --tag cost-centre=4=2 --alarm-topic-arn {TOPIC} --requests-per-second 50
    --reserved-concurrency 7""".split()


@pytest.fixture
def deployed(account: Any) -> Any:
    """The stack of an environment with all of it, and the account it is in."""
    account.make_bucket()
    ours = AwsDeployment(
        account.settings(
            permissions_boundary=BOUNDARY,
            role_path="/teams/shop/",
            cloudformation_role_arn=ROLE,
            tag=("team=shop", "cost-centre=4=2"),
            alarm_topic_arn=TOPIC,
            requests_per_second=50,
            reserved_concurrency=7,
        ),
        account.context(),
        account.clients(),
    )
    ours.deploy(lambda _line: None)
    return account, ours


def test_the_stack_is_as_the_account_wants_it(deployed: Any) -> None:
    account, ours = deployed
    cloudformation = account.clients().client("cloudformation")
    [stack] = cloudformation.describe_stacks(StackName=ours.stack_name)["Stacks"]
    tags = {row["Key"]: row["Value"] for row in stack["Tags"]}
    assert (tags["team"], tags["cost-centre"], tags["miniprogram:part"]) == ("shop", "4=2", "delivery")

    resources = cloudformation.describe_stack_resources(StackName=ours.stack_name)["StackResources"]
    names = {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in resources}
    role = account.clients().client("iam").get_role(RoleName=names["MiniProgramDeliveryFunctionRole"])["Role"]
    assert role["Path"] == "/teams/shop/"
    told = {row["ParameterKey"]: row["ParameterValue"] for row in stack["Parameters"]}
    limits = (told["PermissionsBoundary"], told["ReservedConcurrency"], told["RequestsPerSecond"])
    assert limits == (BOUNDARY, "7", "50"), "the server that stands for AWS does not hold resources to them"
    assert {"MiniProgramDeliveryErrorAlarm", "MiniProgramDeliveryThrottleAlarm"} <= names.keys()


def test_every_option_is_typed_and_stored(account: Any, command_line: Callable[..., Any]) -> None:
    call = command_line(account)
    call("env", "init")

    code, _, err = call(
        "env", "configure", "prod", "--provider", "aws", "--bucket", "shop", "--region", "eu-west-1", *OPTIONS
    )

    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("permissions_boundary", "bound"),
        ("permissions_boundary", ROLE),
        ("role_path", "teams"),
        ("role_path", "/teams"),
        ("cloudformation_role_arn", BOUNDARY),
        ("alarm_topic_arn", "oncall"),
        ("tag", ("team",)),
        ("tag", ("=shop",)),
        ("tag", ("AWS:team=shop",)),
        ("tag", ("t" * 129 + "=shop",)),
        ("tag", ("team=" + "s" * 257,)),
        ("tag", ("team=shop", "team=stall")),
        ("tag", ("miniprogram:part=delivery",)),
        ("requests_per_second", 0),
        ("reserved_concurrency", 0),
        ("cdn_price_class", "300"),
    ],
)
def test_what_aws_would_refuse_late_is_refused_at_once(setting: str, value: object) -> None:
    with pytest.raises(ValueError, match=setting):
        AwsSettings.model_validate({"bucket": "shop", "region": "eu-west-1", setting: value})
