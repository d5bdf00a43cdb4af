"""The table of the admission ledger, as a deployment and a machine of ours see it.

The table outlives its stack, so that a window goes on counting where it stopped. Who deploys again finds it under
the same name; a stack cannot make what is there, hence the three words for its template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from miniprogram_aws.function.admission_ledger import KEY, DynamoDbLedger
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.stacks.stack_states import NEVER_CREATED
from miniprogram_aws.stacks.stacks import StackError
from miniprogram_s3.sdk_failures import code_of

if TYPE_CHECKING:
    from miniprogram_aws.sdk.client import AwsClients
    from miniprogram_aws.stacks.stacks import Stack, Stacks

LOGICAL_ID = "MiniProgramAdmissionTable"

BRING_BACK = "Deploy once with --no-admission-table, then with --admission-table: all windows count anew."

Part = Literal["none", "create", "existing"]
"""What the template is told: no table, one that the stack owns, or one that is there already."""


def table_name(stack_name: str) -> str:
    return f"{stack_name}-admissions"


def table_part(stacks: Stacks, before: Stack | None, stack_name: str, clients: AwsClients) -> Part:
    """How the stack called `stack_name` comes by its table.

    Raises StackError when it was removed by hand, or when something else has its name.
    """
    found = is_there(stack_name, clients)
    if before is None or before.status in NEVER_CREATED or not _owns(stacks, stack_name):
        return "existing" if found else "create"
    if not found:
        raise StackError(
            f"the table {table_name(stack_name)} was removed by hand, which its stack knows nothing of",
            hint=BRING_BACK,
        )
    return "create"


def ledger_of(stack_name: str, clients: AwsClients) -> DynamoDbLedger:
    """The ledger the delivery function of the stack asks too, for commands and servers on this machine."""
    return DynamoDbLedger(lambda: clients.client("dynamodb"), table_name(stack_name))


def is_there(stack_name: str, clients: AwsClients) -> bool:
    """Whether the stack's table exists, whoever made it. Raises StackError when it is no table of admissions."""
    name = table_name(stack_name)
    resource = f"the table {name}"
    with mapped(f"look at {resource}", resource=resource, region=clients.region, failure=StackError):
        try:
            table = clients.client("dynamodb").describe_table(TableName=name)["Table"]
        except Exception as error:
            if code_of(error) == "ResourceNotFoundException":
                return False
            raise
    if [row["AttributeName"] for row in table["KeySchema"]] != [KEY]:
        raise StackError(
            f"{resource} is there, but is no table of admissions", hint="Choose another --stack-name."
        )
    return True


def _owns(stacks: Stacks, stack_name: str) -> bool:
    rows = stacks.resources(stack_name)
    return any(row.logical_id == LOGICAL_ID and not row.status.startswith("DELETE_") for row in rows)
