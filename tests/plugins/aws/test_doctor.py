"""`cloud doctor` beyond the store, and permissions that are missing one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from miniprogram.processes import Health
from miniprogram.provider_kit.gradual_shift import Traffic
from miniprogram.seams.checks import Check
from miniprogram_aws.deployment import checks as checks_module
from miniprogram_aws.deployment.checks import deployment_checks, stack_checks
from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.deployment.permissions import missing_actions, needed_actions
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.stacks import StackError
from miniprogram_aws.traffic.live_alias import LiveAlias
from testbed import servers
from testbed.aws_variants import CERTIFICATE

SETTINGS = AwsSettings(bucket="shop", region="eu-west-1")


class Service:
    """STS, IAM and Lambda as a test wants them. `allowed` says which actions IAM would let through."""

    def __init__(self, *, arn: str, denied: frozenset[str] = frozenset(), concurrency: int = 1000) -> None:
        self.arn, self.denied, self.concurrency = arn, denied, concurrency
        self.asked: list[dict[str, Any]] = []

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": self.arn}

    def get_role(self, **asked: str) -> dict[str, Any]:
        return {"Role": {"Arn": f"arn:aws:iam::123456789012:role/path/{asked['RoleName']}"}}

    def get_paginator(self, _name: str) -> Service:
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked.append(asked)
        if "iam:SimulatePrincipalPolicy" in self.denied:
            said = (
                "User: arn:aws:iam::123456789012:user/x is not authorized to perform: iam:SimulatePrincipalPolicy"
            )
            meta: Any = {"HTTPStatusCode": 403}
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": said}, "ResponseMetadata": meta}, "x")
        rows = [
            {"EvalActionName": name, "EvalDecision": "implicitDeny" if name in self.denied else "allowed"}
            for name in asked["ActionNames"]
        ]
        return [{"EvaluationResults": rows}]

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": self.concurrency}}


class Clients:
    region, partition = "eu-west-1", "aws"

    def __init__(self, service: Service) -> None:
        self._service = service

    def client(self, _name: str) -> Service:
        return self._service

    def identity(self) -> dict[str, str]:
        return self._service.get_caller_identity()


def clients(arn: str = "arn:aws:iam::123456789012:user/ann", **told: Any) -> Any:
    return Clients(Service(arn=arn, **told))


class Deployment:
    stack_name = "mini-program-cloud-prod"

    def status(self) -> None:
        raise StackError("cannot look at the stack", hint="why")


ACTIONS = sorted(
    {
        action
        for actions in needed_actions(SETTINGS, partition="aws", region="eu-west-1", stack_name="s").values()
        for action in actions
    }
)


def checks(**told: Any) -> dict[str, Check]:
    found = deployment_checks(SETTINGS, clients(**told), Deployment())  # type: ignore[arg-type]
    return {check.label: check for check in found}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_missing_permission_is_named(action: str) -> None:
    found = checks(denied=frozenset({action}))["AWS permissions"]
    assert (found.status, found.summary) == ("error", f"not allowed: {action}")


def test_with_all_permissions_all_is_well() -> None:
    found = checks()
    assert found["AWS permissions"].status == "ok"
    assert found["Lambda quota"].status == "ok"
    assert found["AWS cloud stack"] == Check("AWS cloud stack", "error", "cannot look at the stack", "why")


def test_who_may_not_simulate_is_told_so_and_no_more() -> None:
    found = checks(denied=frozenset({"iam:SimulatePrincipalPolicy"}))["AWS permissions"]
    assert found.status == "skipped"
    assert "iam:SimulatePrincipalPolicy" in found.summary
    assert "123456789012" not in found.summary


def test_a_small_quota_is_a_warning() -> None:
    found = checks(concurrency=10)["Lambda quota"]
    assert (found.status, found.summary) == ("warning", "only 10 functions may run at once in eu-west-1")


@pytest.mark.parametrize(
    ("arn", "asked_for"),
    [
        ("arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:user/ann"),
        ("arn:aws:sts::123456789012:assumed-role/Deploy/ci-1", "arn:aws:iam::123456789012:role/path/Deploy"),
    ],
    ids=["user", "role session"],
)
def test_the_user_or_the_role_behind_a_session_is_asked_about(arn: str, asked_for: str) -> None:
    ours = clients(arn)
    assert missing_actions(SETTINGS, ours, "s") == []
    asked = ours.client("iam").asked
    assert {call["PolicySourceArn"] for call in asked} == {asked_for}
    arns = [name for call in asked for name in call["ResourceArns"]]
    assert "arn:aws:s3:::shop/metadata/*" in arns
    assert "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/*" in arns
    assert "arn:aws:iam::123456789012:role/s*" in arns


def test_the_root_user_may_everything() -> None:
    ours = clients("arn:aws:iam::123456789012:root", denied=frozenset(ACTIONS))
    assert missing_actions(SETTINGS, ours, "s") == []


@pytest.mark.parametrize(
    ("settings", "action"),
    [
        ({"lambda_url": True}, "lambda:CreateFunctionUrlConfig"),
        ({"cdn": True}, "cloudfront:CreateDistribution"),
        ({}, "apigateway:POST"),
    ],
    ids=["function URL", "CDN", "HTTP API"],
)
def test_options_need_actions_of_their_own(settings: dict[str, Any], action: str) -> None:
    told = AwsSettings(bucket="shop", region="eu-west-1", **settings)
    needed = needed_actions(told, partition="aws", region="eu-west-1", stack_name="s")
    assert any(action in actions for actions in needed.values())


def test_what_was_changed_by_hand_is_a_warning(account) -> None:
    account.make_bucket()
    provider_clients = account.clients()
    deployment = AwsDeployment(account.settings(), account.context(), provider_clients)
    deployment.deploy(lambda _line: None)
    provider_clients.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{deployment.stack_name}")
    found = {check.label: check for check in deployment_checks(account.settings(), provider_clients, deployment)}
    assert found["Changes by hand"].status == "warning"
    assert "MiniProgramDeliveryLogGroup" in found["Changes by hand"].summary


def live_check(account: Any, monkeypatch: pytest.MonkeyPatch, traffic: Traffic, *, deployed: bool) -> Check:
    account.make_bucket()
    deployment = AwsDeployment(account.settings(), account.context(), account.clients())
    deployment.deploy(lambda _line: None)
    monkeypatch.setattr(LiveAlias, "traffic", lambda _self: traffic)
    monkeypatch.setattr(LiveAlias, "is_deployed_code_live", lambda _self: deployed)
    return next(check for check in stack_checks(account.clients(), deployment) if check.label == "Live version")


@pytest.mark.parametrize(
    ("traffic", "deployed", "status", "said"),
    [
        (Traffic("7"), True, "ok", "7"),
        (Traffic("7"), False, "warning", "not the code that was deployed last"),
        (Traffic("7", "8", 10), True, "warning", "10 % of requests go to version 8, the others to 7"),
    ],
    ids=["live", "taken back", "half way"],
)
def test_a_deploy_that_did_not_get_to_hosts_shows(
    account, monkeypatch: pytest.MonkeyPatch, traffic: Traffic, deployed: bool, status: str, said: str
) -> None:
    found = live_check(account, monkeypatch, traffic, deployed=deployed)
    assert found.status == status
    assert said in found.summary


def test_a_name_that_leads_nowhere_says_where_it_has_to(account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.make_bucket()
    name = {"domain_name": "mini.invalid", "certificate_arn": CERTIFICATE}
    deployment = AwsDeployment(account.settings(**name), account.context(), account.clients())
    outputs = deployment.deploy(lambda _line: None).outputs
    assert outputs["BackendApiBaseUrl"] == "https://mini.invalid/api/"

    found = next(check for check in stack_checks(account.clients(), deployment) if check.label == "Domain")
    assert (found.status, found.detail) == (
        "warning",
        f"Point the name mini.invalid to {outputs['DomainTarget']}.",
    )

    asked: list[str] = []
    monkeypatch.setattr(checks_module, "ask", lambda url, **_told: (asked.append(url), Health(200, None))[1])
    found = next(check for check in stack_checks(account.clients(), deployment) if check.label == "Domain")
    assert found == Check("Domain", "ok", "mini.invalid")
    assert asked[-1] == "https://mini.invalid/health"


def test_what_deploys_change_themselves_is_no_change_by_hand(account) -> None:
    account.make_bucket()
    deployment = AwsDeployment(account.settings(), account.context(), account.clients())
    deployment.deploy(lambda _line: None)
    found = {check.label: check for check in stack_checks(account.clients(), deployment)}
    assert found["Changes by hand"] == Check("Changes by hand", "ok", "none")


def test_without_a_sign_in_the_rest_is_skipped(moto_account, command_line) -> None:
    call = command_line(moto_account)
    call("env", "init")
    place = ["--bucket", "shop-bucket", "--region", "eu-west-1"]
    call("env", "configure", "prod", "--provider", "aws", *place)
    code, out, _ = call(
        "cloud", "doctor", "--env", "prod", "--json", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=""
    )
    found = {check["label"]: check["status"] for check in json.loads(out)["checks"]}
    assert code == 1
    assert (found["AWS sign-in"], found["AWS cloud stack"]) == ("error", "skipped")


CREATE_USER_CALLS = 5


@pytest.fixture(scope="module")
def strict_moto(server_logs) -> Any:
    """An AWS that checks signatures and permissions after its first calls."""
    with servers.moto(server_logs / "strict-moto.log", free_calls=CREATE_USER_CALLS) as url:
        yield url


def test_a_user_who_may_not_deploy_is_told_which_action_is_missing(strict_moto: str, account_at) -> None:
    owner = account_at(strict_moto, key="AKIAEXAMPLEEXAMPLE00")
    iam = owner.clients().client("iam")
    iam.create_user(UserName="ann")
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    iam.get_user(UserName="ann")
    iam.get_user(UserName="ann")

    ann = account_at(strict_moto, key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    ours = AwsDeployment(ann.settings(), ann.context(), AwsClients(ann.settings(), ann.context()))
    with pytest.raises(StackError) as told:
        ours.deploy(lambda _line: None)
    text = f"{told.value} {told.value.hint}"
    assert "cloudformation:DescribeStacks" in text
    assert ours.stack_name in text
    assert key["AccessKeyId"] not in text
    assert "123456789012" not in text
