"""One entry of the audit trail, and the chain the entries form: each holds the hash of the one before."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import CoreSchema

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
    token: str | None = None
    """Id of the token that the actor showed."""
    token_created_by: str | None = None
    """Who made that token."""
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

    @model_serializer(mode="wrap")
    def _without_token(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Events without a token look, and hash, as they did before events told of tokens."""
        members: dict[str, Any] = handler(self)
        blank = {name for name in ("token", "token_created_by", "tokenCreatedBy") if members.get(name, "") is None}
        return {name: value for name, value in members.items() if name not in blank}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The members as they are; what leaves out the token says nothing about them."""
        plain: Any = {name: part for name, part in schema.items() if name != "serialization"}
        found = handler.resolve_ref_schema(handler(plain))
        left_out = {"token", "tokenCreatedBy"}
        found["required"] = [name for name in found.get("required", ()) if name not in left_out]
        return found

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
