"""Failures an evaluation can meet: a document that is missing, a document that is broken, a store out of reach."""

from __future__ import annotations

from typing import Any


class MissingDocument(Exception):  # noqa: N818 - absence is an answer here, not an error
    """Something that was asked for is not there. The text names it."""


class BrokenDocument(Exception):  # noqa: N818 - the document is at fault
    """A stored document is not what it must be. `reason` says where and how, without machine paths.

    `details` replace the usual ones (key and reason) where the contract lists others.
    """

    def __init__(self, key: str, reason: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason
        self.details = details if details is not None else {"key": key, "reason": reason}


class TooLarge(BrokenDocument):
    """A stored object has more than `max_bytes`, which is what can be handed out in one piece."""

    def __init__(self, key: str, max_bytes: int) -> None:
        super().__init__(key, f"larger than {max_bytes} bytes")


class SourceUnavailable(Exception):  # noqa: N818 - names the state
    """The source gives no answer now: out of reach, or not allowed. The text is for operators."""


class Degraded(SourceUnavailable):
    """An answer was given from an older state of a document, because the present one cannot be used.

    `is_damage`: the document is there and at fault; else its source is.
    """

    def __init__(self, key: str, reason: str, *, is_damage: bool = False) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason
        self.is_damage = is_damage


class WouldWait(Exception):  # noqa: N818 - names the state
    """What is asked for is not in memory, or has to be looked at again first, and the caller may not wait."""
