"""The delivery service on AWS: a function and its endpoint, as one stack per environment."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator

from miniprogram.errors import UsageError
from miniprogram.provider_kit.archives import store_archive
from miniprogram.provider_kit.gradual_shift import DEFAULT_STEP_MINUTES, Shift, ShiftPlan
from miniprogram.provider_kit.log_following import follow as follow_log
from miniprogram.provider_kit.resource_names import delivery_name
from miniprogram.seams.cloud_provider import DeploymentStatus, Progress, ProviderContext
from miniprogram_aws.deployment.admission_table import Part, table_part
from miniprogram_aws.deployment.code_history import code_parameters, previous_code
from miniprogram_aws.deployment.delivery_archive import delivery_archive
from miniprogram_aws.deployment.delivery_stack import DELIVERY_PART, delivery_plan
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.emulator import reachable
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.sdk.log_reader import LogGroup
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.code_store import code_store
from miniprogram_aws.stacks.stack_states import NEVER_CREATED
from miniprogram_aws.stacks.stacks import (
    ENVIRONMENT_TAG,
    PART_TAG,
    STACK_NAME,
    Previous,
    Stack,
    StackError,
    StackPlan,
    Stacks,
)
from miniprogram_aws.traffic.live_alias import LiveAlias
from miniprogram_aws.traffic.version_health import LambdaHealth
from miniprogram_s3.sdk_failures import read_failure

DEFAULT_STAGE = "prod"
_MOVES_AT_ONCE = (
    "AdmissionTable",
    "ArtifactBucketName",
    "ArtifactsPrefix",
    "DecryptsWithKms",
    "Endpoint",
    "MetadataPrefix",
    "UseCdn",
)
"""Parameters with which what the function may read, or who may ask it, changes for all of its versions."""
_REFERENCE_OUTPUTS = frozenset({"ArtifactBucketName", "BackendApiBaseUrl", "HealthUrl", "HttpApiId"})


class AwsDeployment:
    """A DeliveryDeployment. Every method raises MiniProgramError with the cause when AWS does not do it."""

    def __init__(
        self,
        settings: AwsSettings,
        context: ProviderContext,
        clients: AwsClients,
        stacks: Stacks | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises UsageError when the stack's name is none that CloudFormation takes."""
        self._settings, self._context, self._clients = settings, context, clients
        self._stacks, self._sleep = stacks or Stacks(clients), sleep
        self.stack_name = settings.stack_name or delivery_name(context.environment)
        if not STACK_NAME.fullmatch(self.stack_name):
            raise UsageError(
                f"{self.stack_name} cannot name a stack: it must start with a letter and hold letters, digits and "
                "hyphens only, at most 128",
                hint="Correct it with `miniprogram env configure NAME --stack-name OTHER`.",
            )

    def deploy(self, progress: Progress) -> DeploymentStatus:
        before = self._stacks.find(self.stack_name)
        if before is not None:
            self._refuse_reference_stack(before)
        archive = delivery_archive()
        bucket = self._settings.sam_s3_bucket or self._settings.bucket
        if store_archive(code_store(bucket, self._settings, self._clients), archive):
            progress(f"Stored the function, {len(archive.body) // 1024} KiB, as s3://{bucket}/{archive.key}")
        plan = delivery_plan(
            self._settings,
            self.stack_name,
            self._context.environment,
            code=code_parameters(bucket, archive, before),
            admission_table=self._admission_table(before),
            origin_key=self._origin_key(before),
        )
        stack = self._stacks.deploy(plan, progress)
        self._require_function(stack)
        self._go_live(stack, self._shift_plan(before, stack), progress)
        return self._status(stack)

    def roll_back(self, progress: Progress) -> DeploymentStatus:
        stack = self._stacks.find(self.stack_name)
        if stack is None or stack.status in NEVER_CREATED:
            raise StackError(f"{self.stack_name} is not deployed, so there is nothing to go back to")
        self._refuse_reference_stack(stack)
        swapped = previous_code(stack, lambda bucket: code_store(bucket, self._settings, self._clients))
        progress(f"Going back to {swapped['FunctionCodeKey']}")
        self._shift(stack).stop()
        parameters: dict[str, str | Previous] = dict.fromkeys(stack.parameters, Previous.VALUE)
        parameters |= swapped
        plan = StackPlan(stack.name, None, parameters, stack.tags, self._settings.cloudformation_role_arn)
        after = self._stacks.deploy(plan, progress)
        self._go_live(after, ShiftPlan(), progress)
        return self._status(after)

    def status(self) -> DeploymentStatus:
        stack = self._stacks.find(self.stack_name)
        if stack is None or stack.status in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}:
            return DeploymentStatus(self.stack_name, self._stage, exists=False)
        return self._status(stack)

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        return follow_log(LogGroup(self._clients, self._log_group()), since_s=since_s, goes_on=follow)

    def plan_destroy(self) -> Iterator[str]:
        for resource in self._stacks.resources(self.stack_name):
            if resource.status != "DELETE_COMPLETE":
                yield f"{resource.kind} {resource.physical_id or resource.logical_id}"
        if (stack := self._stacks.find(self.stack_name)) is not None:
            yield f"the stack {stack.name}"

    def destroy(self, progress: Progress) -> None:
        """The bucket and everything in it stay, and the table of admissions."""
        stack = self._stacks.find(self.stack_name)
        tags = None if stack is not None and self._is_reference_stack(stack) else self._tags
        if not self._stacks.delete(self.stack_name, tags, progress):
            progress(f"{self.stack_name} is not there.")

    @property
    def _stage(self) -> str:
        return self._settings.stage_name or DEFAULT_STAGE

    @property
    def _tags(self) -> dict[str, str]:
        return {PART_TAG: DELIVERY_PART, ENVIRONMENT_TAG: self._context.environment}

    def _status(self, stack: Stack) -> DeploymentStatus:
        return DeploymentStatus(
            stack.name,
            stack.parameters.get("StageName", self._stage),
            exists=True,
            status=stack.status,
            status_reason=stack.reason,
            outputs=reachable(stack.outputs, self._clients.endpoint_url("cloudformation")),
        )

    def _go_live(self, stack: Stack, plan: ShiftPlan, progress: Progress) -> None:
        """Let hosts be answered by what the stack has now. Nothing happens when they are already."""
        alias = LiveAlias(self._clients, stack.outputs["FunctionName"])
        self._shift(stack).bring(alias.publish(stack.parameters["FunctionCodeDigest"]), plan, progress)

    def _shift(self, stack: Stack) -> Shift:
        function = stack.outputs["FunctionName"]
        health = LambdaHealth(self._clients, function, stack.outputs["LogGroupName"])
        return Shift(LiveAlias(self._clients, function), health, sleep=self._sleep)

    def _shift_plan(self, before: Stack | None, after: Stack) -> ShiftPlan:
        """All at once when the version of before cannot go on: its role may read only where the new one reads."""
        settings = self._settings
        if (
            not settings.shift_step
            or before is None
            or any(before.parameters.get(name) != after.parameters.get(name) for name in _MOVES_AT_ONCE)
        ):
            return ShiftPlan()
        alarms = [
            row.physical_id or ""
            for row in self._stacks.resources(after.name)
            if row.kind == "AWS::CloudWatch::Alarm"
        ]
        return ShiftPlan(
            settings.shift_step, settings.shift_minutes or DEFAULT_STEP_MINUTES, (*alarms, *settings.shift_alarm)
        )

    def _admission_table(self, before: Stack | None) -> Part:
        if not self._settings.admission_table:
            return "none"
        return table_part(self._stacks, before, self.stack_name, self._clients)

    def _origin_key(self, before: Stack | None) -> str | Previous | None:
        """What CloudFront shows to the function: made once, and known to nobody but the two."""
        if not self._settings.cdn:
            return None
        has_one = before is not None and before.status not in NEVER_CREATED and before.parameters.get("OriginKey")
        return Previous.VALUE if has_one else secrets.token_urlsafe(32)

    def _log_group(self) -> str:
        stack = self._stacks.find(self.stack_name)
        if stack is None:
            raise StackError(
                f"{self.stack_name} is not deployed, so it has no logs",
                hint=f"Run `miniprogram cloud deploy --env {self._context.environment}`.",
            )
        named = stack.outputs.get("LogGroupName")
        if named:
            return named
        functions = (row for row in self._stacks.resources(stack.name) if row.kind == "AWS::Lambda::Function")
        function = next((row.physical_id for row in functions if row.physical_id), None)
        if function is None:
            raise StackError(f"{stack.name} has no function, so there are no logs")
        return f"/aws/lambda/{function}"

    def _require_function(self, stack: Stack) -> None:
        """CloudFormation does not notice what was removed behind its back."""
        name = stack.outputs.get("FunctionName", "")
        with mapped("look at the function", resource=f"the function {name}", region=self._clients.region):
            try:
                self._clients.client("lambda").get_function_configuration(FunctionName=name)
            except Exception as error:
                found = read_failure(error)
                if found is None or found.code != "ResourceNotFoundException":
                    raise
                raise StackError(
                    f"the function of {stack.name} was removed by hand, which its stack knows nothing of",
                    hint="Remove the stack with `miniprogram cloud destroy --yes`, then deploy again.",
                ) from None

    def _refuse_reference_stack(self, stack: Stack) -> None:
        if self._is_reference_stack(stack):
            raise StackError(
                f"the stack {stack.name} was deployed by another tool, in another way",
                hint="Keep it for its hosts and choose another --stack-name, or remove it with "
                "`miniprogram cloud destroy --yes` and deploy again.",
            )

    def _is_reference_stack(self, stack: Stack) -> bool:
        """The tooling we replace tags nothing, but its stacks tell which bucket they deliver from."""
        return (
            PART_TAG not in stack.tags
            and stack.outputs.keys() >= _REFERENCE_OUTPUTS
            and stack.outputs["ArtifactBucketName"] == self._settings.bucket
        )
