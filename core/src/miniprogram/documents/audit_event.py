"""One entry of the audit trail, and the chain the entries form: each holds the hash of the one before."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import ConfigDict, Field

from miniprogram.models import FrozenModel
from miniprogram.strict_json import to_canonical_json

START = "0" * 64
"""What the first event remembers."""


class Event(FrozenModel):
    """Something that was done, or denied. `hash` covers everything else, `previous_hash` included."""

    model_config = ConfigDict(extra="allow")  # the hash of a newer version's event covers what is not known here

    seq: int = Field(ge=1)
    at: str
    actor: str
    via: str
    authenticated: bool = False
    command: str
    outcome: Literal["done", "denied"] = "done"
    subject: str = ""
    """What it is about: a release, a segment, a switch, a member, …"""
    target: str | None = None
    version: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    reason: str | None = None
    revision: int
    details: dict[str, Any] = Field(default_factory=dict)
    previous_hash: str
    hash: str = ""

    def sealed(self) -> Event:
        """This event with its hash."""
        return self.model_copy(update={"hash": self.computed_hash()})

    def computed_hash(self) -> str:
        """What `hash` must be."""
        members = self.model_dump(mode="json", by_alias=True, exclude={"hash"})
        return hashlib.sha256(to_canonical_json(members)).hexdigest()


class Trail(FrozenModel):
    """The end of a chain as its document knows it. `latest` are the events of the last change, oldest first."""

    length: int = 0
    hash: str = START
    latest: tuple[Event, ...] = ()
