"""Segments: named, versioned lists of ids or patterns that audiences ask."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern
from miniprogram.models import FrozenModel
from miniprogram.names import SegmentName


class Segment(FrozenModel):
    """One version of a list. Ids lie in an object of salted digests under `key`; patterns are kept here."""

    name: SegmentName
    version: int = Field(ge=1)
    kind: Literal["ids", "regex"]
    key: str | None = None
    """Below the metadata prefix; never written twice."""
    patterns: tuple[str, ...] = ()
    case_insensitive: bool = False
    count: int = Field(ge=0)
    """Distinct ids, or patterns."""
    updated_by: str
    updated_at: str

    @model_validator(mode="after")
    def _is_whole(self) -> Segment:
        if (self.kind == "ids") != (self.key is not None):
            raise ValueError("a list of ids lies under a key, patterns do not")
        for pattern in self.patterns:
            compile_pattern(pattern, ignore_case=self.case_insensitive)
        return self
