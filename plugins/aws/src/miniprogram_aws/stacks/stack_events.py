"""What happens to a stack, as lines while it happens, and which resource was the first to fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from miniprogram_s3.errors import redact

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_CONSEQUENCES = ("resource creation cancelled", "resource update cancelled", "the following resource(s) failed")
"""Reasons that only say that something else failed."""


class StackEvents:
    """The events of one stack from some moment on. Raises what the SDK raises."""

    def __init__(self, client: CloudFormationClient, stack_id: str) -> None:
        self._client, self._stack_id = client, stack_id
        self._seen: set[str] = set()
        self.cause: str | None = None
        """The first resource that failed, and why; None while none did."""

    def skip_past(self) -> None:
        """Leave out what has happened until now."""
        self._seen.update(event["EventId"] for event in self._newest_first())

    def fresh(self) -> Iterator[str]:
        """What happened since the last call, oldest first, a line each."""
        for event in reversed(list(self._newest_first())):
            self._seen.add(event["EventId"])
            self._note_failure(event)
            yield _line(event)

    def _newest_first(self) -> Iterator[Any]:
        """Up to the first event that is known; an earlier one cannot be new."""
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=self._stack_id)
        for page in pages:
            for event in page["StackEvents"]:
                if event["EventId"] in self._seen:
                    return
                yield event

    def _note_failure(self, event: Any) -> None:
        reason = redact(event.get("ResourceStatusReason", "")).rstrip(".")
        failed = event.get("ResourceStatus", "").endswith("_FAILED")
        if self.cause or not failed or reason.lower().startswith(_CONSEQUENCES):
            return
        name = f"{event['LogicalResourceId']} ({event['ResourceType']})"
        self.cause = f"{name}: {reason}" if reason else name


def _line(event: Any) -> str:
    reason = redact(event.get("ResourceStatusReason", ""))
    line = f"{event['ResourceStatus']}  {event['LogicalResourceId']}  {event['ResourceType']}"
    return f"{line}: {reason}" if reason else line
