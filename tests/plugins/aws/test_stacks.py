"""Stacks: change sets with progress, whose stack it is, and every state that is in the way."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from miniprogram_aws.stacks.stacks import ENVIRONMENT_TAG, PART_TAG, StackError, StackPlan, Stacks

TAGS = {PART_TAG: "delivery", ENVIRONMENT_TAG: "prod"}
GOOD = {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}}
BAD = {
    **GOOD,
    "Code": {
        "Type": "AWS::Lambda::Url",
        "DependsOn": "Log",
        "Properties": {"TargetFunctionArn": "no-such-function", "AuthType": "NONE"},
    },
}


def template(resources: dict[str, Any], description: str = "first") -> str:
    outputs = {"Name": {"Value": {"Ref": "Log"}}}
    return json.dumps({"Description": description, "Resources": resources, "Outputs": outputs})


def plan(name: str, resources: dict[str, Any] | None = None, **changes: Any) -> StackPlan:
    told: dict[str, Any] = {"parameters": {}, "tags": TAGS, **changes}
    return StackPlan(name, template(resources or GOOD), **told)


@pytest.fixture
def stacks(account) -> Stacks:
    return Stacks(account.clients())


@pytest.fixture
def name() -> str:
    return f"shop-{secrets.token_hex(4)}"


def test_a_stack_is_created_left_alone_updated_and_removed(stacks: Stacks, name: str) -> None:
    lines: list[str] = []
    made = stacks.deploy(plan(name), lines.append)
    assert (made.status, made.tags[PART_TAG]) == ("CREATE_COMPLETE", "delivery")
    assert made.outputs["Name"]
    assert lines[0] == f"Creating the stack {name}"
    assert "CREATE_COMPLETE  Log  AWS::Logs::LogGroup" in lines
    assert len(lines) == len(set(lines))

    lines.clear()
    assert stacks.deploy(plan(name), lines.append).status == "CREATE_COMPLETE"
    assert lines == [f"{name} is up to date; nothing to change."]

    lines.clear()
    longer = {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 14}}}
    assert stacks.deploy(plan(name, longer), lines.append).status == "UPDATE_COMPLETE"
    assert lines[0] == f"Updating the stack {name}"
    assert not any(line.startswith("CREATE_") for line in lines), "old events were told again"

    assert [row.kind for row in stacks.resources(name)] == ["AWS::Logs::LogGroup"]
    lines.clear()
    assert stacks.delete(name, TAGS, lines.append) is True
    assert any("DELETE_COMPLETE" in line for line in lines)
    assert stacks.delete(name, TAGS, lines.append) is False
    assert stacks.find(name) is None


def test_a_failed_creation_names_the_resource_and_the_next_one_starts_over(stacks: Stacks, name: str) -> None:
    with pytest.raises(
        StackError, match=rf"^{name} was not created: Code \(AWS::Lambda::Url\): .*not found"
    ) as told:
        stacks.deploy(plan(name, BAD), lambda _line: None)
    assert "deploy again" in str(told.value.hint)
    before = stacks.find(name)
    assert before is not None
    assert before.status == "ROLLBACK_COMPLETE"

    lines: list[str] = []
    assert stacks.deploy(plan(name), lines.append).status == "CREATE_COMPLETE"
    assert lines[0] == f"{name} was never created; removing what is left of it."


def test_a_failed_update_says_that_the_old_one_still_is(stacks: Stacks, name: str) -> None:
    stacks.deploy(plan(name), lambda _line: None)
    with pytest.raises(StackError, match=rf"^{name} was not updated: Code \(AWS::Lambda::Url\)") as told:
        stacks.deploy(plan(name, BAD), lambda _line: None)
    assert told.value.hint == "What was deployed before still is."
    assert stacks.deploy(plan(name), lambda _line: None).status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_change_set_that_nobody_carried_out_is_no_hindrance(account, stacks: Stacks, name: str) -> None:
    cloudformation = account.clients().client("cloudformation")
    cloudformation.create_change_set(
        StackName=name, ChangeSetName="left", ChangeSetType="CREATE", TemplateBody=template(GOOD)
    )
    assert stacks.deploy(plan(name), lambda _line: None).status == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({}, "belongs to something else"),
        ({PART_TAG: "publisher-backend", ENVIRONMENT_TAG: "prod"}, "belongs to something else"),
        ({PART_TAG: "delivery", ENVIRONMENT_TAG: "staging"}, "belongs to the environment staging"),
    ],
    ids=["foreign", "another part", "another environment"],
)
def test_a_stack_of_somebody_else_is_left_alone(account, name: str, tags: dict[str, str], words: str) -> None:
    clients = account.clients()
    clients.client("cloudformation").create_stack(
        StackName=name,
        TemplateBody=template(GOOD),
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    stacks = Stacks(clients)
    for attempt in (lambda: stacks.deploy(plan(name), print), lambda: stacks.delete(name, TAGS, print)):
        with pytest.raises(StackError, match=words) as told:
            attempt()
        assert "--stack-name" in str(told.value.hint)
    assert stacks.find(name) is not None


def test_an_unknown_resource_type_is_refused_before_anything_is_made(stacks: Stacks, name: str) -> None:
    with pytest.raises(StackError, match="AWS::Nothing::Here"):
        stacks.deploy(plan(name, {"Log": {"Type": "AWS::Nothing::Here"}}), lambda _line: None)
    assert stacks.deploy(plan(name), lambda _line: None).status == "CREATE_COMPLETE"


def test_a_resource_removed_by_hand_shows_as_drift(account, stacks: Stacks, name: str) -> None:
    made = stacks.deploy(plan(name), lambda _line: None)
    assert stacks.drifted(name, wait_s=20) == ()
    account.clients().client("logs").delete_log_group(logGroupName=made.outputs["Name"])
    assert stacks.drifted(name, wait_s=20) == ("Log",)


@pytest.mark.parametrize(
    ("paths", "changed"),
    [
        (["/FunctionVersion"], ()),
        (["/FunctionVersion", "/RoutingConfig/AdditionalVersionWeights/0"], ()),
        (["/FunctionVersion", "/Description"], ("Alias",)),
        ([], ("Alias",)),
    ],
    ids=["ours", "both ours", "another", "removed"],
)
def test_what_we_change_ourselves_is_no_drift(paths: list[str], changed: tuple[str, ...]) -> None:
    class Drifting(Cloudformation):
        def detect_stack_drift(self, **_asked: Any) -> dict[str, str]:
            return {"StackDriftDetectionId": "1"}

        def describe_stack_drift_detection_status(self, **_asked: Any) -> dict[str, str]:
            return {"DetectionStatus": "DETECTION_COMPLETE"}

        def describe_stack_resource_drifts(self, **_asked: Any) -> dict[str, Any]:
            row = {"LogicalResourceId": "Alias", "PropertyDifferences": [{"PropertyPath": path} for path in paths]}
            return {"StackResourceDrifts": [row]}

    ours = {"Alias": ("/FunctionVersion", "/RoutingConfig")}
    assert scripted_stacks(Drifting("UPDATE_COMPLETE")).drifted("shop", wait_s=1, ours=ours) == changed


class Cloudformation:
    """A CloudFormation that tells one stack's states in turn, the last one for ever, and remembers calls."""

    def __init__(self, *statuses: str, reason: str = "", events: list[dict[str, Any]] | None = None) -> None:
        self.statuses, self.reason = list(statuses), reason
        self.events = events or []
        self.calls: list[str] = []
        self.change_set: dict[str, Any] = {"Status": "CREATE_COMPLETE"}
        self.execution_fails_with: Exception | None = None

    def describe_stacks(self, **_asked: Any) -> dict[str, Any]:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == "GONE":
            raise failure("ValidationError", "Stack with id shop does not exist", "DescribeStacks")
        tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
        found = {"StackName": "shop", "StackId": "arn:stack/shop/1", "StackStatus": status, "Tags": tags}
        return {"Stacks": [{**found, "StackStatusReason": self.reason}]}

    def get_paginator(self, _name: str) -> Cloudformation:
        return self

    def paginate(self, **_asked: Any) -> Iterator[dict[str, Any]]:
        """Newest first, in pages of two."""
        told = self.events if "execute_change_set" in self.calls or "delete_stack" in self.calls else []
        newest = list(reversed(told))
        yield from ({"StackEvents": newest[start : start + 2]} for start in range(0, len(newest), 2))

    def describe_change_set(self, **_asked: Any) -> dict[str, Any]:
        return self.change_set

    def execute_change_set(self, **_asked: Any) -> None:
        self.calls.append("execute_change_set")
        if self.execution_fails_with is not None:
            raise self.execution_fails_with

    def create_change_set(self, **_asked: Any) -> dict[str, str]:
        self.calls.append("create_change_set")
        return {"Id": "arn:change/1"}

    def delete_change_set(self, **_asked: Any) -> None:
        self.calls.append("delete_change_set")

    def delete_stack(self, **_asked: Any) -> None:
        self.calls.append("delete_stack")


class Clients:
    region = "eu-west-1"

    def __init__(self, cloudformation: Cloudformation) -> None:
        self._cloudformation = cloudformation

    def client(self, _service: str) -> Cloudformation:
        return self._cloudformation


def failure(code: str, message: str, operation: str) -> ClientError:
    meta: Any = {"HTTPStatusCode": 400}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": meta}, operation)


def scripted_stacks(cloudformation: Cloudformation) -> Stacks:
    return Stacks(Clients(cloudformation), sleep=lambda _s: None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "is_lost"),
    [
        ({"Action": "Remove", "ResourceType": "AWS::ApiGatewayV2::Api"}, True),
        ({"Action": "Modify", "Replacement": "True", "ResourceType": "AWS::Lambda::Url"}, True),
        ({"Action": "Modify", "Replacement": "False", "ResourceType": "AWS::CloudFront::Distribution"}, False),
        ({"Action": "Add", "ResourceType": "AWS::ApiGatewayV2::Api"}, False),
        ({"Action": "Remove", "ResourceType": "AWS::CloudWatch::Alarm"}, False),
    ],
)
def test_an_address_that_hosts_lose_is_said_before_it_goes(change: dict[str, str], is_lost: bool) -> None:
    cloudformation = Cloudformation("UPDATE_COMPLETE")
    row = {"ResourceChange": {"LogicalResourceId": "Door", "PhysicalResourceId": "a1b2", **change}}
    cloudformation.change_set = {"Status": "CREATE_COMPLETE", "Changes": [row, {"Type": "Hook"}]}
    lines: list[str] = []
    scripted_stacks(cloudformation).deploy(plan("shop"), lines.append)
    assert any("a1b2 goes: hosts" in line for line in lines) is is_lost


def event(number: int, status: str, logical_id: str, reason: str = "") -> dict[str, Any]:
    kind = "AWS::CloudFormation::Stack" if logical_id == "shop" else "AWS::Lambda::Function"
    found = {
        "EventId": str(number),
        "ResourceStatus": status,
        "LogicalResourceId": logical_id,
        "ResourceType": kind,
    }
    return {**found, "ResourceStatusReason": reason} if reason else found


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("CREATE_IN_PROGRESS", "changed by somebody else now"),
        ("UPDATE_IN_PROGRESS", "changed by somebody else now"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "changed by somebody else now"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "changed by somebody else now"),
        ("DELETE_IN_PROGRESS", "changed by somebody else now"),
        ("UPDATE_ROLLBACK_FAILED", "is stuck: an update failed, and so did going back"),
        ("DELETE_FAILED", "could only be removed in part"),
    ],
)
def test_a_state_in_the_way_is_explained_and_nothing_is_tried(status: str, words: str) -> None:
    cloudformation = Cloudformation(status)
    with pytest.raises(StackError, match=words) as told:
        scripted_stacks(cloudformation).deploy(plan("shop"), print)
    assert told.value.hint
    assert cloudformation.calls == []


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_a_busy_stack_is_not_removed(status: str) -> None:
    cloudformation = Cloudformation(status)
    with pytest.raises(StackError, match="changed by somebody else now"):
        scripted_stacks(cloudformation).delete("shop", TAGS, print)
    assert cloudformation.calls == []


def test_a_removal_that_is_under_way_is_waited_for() -> None:
    cloudformation = Cloudformation("DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS", "GONE")
    assert scripted_stacks(cloudformation).delete("shop", TAGS, lambda _line: None) is True
    assert cloudformation.calls == []


def test_a_removal_that_fails_names_what_stays() -> None:
    stuck = event(2, "DELETE_FAILED", "Role", "it is used by 123456789012")
    cloudformation = Cloudformation("CREATE_COMPLETE", "DELETE_FAILED", events=[stuck])
    with pytest.raises(
        StackError, match=r"^shop was not removed: Role \(AWS::Lambda::Function\): it is used by <acc"
    ):
        scripted_stacks(cloudformation).delete("shop", TAGS, lambda _line: None)


def test_the_cause_is_the_first_failure_not_what_it_took_along() -> None:
    who = "User: arn:aws:iam::123456789012:user/x"
    events = [
        event(1, "UPDATE_IN_PROGRESS", "shop"),
        event(2, "UPDATE_FAILED", "Role", "Resource update cancelled"),
        event(3, "UPDATE_FAILED", "Function", f"{who} is not authorized to perform: lambda:UpdateFunctionCode"),
        event(4, "UPDATE_ROLLBACK_IN_PROGRESS", "shop", "The following resource(s) failed to update: [Function]."),
        event(5, "UPDATE_ROLLBACK_COMPLETE", "shop"),
    ]
    cloudformation = Cloudformation(
        "UPDATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", events=events
    )
    lines: list[str] = []
    with pytest.raises(StackError) as told:
        scripted_stacks(cloudformation).deploy(plan("shop"), lines.append)
    assert str(told.value) == (
        "shop was not updated: Function (AWS::Lambda::Function): "
        "User: <identity> is not authorized to perform: lambda:UpdateFunctionCode"
    )
    assert len(lines) == 1 + len(events)
    assert "123456789012" not in " ".join(lines)


def test_two_who_deploy_at_once_are_told_apart() -> None:
    cloudformation = Cloudformation("UPDATE_COMPLETE")
    cloudformation.execution_fails_with = failure("InvalidChangeSetStatus", "OBSOLETE", "ExecuteChangeSet")
    with pytest.raises(StackError, match="changed by somebody else meanwhile") as told:
        scripted_stacks(cloudformation).deploy(plan("shop"), lambda _line: None)
    assert told.value.hint == "Run the same command again."


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ],
)
def test_no_change_is_no_failure(reason: str) -> None:
    cloudformation = Cloudformation("UPDATE_COMPLETE")
    cloudformation.change_set = {"Status": "FAILED", "StatusReason": reason}
    lines: list[str] = []
    scripted_stacks(cloudformation).deploy(plan("shop"), lines.append)
    assert lines == ["shop is up to date; nothing to change."]
    assert cloudformation.calls == ["create_change_set", "delete_change_set"]


def test_a_change_set_that_cannot_be_made_leaves_nothing_behind() -> None:
    cloudformation = Cloudformation("GONE")
    cloudformation.change_set = {"Status": "FAILED", "StatusReason": "no such parameter in account 123456789012"}
    with pytest.raises(StackError, match="no such parameter in account <account>"):
        scripted_stacks(cloudformation).deploy(plan("shop"), lambda _line: None)
    assert cloudformation.calls == ["create_change_set", "delete_change_set", "delete_stack"]


def test_an_interrupted_wait_says_that_aws_goes_on() -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    cloudformation = Cloudformation("UPDATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_IN_PROGRESS")
    lines: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        Stacks(Clients(cloudformation), sleep=interrupt).deploy(plan("shop"), lines.append)  # type: ignore[arg-type]
    assert lines[-1] == "AWS goes on with shop; asking for its status shows how it ends."


@pytest.mark.parametrize(
    "operation",
    ["describe_stacks", "create_change_set", "describe_change_set", "execute_change_set", "paginate"],
)
def test_a_missing_permission_is_named(operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"paginate": "DescribeStackEvents"}
    aws_name = names.get(operation) or "".join(word.title() for word in operation.split("_"))
    said = f"User: arn:aws:iam::123456789012:user/x is not authorized to perform: cloudformation:{aws_name}"

    def refuse(self: object, **_asked: Any) -> None:
        raise failure("AccessDenied", said, aws_name)

    monkeypatch.setattr(Cloudformation, operation, refuse)
    with pytest.raises(StackError, match=f"cloudformation:{aws_name}") as told:
        scripted_stacks(Cloudformation("UPDATE_COMPLETE")).deploy(plan("shop"), lambda _line: None)
    assert "123456789012" not in f"{told.value} {told.value.hint}"


def test_the_waits_grow_but_not_for_ever() -> None:
    waits: list[float] = []
    states = ["UPDATE_COMPLETE", "UPDATE_COMPLETE", *["UPDATE_IN_PROGRESS"] * 20, "UPDATE_COMPLETE"]
    stacks = Stacks(Clients(Cloudformation(*states)), sleep=waits.append)  # type: ignore[arg-type]
    stacks.deploy(plan("shop"), lambda _line: None)
    assert waits == sorted(waits)
    assert max(waits) == 3.0
