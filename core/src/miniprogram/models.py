"""The base of stored pydantic models: frozen, camelCase outside, strict about unknown members."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class FrozenModel(BaseModel):
    """A value that is replaced, never changed. Unknown members are refused: writing it would lose them."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid")
