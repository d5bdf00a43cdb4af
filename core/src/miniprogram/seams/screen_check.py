"""A further look at the screens of a mini-program: what `validate` says beyond the catalogue's rules."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenRemark:
    """Something doubtful about a screen; `validate` shows it as a warning at the line its author wrote."""

    screen: str
    """The screen id."""
    code: str
    """Stable, snake_case."""
    path: str
    """JSON path of the value it is about: `$.body.children[0]`; `$` for the screen as a whole."""
    message: str
    """One sentence that its author can act on."""
