"""The delivery deployment: its template, its parameters, whose stack it is, and what was done behind its back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import miniprogram_aws
from miniprogram.errors import UsageError
from miniprogram_aws.deployment.delivery_stack import delivery_plan, delivery_template
from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.sdk.emulator import reachable
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.stacks import StackError

CONTRACT_PARAMETERS = {
    "ArtifactBucketName",
    "ArtifactsPrefix",
    "MetadataPrefix",
    "StageName",
    "FunctionTimeoutSeconds",
    "FunctionMemorySize",
    "LogLevel",
    "RequireMiniProgramAccessKeys",
}
TEMPLATE = Path(miniprogram_aws.__file__).parent / "deployment/templates/delivery.yaml"


def deployment(account, **settings: Any) -> AwsDeployment:
    return AwsDeployment(account.settings(**settings), account.context(), account.clients())


def parameters(**settings: Any) -> dict[str, str]:
    told = AwsSettings(bucket="shop", region="eu-west-1", **settings)
    return {name: str(value) for name, value in delivery_plan(told, "s", "prod", code={}).parameters.items()}


@pytest.mark.slow
def test_the_template_passes_the_linter() -> None:
    """It has one condition per option, and the linter follows every combination of them."""
    linter = Path(sys.executable).parent / "cfn-lint"
    argv = [str(linter), "--format", "parseable", "--non-zero-exit-code", "warning", str(TEMPLATE)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_template_fits_into_a_request() -> None:
    assert len(delivery_template().encode()) < 51_200


def test_settings_become_the_parameters_of_the_contract() -> None:
    found = parameters(
        artifacts_prefix="a",
        metadata_prefix="m",
        stage_name="live",
        function_timeout_seconds=20,
        function_memory_size=512,
        log_level="debug",
        require_access_keys=True,
    )
    assert found.keys() >= CONTRACT_PARAMETERS
    assert {name: found[name] for name in CONTRACT_PARAMETERS} == {
        "ArtifactBucketName": "shop",
        "ArtifactsPrefix": "a",
        "MetadataPrefix": "m",
        "StageName": "live",
        "FunctionTimeoutSeconds": "20",
        "FunctionMemorySize": "512",
        "LogLevel": "DEBUG",
        "RequireMiniProgramAccessKeys": "true",
    }


def test_what_was_not_configured_is_left_to_the_template() -> None:
    assert parameters().keys() & {"StageName", "FunctionTimeoutSeconds", "LogLevel", "LogRetentionDays"} == set()


def test_a_key_of_ones_own_lets_the_function_decrypt() -> None:
    assert parameters()["DecryptsWithKms"] == "false"
    assert parameters(kms_key_id="alias/shop")["DecryptsWithKms"] == "true"


@pytest.mark.parametrize("name", ["1st", "shop_prod", "shop.prod", "x" * 129])
def test_a_name_that_cloudformation_refuses_is_said_before(account, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a stack") as told:
        deployment(account, stack_name=name)
    assert "--stack-name" in str(told.value.hint)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://a1b2.execute-api.eu-west-1.amazonaws.com/prod/api/",
            "http://127.0.0.1:4566/_aws/execute-api/a1b2/prod/api/",
        ),
        (
            "https://a1b2.execute-api.cn-north-1.amazonaws.com.cn/prod/health",
            "http://127.0.0.1:4566/_aws/execute-api/a1b2/prod/health",
        ),
        ("https://xyz.lambda-url.eu-west-1.on.aws/api/", "http://127.0.0.1:4566/_aws/lambda-url/xyz/api/"),
        ("https://d1.cloudfront.net/api/", "https://d1.cloudfront.net/api/"),
        ("shop-bucket", "shop-bucket"),
    ],
)
def test_addresses_on_an_emulator_can_be_asked(url: str, expected: str) -> None:
    assert reachable({"Url": url}, "http://127.0.0.1:4566") == {"Url": expected}
    assert reachable({"Url": url}, None) == {"Url": url}
    assert reachable({"Url": url}, "https://cloudformation.eu-west-1.amazonaws.com") == {"Url": url}


def test_every_option_at_once_deploys(account) -> None:
    account.make_bucket()
    options = {"lambda_url": True, "cdn": True, "kms_key_id": "alias/shop", "log_retention_days": 7}
    status = deployment(account, **options).deploy(lambda _line: None)
    assert status.status == "CREATE_COMPLETE"
    assert status.outputs["BackendApiBaseUrl"].endswith(".cloudfront.net/api/")
    assert status.outputs["HealthUrl"].endswith(".cloudfront.net/health")


def test_a_function_removed_by_hand_is_noticed_and_the_way_out_works(account) -> None:
    account.make_bucket()
    ours = deployment(account)
    status = ours.deploy(lambda _line: None)
    account.clients().client("lambda").delete_function(FunctionName=status.outputs["FunctionName"])

    with pytest.raises(StackError, match="removed by hand") as told:
        ours.deploy(lambda _line: None)
    assert "cloud destroy --yes" in str(told.value.hint)

    ours.destroy(lambda _line: None)
    assert ours.deploy(lambda _line: None).status == "CREATE_COMPLETE"


def test_a_stack_removed_by_hand_is_made_again(account) -> None:
    account.make_bucket()
    ours = deployment(account)
    first = ours.deploy(lambda _line: None)
    account.clients().client("cloudformation").delete_stack(StackName=ours.stack_name)
    assert ours.status().exists is False
    again = ours.deploy(lambda _line: None)
    assert again.outputs["HttpApiId"] != first.outputs["HttpApiId"]


REFERENCE_STACK = """
Resources:
  Topic: {Type: AWS::Logs::LogGroup}
Outputs:
  HttpApiId: {Value: a1}
  HttpApiStageUrl: {Value: "https://a1.execute-api.eu-west-1.amazonaws.com/prod/"}
  BackendApiBaseUrl: {Value: "https://a1.execute-api.eu-west-1.amazonaws.com/prod/api/"}
  HealthUrl: {Value: "https://a1.execute-api.eu-west-1.amazonaws.com/prod/health"}
  ArtifactBucketName: {Value: BUCKET}
"""


def test_a_stack_of_the_older_tooling_is_shown_and_removed_but_not_changed(account) -> None:
    account.make_bucket()
    ours = deployment(account)
    account.clients().client("cloudformation").create_stack(
        StackName=ours.stack_name, TemplateBody=REFERENCE_STACK.replace("BUCKET", account.bucket)
    )
    assert ours.status().outputs["HttpApiId"] == "a1"
    with pytest.raises(StackError, match="deployed by another tool") as told:
        ours.deploy(lambda _line: None)
    assert "--stack-name" in str(told.value.hint)
    ours.destroy(lambda _line: None)
    assert ours.status().exists is False


def test_a_stack_that_delivers_from_another_bucket_is_not_ours(account) -> None:
    ours = deployment(account)
    account.clients().client("cloudformation").create_stack(
        StackName=ours.stack_name, TemplateBody=REFERENCE_STACK.replace("BUCKET", "another")
    )
    with pytest.raises(StackError, match="belongs to something else"):
        ours.destroy(lambda _line: None)


def test_the_bucket_for_archives_may_be_another(account) -> None:
    account.make_bucket()
    other = f"{account.bucket}-code"
    account.clients(bucket=other).client("s3").create_bucket(
        Bucket=other, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    lines: list[str] = []
    deployment(account, sam_s3_bucket=other).deploy(lines.append)
    assert lines[0].startswith("Stored the function, ")
    assert f"s3://{other}/functions/delivery-" in lines[0]


def test_nothing_deployed_is_said_everywhere(account) -> None:
    ours = deployment(account)
    lines: list[str] = []
    ours.destroy(lines.append)
    assert lines == [f"{ours.stack_name} is not there."]
    assert list(ours.plan_destroy()) == []
    with pytest.raises(StackError, match="is not deployed, so it has no logs"):
        list(ours.logs(since_s=60, follow=False))


def test_plan_destroy_names_every_resource_and_not_the_bucket(account) -> None:
    account.make_bucket()
    ours = deployment(account)
    ours.deploy(lambda _line: None)
    planned = list(ours.plan_destroy())
    assert planned[-1] == f"the stack {ours.stack_name}"
    assert any(line.startswith("AWS::Lambda::Function ") for line in planned)
    assert not any(account.bucket in line for line in planned)
