"""A notice: one thing that happened, made from an event of the audit trail or found by the clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from miniprogram.documents.audit_event import Event
from miniprogram.identity.subscription import NoticeType
from miniprogram.models import FrozenModel
from miniprogram.releases.model.states import State

MAX_REASON = 1_000
"""Characters of a reason that are told."""

_BY_COMMAND: dict[str, NoticeType] = {
    "release halt": "release.halted",
    "release resume": "release.resumed",
    "release rollback": "release.rolled_back",
    "release pilot complete": "pilot.completed",
    "release force-remove": "release.removed",
}
_BY_STATE: dict[str, NoticeType] = {
    State.IN_REVIEW: "review.waits",
    State.APPROVED: "review.approved",
    State.REJECTED: "review.rejected",
    State.FULL: "release.full",
    State.ARCHIVED: "release.removed",
}


class Notice(FrozenModel):
    """`number` counts the notices of an environment; `id` is the same whenever and by whomever it is made."""

    number: int = 0
    id: str
    type: NoticeType
    at: str
    """When it happened."""
    mini_program_id: str | None = None
    about: dict[str, Any] = Field(default_factory=dict)
    """What more is told: plain texts by name."""

    def body(self, environment: str) -> str:
        """What is sent: the same text at every try."""
        data = {"environment": environment, "miniProgramId": self.mini_program_id, **self.about}
        said = {name: value for name, value in data.items() if value is not None}
        return json.dumps({"type": self.type, "timestamp": self.at, "data": said}, separators=(",", ":"))


def notice_of(program_id: str, event: Event) -> Notice | None:
    """What an event of a mini-program gives to tell; None for what nobody waits for."""
    notice_type = _type_of(event)
    if notice_type is None:
        return None
    host_app, _, stage = (event.target or "").rpartition(":")
    return Notice(
        id=message_id("event", program_id, event.hash),
        type=notice_type,
        at=event.at,
        mini_program_id=program_id,
        about={
            "version": event.version,
            "hostApp": host_app or None,
            "stage": stage or None,
            "release": event.subject or None,
            "state": event.to_state,
            "command": event.command,
            "actor": event.actor,
            "reason": event.reason and event.reason[:MAX_REASON],
        },
    )


def message_id(*parts: str) -> str:
    """The id of what `parts` name: who made it, and how often, changes nothing."""
    return "msg_" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _type_of(event: Event) -> NoticeType | None:
    if event.outcome != "done" or not event.command:
        return None
    if event.command in _BY_COMMAND:
        return _BY_COMMAND[event.command]
    if event.from_state == event.to_state == State.FULL:
        return _OF_FULL.get(event.command)
    if event.from_state == event.to_state:
        return None
    return _BY_STATE.get(event.to_state or "")


_OF_FULL: Mapping[str, NoticeType] = {"release offline": "review.waits", "release reject": "review.rejected"}
"""A full release stays so while somebody wants to take it offline."""
