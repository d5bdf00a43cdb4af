"""A request to the console, read whole, and the two things a page may answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from miniprogram.identity.command_context import CommandContext
from miniprogram.refusals import Unacceptable
from miniprogram.releases.simulation.recent_requests import RecentRequests
from miniprogram.targets import Stage, Target
from miniprogram_server.admin.framework.operation import Call
from miniprogram_server.console.forms.form import Form
from miniprogram_server.console.forms.form_state import FormState
from miniprogram_server.console.session.drafts import Draft
from miniprogram_server.console.session.sessions import Session

BASE = "/console"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Somebody signed in, and what they ask. `names` are parts of the path."""

    context: CommandContext
    session: Session
    recent: RecentRequests
    names: Mapping[str, str]
    path: str
    query: Mapping[str, str]
    form: Form = field(default_factory=Form)
    wants_part: bool = False
    """Whether a script asks, for a part of a page."""
    draft: Draft | None = None
    """What was typed into a form of this page before, as `draft` in the address says."""
    host: str = ""
    """What the browser calls this server: `programs.example.com:8443`."""

    @property
    def program_id(self) -> str:
        return self.names["programId"]

    @property
    def here(self) -> str:
        """Address of the release the path is about."""
        return release_url(self.program_id, self.names["version"], self.target)

    @property
    def target(self) -> Target:
        return target_of(f"{self.names['hostApp']}:{self.names['environment']}")

    def form_state(self, action: str, prefix: str = "") -> FormState:
        """The form of a page that is sent to `action`, with what was typed into it."""
        typed = self.draft is not None and self.draft.action == action
        return FormState(action, prefix, self.draft if typed else None)

    @property
    def typed(self) -> Form | None:
        """What was typed into the form at this very address."""
        is_here = self.draft is not None and self.draft.action == self.path
        return Form(self.draft.fields) if is_here and self.draft is not None else None

    def guarded_context(self) -> CommandContext:
        """The command context, for a change to exactly what the page showed."""
        text = self.form.one("revision")
        if not (text.isascii() and text.isdigit()):
            return self.context
        return replace(self.context, expected_revision=int(text[:18]))

    def call(self, body: Any = None) -> Call:
        """The request as a call of an operation of the API."""
        return Call(self.guarded_context(), self.names, None, body)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, or with a template that extends nothing, a part of one."""

    template: str
    members: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """Look there now."""

    url: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Ask first: show the page of the form again, with what it will come to."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file for whoever asks."""

    name: str
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A file that is sent while it is made: each piece is made in a worker thread of its own time."""

    name: str
    pieces: Iterator[bytes]
    media_type: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A document for a frame of a page, under a policy of its own."""

    body: str
    policy: str


View = Callable[[PageRequest], Page | Redirect | Confirm | Download | Stream | Frame]


def target_of(text: str) -> Target:
    """`wallet:production` as a target. Raises Unacceptable."""
    app, _, stage = text.rpartition(":")
    if not app or stage not in set(Stage):
        raise Unacceptable(f"{text!r} is not a target such as wallet:production")
    return Target(host_app=app, environment=Stage(stage))


def program_url(program_id: str) -> str:
    return f"{BASE}/programs/{program_id}"


def release_url(program_id: str, version: str, target: Target) -> str:
    target_path = f"{target.host_app}/{target.environment}"
    return f"{program_url(program_id)}/targets/{target_path}/releases/{version}"
