"""What holds while a source fails: how long what is known goes on, when it is asked again, what operators hear."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from miniprogram.delivery.evaluation.errors import BrokenDocument, Degraded

_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 5.0
_MOST_TOLD = 1_000


class OutageTolerance:
    """How old what is known about a changing document may be while its source fails, in seconds.

    Up to `hard_s` a failed look changes nothing. `stale_if_error_s` longer, pointers and policies are still used,
    and operators are told; access keys and link keys are not. Then requests are refused until the source is back.
    """

    __slots__ = ("hard_s", "stale_if_error_s")

    def __init__(self, hard_s: float = 0.0, stale_if_error_s: float = 0.0) -> None:
        self.hard_s, self.stale_if_error_s = hard_s, stale_if_error_s

    def limit_s(self, *, fails_closed: bool) -> float:
        return self.hard_s if fails_closed else self.hard_s + self.stale_if_error_s


NO_TOLERANCE = OutageTolerance()

DEFAULT_STALE_IF_ERROR_S = 3600.0
MAX_STALE_IF_ERROR_S = 7 * 86_400.0


def stale_if_error_from(environ: Mapping[str, str]) -> float:
    """STALE_IF_ERROR_SECONDS of a process's environment, an hour when it is not set.

    Raises ValueError when it is no number from 0 to seven days.
    """
    text = environ.get("STALE_IF_ERROR_SECONDS", "").strip()
    try:
        seconds = float(text) if text else DEFAULT_STALE_IF_ERROR_S
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MAX_STALE_IF_ERROR_S:
        raise ValueError(f"STALE_IF_ERROR_SECONDS must be from 0 to {MAX_STALE_IF_ERROR_S:.0f}, not {text!r}")
    return seconds


def pause_s(key: str, failures: int) -> float:
    """How long not to ask again after `failures` in a row: doubling, and not the same for every key."""
    longest = min(_FIRST_PAUSE_S * 2.0 ** min(failures, 16), _LONGEST_PAUSE_S)
    return longest * (0.5 + (hash((key, failures)) & 0xFF) / 512)


class Notices:
    """Tells operators, once per document until it is well again, that it cannot be used as it is."""

    __slots__ = ("_tell", "_told")

    def __init__(self, tell: Callable[[Degraded | BrokenDocument], None]) -> None:
        self._tell = tell
        self._told: dict[str, tuple[object, str | None]] = {}

    def outage(self, key: str, reason: str) -> None:
        """An older state is used while the source fails."""
        if self._is_new(key, "outage", reason):
            self._tell(Degraded(key, reason))

    def damaged(self, key: str, reason: str, cause: object) -> None:
        """An older state is used. `cause` tells one trouble with a document from the next."""
        if self._is_new(key, cause, reason):
            self._tell(Degraded(key, reason, is_damage=True))

    def lost(self, error: BrokenDocument, cause: object) -> None:
        """There is no state that can be used: whoever needs the document is refused."""
        if self._is_new(error.key, cause, None):
            self._tell(error)

    def _is_new(self, key: str, cause: object, reason: str | None) -> bool:
        told = self._told.get(key)
        if told is not None and told[0] == cause:
            return False
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told[key] = cause, reason
        return True

    def reason(self, key: str) -> str | None:
        """Why an older state of a document is used."""
        told = self._told.get(key)
        return None if told is None else told[1]

    def is_well(self, key: str) -> None:
        """The document is as it should be; its next trouble is told again."""
        if self._told:
            self._told.pop(key, None)
