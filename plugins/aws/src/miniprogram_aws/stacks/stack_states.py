"""What a stack's state means for whoever wants to change it: a sentence for each state in the way."""

from __future__ import annotations

from typing import NamedTuple

NEVER_CREATED = frozenset({"ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"})
"""Creating it failed: it serves nothing, cannot be updated, and has to go before there can be another."""

READY = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "REVIEW_IN_PROGRESS",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
"""REVIEW_IN_PROGRESS is what a change set leaves that nobody carried out."""


class Problem(NamedTuple):
    message: str
    hint: str


def refusal_to_deploy(name: str, status: str, reason: str | None) -> Problem | None:
    """Why a stack in `status` cannot be deployed to, or None."""
    if status in READY or status in NEVER_CREATED:
        return None
    because = f" ({reason})" if reason else ""
    if status == "UPDATE_ROLLBACK_FAILED":
        return Problem(
            f"{name} is stuck: an update failed, and so did going back{because}",
            "In the AWS console, under CloudFormation, choose Continue update rollback for it; or remove it with "
            "--yes on the destroy command and deploy again.",
        )
    if status == "DELETE_FAILED":
        return Problem(
            f"{name} could only be removed in part{because}",
            "Remove the rest first, with --yes on the destroy command, then deploy again.",
        )
    return Problem(
        f"{name} is being changed by somebody else now ({status})",
        "Wait until that is done, then run the same command again.",
    )


def refusal_to_delete(name: str, status: str) -> Problem | None:
    """Why a stack in `status` cannot be removed, or None."""
    if not status.endswith("_IN_PROGRESS") or status in {"DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS"}:
        return None
    return Problem(
        f"{name} is being changed by somebody else now ({status})",
        "Wait until that is done, then run the same command again.",
    )
