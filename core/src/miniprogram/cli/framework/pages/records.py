"""What help says about a parameter, with numbers that a person reads."""

from __future__ import annotations

import re
from typing import Any

_RANGE = re.compile(
    r"(?<=[\[ ])(?:(?P<low>[\d.]+)(?P<above><=?))?x(?:(?P<most><=?|>=?)(?P<high>[\d.]+))?(?=[\];])"
)
_OPEN = {"<": "less than", ">": "more than", "<=": "at most", ">=": "at least"}


def help_record(parameter: Any, context: Any) -> tuple[str, str] | None:
    """The names of a parameter and the text about it; None for one that is hidden."""
    record = parameter.get_help_record(context)
    return None if record is None else (record[0], in_words(record[1]))


def in_words(text: str) -> str:
    """`text` with the ranges of numbers in it in words: `[1 to 500]` for `[1<=x<=500]`."""
    return _RANGE.sub(_range, text)


def _range(found: re.Match[str]) -> str:
    low, above, most, high = found["low"], found["above"], found["most"], found["high"]
    if low is None:
        return f"{_OPEN[most]} {high}"
    if high is None:
        return f"{'at least' if above == '<=' else 'more than'} {low}"
    if (above, most) == ("<=", "<="):
        return f"{low} to {high}"
    return f"{'at least' if above == '<=' else 'more than'} {low}, {_OPEN[most]} {high}"
