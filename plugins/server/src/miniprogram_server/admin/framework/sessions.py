"""What the API says of sessions in a browser. Whoever keeps them brings a register."""

from __future__ import annotations

from typing import Protocol

from miniprogram.identity.command_context import CommandContext
from miniprogram.models import FrozenModel


class SessionView(FrozenModel):
    """A session. `id` opens nothing; `way` is how they signed in, `came` the beginning of their address."""

    id: str
    member: str
    way: str
    token: str | None
    begun_at: str
    seen_at: str
    came: str
    browser: str


class SessionList(FrozenModel):
    """Sessions that go on: all of them for administrators, others see their own. Who asked last comes first."""

    schema_version: int = 1
    command: str = "session list"
    environment_name: str
    sessions: tuple[SessionView, ...]


class SessionRegister(Protocol):
    """The sessions of this server."""

    def list(self, context: CommandContext) -> SessionList:
        """What `context.actor` may see."""

    def end(self, context: CommandContext, session_id: str) -> SessionView:
        """End one. Raises NotFound for one that the actor may not see, or that is over."""
