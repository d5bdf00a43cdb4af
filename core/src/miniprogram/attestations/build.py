"""How a version came to be, as far as this machine can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from miniprogram.attestations.source_revision import SourceRevision


@dataclass(frozen=True, slots=True)
class Build:
    """A build. Times are aware UTC; `built_with` are versions of distributions, by name."""

    source: SourceRevision | None
    """The commit it was built from; None where none is known."""
    started: datetime
    finished: datetime
    built_with: Mapping[str, str] = field(default_factory=dict)
