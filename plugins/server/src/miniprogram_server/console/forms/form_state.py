"""A form as a page shows it: what it says now, or what was typed into it before it was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miniprogram_server.console.session.drafts import Draft


@dataclass(frozen=True, slots=True)
class FormState:
    """The form sent to `action`. `draft` is what was typed into it; None shows it as it is.

    Templates ask it for every value. `prefix` goes before the ids of its fields: other forms have theirs.
    """

    action: str
    prefix: str = ""
    draft: Draft | None = None

    def value(self, name: str, default: object = "") -> str:
        """What the field says."""
        typed = self.draft.fields.get(name) if self.draft is not None else None
        return str(default) if typed is None else typed[0]

    def values(self, name: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """What all fields of that name say."""
        return tuple(default) if self.draft is None else self.draft.fields.get(name, ())

    def is_on(self, name: str, value: str, *, default: bool = False) -> bool:
        """Whether a box is ticked. A form that was sent does not name boxes that are not."""
        return default if self.draft is None else value in self.draft.fields.get(name, ())

    def problem(self, name: str) -> str:
        """What is wrong with the field."""
        return self.draft.problem.message if self.draft is not None and self.draft.problem.field == name else ""

    def differs(self, name: str, now: object) -> bool:
        """Whether somebody else changed the form meanwhile, and what is typed is not what the field says now."""
        return self.draft is not None and self.draft.problem.is_conflict and self.value(name, now) != str(now)

    def id(self, name: str) -> str:
        """The id of the field's control."""
        return f"{self.prefix}{name}"
