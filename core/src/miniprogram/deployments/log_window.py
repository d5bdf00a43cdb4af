"""`--since 10m`: how far back logs are read."""

from __future__ import annotations

import re

from miniprogram.errors import UsageError

_WINDOW = re.compile(r"([1-9][0-9]{0,5})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def window_seconds(text: str) -> float:
    """Seconds in `90s`, `10m`, `1h`, `1d` or `2w`. Raises UsageError for anything else."""
    match = _WINDOW.fullmatch(text.strip().lower())
    if match is None:
        raise UsageError(f"--since must be a number and a unit, such as 10m, 1h or 1d, not {text!r}")
    return float(match[1]) * _SECONDS[match[2]]
