"""Which part of a file a request asks for, so that a download that broke off goes on where it stopped."""

from __future__ import annotations

import re
from collections.abc import Mapping

UNSATISFIABLE = range(0)
"""What is asked for begins behind the end."""

_one_range = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*").fullmatch


def asked_part(headers: Mapping[str, str], size: int, etag: str) -> range | None:
    """The bytes of a file of `size` that are asked for; None for all of it, UNSATISFIABLE for none.

    One range only: whoever asks for several, or in another unit, gets the whole file, as RFC 9110 allows. So does
    who has a part of another file than the one with `etag` (strong, quoted).
    """
    asked = _one_range(headers.get("range", ""))
    condition = headers.get("if-range")
    if asked is None or (condition is not None and condition.strip() != etag):
        return None
    first, last = asked.groups()
    if not first:
        if not last:
            return None
        return range(max(0, size - int(last)), size) if int(last) and size else UNSATISFIABLE
    start = int(first)
    if last and int(last) < start:
        return None
    stop = min(int(last) + 1, size) if last else size
    return range(start, stop) if start < size else UNSATISFIABLE
