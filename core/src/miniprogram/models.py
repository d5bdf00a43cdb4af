"""The bases of pydantic models: frozen, camelCase outside; of stored ones also strict about unknown members."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Strict
from pydantic.alias_generators import to_camel

Flag = Annotated[bool, Strict()]
"""True or false, and not a text or a number that could mean it."""
Whole = Annotated[int, Strict()]
"""A whole number, and not a text of digits."""


class CamelModel(BaseModel):
    """A value that is replaced, never changed. Unknown members are left out: for what is shown or asked."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class FrozenModel(CamelModel):
    """A value that is stored. Unknown members are refused: writing it would lose them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_serialization_defaults_required=True,  # what is written holds every member
    )
