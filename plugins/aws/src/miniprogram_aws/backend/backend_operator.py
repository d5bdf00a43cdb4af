"""A publisher backend on AWS: a stack with a function, an HTTP API and perhaps a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from miniprogram.backends.cloud.starter import StarterBackend, told_outputs
from miniprogram.plugins.settings import parse_settings
from miniprogram.provider_kit.archives import store_archive
from miniprogram.provider_kit.log_following import follow as follow_log
from miniprogram.seams.backend_operator import BackendData, BackendRequest, BackendState, Progress
from miniprogram_aws.backend.backend_stack import backend_archive, backend_plan, backend_tags, stack_name
from miniprogram_aws.backend.backend_template import AwsLambdaTemplate
from miniprogram_aws.backend.data_table import DataTable
from miniprogram_aws.backend.options import BackendOptions
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.emulator import reachable
from miniprogram_aws.sdk.log_reader import LogGroup
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.code_store import code_store
from miniprogram_aws.stacks.stacks import PART_TAG, Stack, StackError, Stacks

TABLE_OUTPUT = "PublisherBackendDataTableName"
STORAGE_OUTPUT = "PublisherBackendStorageMode"
FUNCTION_OUTPUT = "PublisherBackendFunctionName"
LOG_OUTPUT = "PublisherBackendLogGroupName"
DEFAULT_STAGE = "prod"
NO_STACK = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})


@dataclass(frozen=True, slots=True)
class AwsBackend(StarterBackend):
    """Implements BackendOperator."""

    starter: ClassVar = AwsLambdaTemplate()

    settings: AwsSettings
    clients: AwsClients
    request: BackendRequest
    stack_name: str
    stage: str
    code_bucket: str

    deploy_keys = ("stackName",)
    outputs_hide = ("stageName",)

    @classmethod
    def of(cls, settings: AwsSettings, clients: AwsClients, request: BackendRequest) -> AwsBackend:
        """Raises UsageError for an option that does not fit."""
        options = parse_settings(BackendOptions, request.options)
        return cls(
            settings,
            clients,
            request,
            stack_name(request, options.stack_name),
            options.stage_name or settings.stage_name or DEFAULT_STAGE,
            options.sam_s3_bucket or settings.sam_s3_bucket or settings.bucket,
        )

    @property
    def location_members(self) -> Mapping[str, str]:
        return {"stackName": self.stack_name, "stageName": self.stage, "region": self.settings.region}

    @property
    def recorded(self) -> Mapping[str, str]:
        return {**self.location_members, "samS3Bucket": self.code_bucket}

    def deploy(self, progress: Progress) -> BackendState:
        before = self._stacks.find(self.stack_name)
        if before is not None and _is_of_another_tool(before):
            raise StackError(
                f"the stack {self.stack_name} was deployed by another tool, in another way",
                hint="Choose another --stack-name; or export its data, destroy it and deploy again.",
            )
        archive = backend_archive(self.code_folder, self.request.program.program_id)
        if store_archive(code_store(self.code_bucket, self.settings, self.clients), archive):
            progress(f"Stored the function as s3://{self.code_bucket}/{archive.key}")
        parameters = {"StageName": self.stage, "CodeBucket": self.code_bucket, "CodeKey": archive.key}
        template = self.backend_root / "template.yaml"
        plan = backend_plan(self.stack_name, template, parameters, tags=backend_tags(self.request))
        return self._state(self._stacks.deploy(plan, progress))

    def state(self) -> BackendState:
        return self._state(self._stacks.find(self.stack_name))

    def data(self, state: BackendState) -> BackendData:
        table = state.outputs.get(TABLE_OUTPUT)
        facts = {"storageMode": state.outputs.get(STORAGE_OUTPUT), "tableName": table}
        condition = {"tableStatus": None}
        if not state.exists:
            return BackendData(None, state.missing, facts, condition)
        if not table:
            problem = f"the stack {self.stack_name} has no output {TABLE_OUTPUT}: it keeps no data in a table"
            return BackendData(None, problem, facts, condition)
        client, region = self.clients.client("dynamodb"), self.settings.region
        program_id = self.request.program.program_id
        return BackendData(DataTable(client, table, program_id, region=region), "", facts, condition)

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        return follow_log(LogGroup(self.clients, self._log_group()), since_s=since_s, goes_on=follow)

    def destroy(self, progress: Progress) -> None:
        stack = self._stacks.find(self.stack_name)
        tags = None if stack is not None and _is_of_another_tool(stack) else backend_tags(self.request)
        self._stacks.delete(self.stack_name, tags, progress)

    @property
    def _stacks(self) -> Stacks:
        return Stacks(self.clients)

    def _state(self, stack: Stack | None) -> BackendState:
        missing = f"there is no stack {self.stack_name} in {self.settings.region}"
        if stack is None or stack.status in NO_STACK:
            facts = {"stackExists": False, "stackStatus": None}
            return BackendState(False, {}, facts, {"stackStatusReason": None}, missing)
        outputs = reachable(stack.outputs, self.clients.endpoint_url("cloudformation"))
        return BackendState(
            True,
            told_outputs(outputs),
            {"stackExists": True, "stackStatus": stack.status},
            {"stackStatusReason": stack.reason},
        )

    def _log_group(self) -> str:
        stack = self._stacks.find(self.stack_name)
        if stack is None:
            raise StackError(
                f"there is no stack {self.stack_name} in {self.settings.region}, so there are no logs",
                hint="Run `miniprogram publisher-backend aws deploy`.",
            )
        if LOG_OUTPUT in stack.outputs:
            return stack.outputs[LOG_OUTPUT]
        functions = (row for row in self._stacks.resources(stack.name) if row.kind == "AWS::Lambda::Function")
        function = next((row.physical_id for row in functions if row.physical_id), None)
        if function is None:
            raise StackError(f"{stack.name} has no function, so there are no logs")
        return f"/aws/lambda/{function}"


def _is_of_another_tool(stack: Stack) -> bool:
    """The tooling we replace tags nothing, but its stacks have these outputs."""
    return PART_TAG not in stack.tags and FUNCTION_OUTPUT in stack.outputs and STORAGE_OUTPUT in stack.outputs
