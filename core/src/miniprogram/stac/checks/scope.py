"""Where in a screen a node stands: what holds it, what lies around it, which bindings are resolved there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Axis = Literal["vertical", "horizontal"]
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
    is_column: bool = False
    """Whether what is put into the slot stands in a column, which no widget of the document is."""


@dataclass(frozen=True, eq=False)
class Scope:
    """A place in the tree. Equal places reached by the same steps are one object, so entering is a look-up."""

    holder: Holder = "screen"
    around: frozenset[str] = frozenset()
    bindings: frozenset[str] = frozenset()
    unbounded: frozenset[Axis] = frozenset()
    """Along which a widget here may be as large as it wants."""
    flex: Axis | None = None
    """The direction of the nearest row or column above."""
    flex_is_open: bool = False
    """Whether that one has room without end along its direction itself."""
    _entered: dict[object, Scope] = field(default_factory=dict, repr=False)

    @property
    def keeps_binding_types(self) -> bool:
        """Whether a text that is one binding becomes a value of its own type: in builder templates only."""
        return "backend" in self.bindings

    def enter(self, step: Step) -> Scope:
        known = self._entered.get(step)
        if known is None:
            known = self._entered[step] = self._make(step)
        return known

    def with_bounds(self, unbounded: frozenset[Axis]) -> Scope:
        return self._bounded(unbounded, self.flex, open_flex=self.flex_is_open)

    def inside_flex(self, axis: Axis) -> Scope:
        """Among the children of a row or column that stands here."""
        return self._bounded(self.unbounded | {axis}, axis, open_flex=axis in self.unbounded)

    def _bounded(self, unbounded: frozenset[Axis], flex: Axis | None, *, open_flex: bool) -> Scope:
        key = (unbounded, flex, open_flex)
        if key == (self.unbounded, self.flex, self.flex_is_open):
            return self
        known = self._entered.get(key)
        if known is None:
            known = self._entered[key] = Scope(self.holder, self.around, self.bindings, *key)
        return known

    def _make(self, step: Step) -> Scope:
        if step.is_column:
            return self.inside_flex("vertical")._make(replace(step, is_column=False))
        holder = self.holder if step.holder is None else step.holder
        if step.leaves_page:
            return Scope(holder, step.around, self.bindings | step.bindings)
        around, bindings = self.around | step.around, self.bindings | step.bindings
        if (holder, around, bindings) == (self.holder, self.around, self.bindings):
            return self  # keeps the number of scopes small in deep trees
        return Scope(holder, around, bindings, self.unbounded, self.flex, self.flex_is_open)
