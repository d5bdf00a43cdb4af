"""What the checker found, by JSON path."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong (`error`: a node disappears or fails at run time) or doubtful (`warning`: it is ignored).

    `path` is a JSON path from the document's root, `$.body.children[0].type`. `message` is a sentence without a
    full stop; `suggestion`, where there is one, says what to write instead.
    """

    severity: Severity
    code: str
    """Stable, snake_case. `docs/reference/stac-checker.md` lists them."""
    path: str
    message: str
    suggestion: str | None = None
    steps: tuple[str | int, ...] = field(default=(), compare=False, repr=False)
    """The keys and indexes of `path`."""

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        advice = f" ({self.suggestion})" if self.suggestion else ""
        return f"[{self.severity}] {self.code} {self.path}: {self.message}{advice}"
