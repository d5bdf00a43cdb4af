"""Where a release stands, as data: states and overlays."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """The main line from `created` to `archived`, and the ways a release can end before."""

    CREATED = "created"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PILOT = "pilot"
    PREPARED = "prepared"
    GRAYSCALE = "grayscale"
    FULL = "full"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CANCELED = "canceled"
    SUSPENDED = "suspended"


class Overlay(StrEnum):
    """What an operator laid over a state without ending it."""

    PAUSED = "paused"
    """Nobody new is admitted; those who have the version keep it."""
    HALTED = "halted"
    """Nobody is served it; all get the last good version."""


STEPPER = (State.CREATED, State.IN_REVIEW, State.PILOT, State.GRAYSCALE, State.FULL)
"""What people see as the way of a release, in order."""

IN_FLIGHT = frozenset({State.IN_REVIEW, State.APPROVED, State.PILOT, State.PREPARED, State.GRAYSCALE})
"""States of which there is at most one release per mini-program, target and kind."""

RELEASED = frozenset({State.APPROVED, State.PILOT, State.PREPARED, State.GRAYSCALE, State.FULL})
"""States after the review, in which somebody may be served."""

FINISHED = frozenset({State.ARCHIVED, State.REJECTED, State.WITHDRAWN, State.CANCELED, State.SUSPENDED})
"""States that end an attempt."""
