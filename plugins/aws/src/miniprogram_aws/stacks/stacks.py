"""CloudFormation stacks as change sets: deploy a template with progress, look at a stack, remove it.

Knows nothing of what a stack is for. A stack is ours when its tags say so; no other one is touched.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from miniprogram.seams.cloud_provider import Progress
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import AwsError, mapped
from miniprogram_aws.stacks.stack_changes import is_own, lost_addresses
from miniprogram_aws.stacks.stack_events import StackEvents
from miniprogram_aws.stacks.stack_states import NEVER_CREATED, refusal_to_delete, refusal_to_deploy
from miniprogram_s3.errors import redact
from miniprogram_s3.sdk_failures import code_of, read_failure

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
"""What CloudFormation takes as the name of a stack."""
PART_TAG = "miniprogram:part"
"""What a stack is for: `delivery`, …"""
ENVIRONMENT_TAG = "miniprogram:environment"

MAX_WAIT_S = 3600.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 3.0
_NOTHING_TO_CHANGE = ("didn't contain changes", "No updates are to be performed")


class StackError(AwsError):
    """A stack was not deployed or removed. Says which resource failed, and why."""


class Previous(Enum):
    """The value of a parameter that stays as it is in the stack, without anybody reading it."""

    VALUE = "previous"


@dataclass(frozen=True, slots=True)
class StackPlan:
    """What to deploy. `tags` hold PART_TAG and ENVIRONMENT_TAG; they go to every resource.

    Without a `template`, the stack's own goes on. CloudFormation acts as `role_arn`, else as who asks.
    """

    name: str
    template: str | None
    parameters: Mapping[str, str | Previous]
    tags: Mapping[str, str]
    role_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it stands. `status` is CloudFormation's word, such as UPDATE_COMPLETE."""

    name: str
    stack_id: str
    status: str
    reason: str | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class StackResource:
    """`kind` as `AWS::Lambda::Function`; `physical_id` is what the service calls it, None before it exists."""

    logical_id: str
    kind: str
    physical_id: str | None
    status: str


class Stacks:
    """The stacks of an account and region. Every method raises AwsError when AWS refuses or cannot be reached."""

    def __init__(self, clients: AwsClients, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._clients, self._sleep = clients, sleep

    def find(self, name: str) -> Stack | None:
        """The stack by name or id; None when there is none, or it was deleted."""
        with self._mapped("look at", name):
            try:
                found: Any = self._cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            except Exception as error:
                if _is_missing(error):
                    return None
                raise
        return _stack(found)

    def deploy(self, plan: StackPlan, progress: Progress) -> Stack:
        """Create or update the stack and wait until that is done; each event is a line to `progress`.

        A stack that never came to be is removed first. Raises StackError with the failing resource's reason,
        or when the stack is somebody else's or not in a state to be deployed.
        """
        before = self.find(plan.name)
        if before is not None:
            require_ours(before, plan.tags)
            problem = refusal_to_deploy(before.name, before.status, before.reason)
            if problem is not None:
                raise StackError(problem.message, hint=problem.hint)
            if before.status in NEVER_CREATED:
                progress(f"{plan.name} was never created; removing what is left of it.")
                self._delete(before, progress)
                before = None
        is_new = before is None or before.status == "REVIEW_IN_PROGRESS"
        change_set = self._make_change_set(plan, progress, is_new=is_new)
        if change_set is None:
            progress(f"{plan.name} is up to date; nothing to change.")
            return self._require(plan.name)
        progress(f"{'Creating' if is_new else 'Updating'} the stack {plan.name}")
        return self._execute(plan.name, change_set, progress, is_new=is_new)

    def delete(self, name: str, tags: Mapping[str, str] | None, progress: Progress) -> bool:
        """Remove the stack and wait until it is gone; whether there was one. Without `tags` it may be anybody's.

        Raises StackError when it is somebody else's, busy, or a resource cannot be removed.
        """
        stack = self.find(name)
        if stack is None or stack.status == "DELETE_COMPLETE":
            return False
        if tags is not None:
            require_ours(stack, tags)
        problem = refusal_to_delete(stack.name, stack.status)
        if problem is not None:
            raise StackError(problem.message, hint=problem.hint)
        progress(f"Removing the stack {name}")
        self._delete(stack, progress)
        return True

    def resources(self, name: str) -> tuple[StackResource, ...]:
        """In the order CloudFormation lists them; empty when there is no such stack."""
        with self._mapped("list the resources of", name):
            try:
                pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
                found: list[Any] = [row for page in pages for row in page["StackResourceSummaries"]]
            except Exception as error:
                if _is_missing(error):
                    return ()
                raise
        return tuple(
            StackResource(
                row["LogicalResourceId"], row["ResourceType"], row.get("PhysicalResourceId"), row["ResourceStatus"]
            )
            for row in found
            if "LogicalResourceId" in row
        )

    def drifted(
        self, name: str, *, wait_s: float, ours: Mapping[str, Collection[str]] | None = None
    ) -> tuple[str, ...] | None:
        """Logical ids of resources that were changed or removed by hand; None when it takes longer to tell.

        `ours` are paths of properties, by logical id, that we change ourselves: `/FunctionVersion`, …
        """
        with self._mapped("look for changes made by hand in", name):
            cloudformation = self._cloudformation
            detection = cloudformation.detect_stack_drift(StackName=name)["StackDriftDetectionId"]
            for _ in self._pauses(wait_s):
                state = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
                if state["DetectionStatus"] != "DETECTION_IN_PROGRESS":
                    break
            else:
                return None
            rows = cloudformation.describe_stack_resource_drifts(
                StackName=name, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"]
            )["StackResourceDrifts"]
        return tuple(sorted(row["LogicalResourceId"] for row in rows if not is_own(row, ours or {})))

    def _make_change_set(self, plan: StackPlan, progress: Progress, *, is_new: bool) -> str | None:
        """The id of a change set that can be executed; None when there is nothing to change."""
        with self._mapped("prepare the changes of", plan.name):
            made = self._cloudformation.create_change_set(
                StackName=plan.name,
                ChangeSetName=f"miniprogram-{secrets.token_hex(8)}",
                ChangeSetType="CREATE" if is_new else "UPDATE",
                **_source(plan),
                Parameters=[_parameter(name, value) for name, value in plan.parameters.items()],
                Tags=[{"Key": name, "Value": value} for name, value in plan.tags.items()],
                Capabilities=["CAPABILITY_IAM"],
            )["Id"]
            state = self._await_change_set(plan.name, made)
        if state["Status"] == "CREATE_COMPLETE":
            for line in lost_addresses(state.get("Changes", ())):
                progress(line)
            return made
        reason = state.get("StatusReason", "")
        self._discard(plan.name, made, is_new=is_new)
        if any(words in reason for words in _NOTHING_TO_CHANGE):
            return None
        raise StackError(f"the changes of {plan.name} cannot be made: {redact(reason) or state['Status']}")

    def _await_change_set(self, name: str, change_set: str) -> Any:
        for _ in self._pauses(MAX_WAIT_S):
            state: Any = self._cloudformation.describe_change_set(StackName=name, ChangeSetName=change_set)
            if state["Status"] not in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}:
                return state
        raise StackError(f"the changes of {name} are still being worked out after {MAX_WAIT_S / 60:.0f} minutes")

    def _discard(self, name: str, change_set: str, *, is_new: bool) -> None:
        """Of a new stack nothing but the change set exists: it goes too. What is left does no harm."""
        with suppress(Exception):
            self._cloudformation.delete_change_set(StackName=name, ChangeSetName=change_set)
            if is_new:
                self._cloudformation.delete_stack(StackName=name)

    def _execute(self, name: str, change_set: str, progress: Progress, *, is_new: bool) -> Stack:
        stack_id = self._require(name).stack_id
        events = StackEvents(self._cloudformation, stack_id)
        with self._mapped("read the events of", name):
            events.skip_past()
        with self._mapped("change", name):
            try:
                self._cloudformation.execute_change_set(StackName=name, ChangeSetName=change_set)
            except Exception as error:
                if code_of(error) in {"InvalidChangeSetStatus", "InvalidChangeSetStatusException"}:
                    raise StackError(
                        f"{name} was changed by somebody else meanwhile", hint="Run the same command again."
                    ) from None
                raise
        after = self._follow(stack_id, events, progress)
        if after.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return after
        what, hint = (
            ("created", "Mend the cause and deploy again; what is left of it is removed then.")
            if is_new
            else ("updated", "What was deployed before still is." if _is_back(after.status) else None)
        )
        raise StackError(f"{name} was not {what}: {events.cause or after.reason or after.status}", hint=hint)

    def _delete(self, stack: Stack, progress: Progress) -> None:
        events = StackEvents(self._cloudformation, stack.stack_id)
        with self._mapped("remove", stack.name):
            events.skip_past()
            if stack.status != "DELETE_IN_PROGRESS":
                self._cloudformation.delete_stack(StackName=stack.stack_id)
        after = self._follow(stack.stack_id, events, progress)
        if after.status != "DELETE_COMPLETE":
            raise StackError(
                f"{stack.name} was not removed: {events.cause or after.reason or after.status}",
                hint="Mend the cause and repeat; resources that are gone already stay gone.",
            )

    def _follow(self, stack_id: str, events: StackEvents, progress: Progress) -> Stack:
        """Wait until nothing is in progress any more. A stack that is gone is reported as DELETE_COMPLETE."""
        name = stack_id.split("/")[1] if "/" in stack_id else stack_id
        try:
            for _ in self._pauses(MAX_WAIT_S):
                after = self.find(stack_id) or Stack(name, stack_id, "DELETE_COMPLETE")
                with self._mapped("read the events of", name):
                    for line in events.fresh():
                        progress(line)
                if not after.status.endswith("_IN_PROGRESS"):
                    return after
        except KeyboardInterrupt:
            progress(f"AWS goes on with {name}; asking for its status shows how it ends.")
            raise
        raise StackError(f"{name} is still being changed after {MAX_WAIT_S / 60:.0f} minutes")

    def _pauses(self, most_s: float) -> Iterator[None]:
        """Yields at once, then after longer and longer pauses, until `most_s` are over."""
        waited, pause = 0.0, FIRST_PAUSE_S
        while waited < most_s:
            yield
            self._sleep(pause)
            waited += pause
            pause = min(pause * 1.5, LONGEST_PAUSE_S)

    def _require(self, name: str) -> Stack:
        found = self.find(name)
        if found is None:
            raise StackError(f"the stack {name} was removed by somebody else meanwhile")
        return found

    @property
    def _cloudformation(self) -> CloudFormationClient:
        return self._clients.client("cloudformation")

    def _mapped(self, doing: str, name: str) -> AbstractContextManager[None]:
        return mapped(
            f"{doing} the stack {name}",
            resource=f"the stack {name}",
            region=self._clients.region,
            failure=StackError,
        )


def require_ours(stack: Stack, tags: Mapping[str, str]) -> None:
    """Raises StackError unless the stack carries `tags`. One that nothing was made of yet is anybody's."""
    if stack.status == "REVIEW_IN_PROGRESS" and PART_TAG not in stack.tags:
        return
    if stack.tags.get(PART_TAG) != tags[PART_TAG]:
        raise StackError(
            f"the stack {stack.name} belongs to something else",
            hint="Choose another name with `miniprogram env configure NAME --stack-name OTHER`.",
        )
    owner = stack.tags.get(ENVIRONMENT_TAG)
    if owner != tags[ENVIRONMENT_TAG]:
        raise StackError(
            f"the stack {stack.name} belongs to the environment {owner}",
            hint="Give each environment a --stack-name of its own.",
        )


def _source(plan: StackPlan) -> Any:
    """What the stack is made from, and as whom."""
    template = {"UsePreviousTemplate": True} if plan.template is None else {"TemplateBody": plan.template}
    return template if plan.role_arn is None else {**template, "RoleARN": plan.role_arn}


def _parameter(name: str, value: str | Previous) -> ParameterTypeDef:
    if isinstance(value, Previous):
        return {"ParameterKey": name, "UsePreviousValue": True}
    return {"ParameterKey": name, "ParameterValue": value}


def _is_missing(error: Exception) -> bool:
    found = read_failure(error)
    return found is not None and found.code == "ValidationError" and "does not exist" in found.message


def _is_back(status: str) -> bool:
    return status == "UPDATE_ROLLBACK_COMPLETE"


def _stack(found: Any) -> Stack:
    reason = found.get("StackStatusReason")
    return Stack(
        found["StackName"],
        found["StackId"],
        found["StackStatus"],
        redact(reason) if reason else None,
        {row["OutputKey"]: row["OutputValue"] for row in found.get("Outputs", ())},
        {row["ParameterKey"]: row.get("ParameterValue", "") for row in found.get("Parameters", ())},
        {row["Key"]: row["Value"] for row in found.get("Tags", ())},
    )
