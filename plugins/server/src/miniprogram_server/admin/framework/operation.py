"""One operation of the API, as data: the server is made of these rows, and so is its description."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.sight import require_sight
from miniprogram.names import NameKind
from miniprogram.targets import Stage, Target
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.sessions import SessionRegister

PREFIX = "/api/admin/v1"

PATH_NAMES: dict[str, NameKind] = {
    "programId": "program",
    "version": "version",
    "hostApp": "host app",
    "environment": "stage",
    "segment": "segment",
    "key": "switch",
    "member": "member",
    "tokenId": "token",
    "sessionId": "session",
    "overrideId": "override",
}
"""What the parts of paths name: each is checked by the rule of that thing."""

ANYBODY = "every member"
"""The permission of what is only read: every member, as far as their roles reach."""

_names = re.compile(r"\{(\w+)\}").findall


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let through: who asks, for what, with parsed parts."""

    context: CommandContext
    """With the actor, the time, and the revision that If-Match names."""
    names: Mapping[str, str]
    """Parts of the path, by name."""
    query: Any = None
    body: Any = None
    """The operation's model, or an Upload where it takes text."""
    ledger: AdmissionLedger | None = None
    """Who was admitted to windows, where this place knows."""
    sessions: SessionRegister | None = None
    """Who is signed in to the console of this server, where it has one."""

    @property
    def program_id(self) -> str:
        return self.names["programId"]

    @property
    def version(self) -> str:
        return self.names["version"]

    @property
    def target(self) -> Target:
        """The host app and environment in the path. Raises Failure (404) for an environment that cannot be."""
        app, stage = self.names["hostApp"], self.names["environment"]
        if stage not in set(Stage):
            raise Failure(404, "not_found", f"there is no environment {stage}; there are {', '.join(Stage)}")
        return Target(host_app=app, environment=Stage(stage))

    def require_sight(self) -> None:
        """Raises Denied unless the actor has some role for what the path names."""
        if "programId" in self.names:
            target = self.target if "environment" in self.names else None
            require_sight(self.context, program_id=self.program_id, target=target)


Handle = Callable[[Call], BaseModel]
"""What an operation answers. Its `revision`, where it has one, becomes the ETag."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A row. `permission` is for people; the use case behind `handle` is what enforces it."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    """Below PREFIX, with {names}."""
    name: str
    """Of the operation, unique."""
    group: str
    summary: str
    permission: str
    handle: Handle
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    takes_text: bool = False
    """The body is a list, one a line, instead of JSON."""
    query: type[BaseModel] | None = None
    status: int = 200
    guarded: bool = False
    """Whether If-Match must be there."""
    keeps_answer: bool = True
    """False where the answer holds a secret: it is not kept for Idempotency-Key, which then counts for nothing."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(_names(self.path))

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def tagged(self) -> bool:
        """Whether its answer has a revision."""
        return "revision" in self.answer.model_fields

    @property
    def takes_body(self) -> bool:
        return self.body is not None or self.takes_text
