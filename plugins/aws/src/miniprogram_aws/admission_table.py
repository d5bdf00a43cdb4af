"""The table of the admission ledger, as a deployment and a machine of ours see it.

The table outlives its stack, so that a window goes on counting where it stopped. Who deploys again finds it under
the same name; a stack cannot make what is there, hence the three words for its template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from miniprogram_aws.admission_ledger import KEY, DynamoDbLedger
from miniprogram_aws.errors import mapped
from miniprogram_aws.failure import code_of
from miniprogram_aws.stack_states import NEVER_CREATED
from miniprogram_aws.stacks import StackError

if TYPE_CHECKING:
    from miniprogram_aws.client import AwsClients
    from miniprogram_aws.stacks import Stack, Stacks

LOGICAL_ID = "MiniProgramAdmissionTable"

Part = Literal["none", "create", "existing"]
"""What the template is told: no table, one that the stack owns, or one that is there already."""


def table_name(stack_name: str) -> str:
    return f"{stack_name}-admissions"


def table_part(stacks: Stacks, before: Stack | None, stack_name: str, clients: AwsClients) -> Part:
    """How the stack called `stack_name` comes by its table.

    Raises StackError when it was removed by hand, or when something else has its name.
    """
    is_there = _is_there(table_name(stack_name), clients)
    if before is None or before.status in NEVER_CREATED or not _owns(stacks, stack_name):
        return "existing" if is_there else "create"
    if not is_there:
        raise StackError(
            f"the table {table_name(stack_name)} was removed by hand, which its stack knows nothing of",
            hint="Deploy once with --no-admission-table, then with --admission-table: all windows count anew.",
        )
    return "create"


def ledger_of(stack_name: str, clients: AwsClients) -> DynamoDbLedger:
    """The ledger the delivery function of the stack asks too, for commands and servers on this machine."""
    return DynamoDbLedger(lambda: clients.client("dynamodb"), table_name(stack_name))


def _owns(stacks: Stacks, stack_name: str) -> bool:
    rows = stacks.resources(stack_name)
    return any(row.logical_id == LOGICAL_ID and not row.status.startswith("DELETE_") for row in rows)


def _is_there(name: str, clients: AwsClients) -> bool:
    place = f"the table {name}"
    with mapped(f"look at {place}", resource=place, region=clients.region, failure=StackError):
        try:
            found = clients.client("dynamodb").describe_table(TableName=name)["Table"]
        except Exception as error:
            if code_of(error) == "ResourceNotFoundException":
                return False
            raise
    if [row["AttributeName"] for row in found["KeySchema"]] != [KEY]:
        raise StackError(f"{place} is there, but is no table of admissions", hint="Choose another --stack-name.")
    return True
