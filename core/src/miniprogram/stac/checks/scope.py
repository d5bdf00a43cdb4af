"""Where in a screen a node stands: what holds it, what lies around it, which bindings are resolved there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Holder = Literal["screen", "box", "flex", "stack", "table", "slivers"]
"""What the nearest render widget above lays its children out as; `box` is everything without a special rule."""

ANY_BINDING = "*"
"""In `Scope.bindings`: a template whose placeholders come from a response, so any name may be right."""


@dataclass(frozen=True, eq=False)
class Step:
    """What changes on the way into one slot. Compared by identity: steps are made once per catalogue slot."""

    holder: Holder | None = "box"
    """None for widgets that draw nothing themselves: their child stands where they stand."""
    around: frozenset[str] = frozenset()
    """Names added to what lies around: `form`, `tabs`, `bottomTabs`, `radioGroup`, `builder`."""
    bindings: frozenset[str] = frozenset()
    """Binding roots resolved from here on: `backend`, `auth`, `item`, or ANY_BINDING."""
    leaves_page: bool = False
    """Whether the slot is shown on a page or sheet of its own, so that nothing lies around it any more."""


@dataclass(frozen=True, eq=False)
class Scope:
    """A place in the tree. Equal places reached by the same steps are one object, so entering is a look-up."""

    holder: Holder = "screen"
    around: frozenset[str] = frozenset()
    bindings: frozenset[str] = frozenset()
    _entered: dict[Step, Scope] = field(default_factory=dict, repr=False)

    @property
    def keeps_binding_types(self) -> bool:
        """Whether a text that is one binding becomes a value of its own type: in builder templates only."""
        return "backend" in self.bindings

    def enter(self, step: Step) -> Scope:
        known = self._entered.get(step)
        if known is None:
            known = self._entered[step] = self._make(step)
        return known

    def _make(self, step: Step) -> Scope:
        holder = self.holder if step.holder is None else step.holder
        before = frozenset[str]() if step.leaves_page else self.around
        around, bindings = before | step.around, self.bindings | step.bindings
        if (holder, around, bindings) == (self.holder, self.around, self.bindings):
            return self  # keeps the number of scopes small in deep trees
        return Scope(holder, around, bindings)
