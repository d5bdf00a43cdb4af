"""Segments of a policy: tests of one id, by list, by digest or by pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from miniprogram.delivery.evaluation.buckets import salted_digest
from miniprogram.delivery.evaluation.conditions.operators import Test
from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.policy.strict_object import StrictObject

OpenList = Callable[[str], Container[str]]
"""The ids behind an object key; called when a decision first needs them."""

_digest = re.compile(r"[0-9a-f]{64}").fullmatch


def parse_segment(members: StrictObject, open_list: OpenList) -> Test:
    """The test a segment stands for. Raises PolicyError."""
    kind = members.choice("kind", ("ids", "inline", "regex"))
    members.whole("version", 0, 2**53)
    ignore_case = members.flag("caseInsensitive", default=False)
    test: Test
    if kind == "ids":
        test = _list_test(members, open_list, ignore_case=ignore_case)
    elif kind == "inline":
        test = digest_test(members, ignore_case=ignore_case)
    else:
        test = _pattern_test(members, ignore_case=ignore_case)
    members.done()
    return test


def _list_test(members: StrictObject, open_list: OpenList, *, ignore_case: bool) -> Test:
    key = members.text("key")
    if not all(is_safe_segment(part) for part in key.split("/")):
        raise members.error("key", f"{key!r} is not an object key of plain segments")
    if ignore_case:
        return lambda text: text.lower() in open_list(key)
    return lambda text: text in open_list(key)


def digest_test(members: StrictObject, *, ignore_case: bool) -> Test:
    """Whether a text is one of those whose salted digests are listed."""
    salt = members.text("salt")
    digests = frozenset(members.texts("digests"))
    if not all(map(_digest, digests)):
        raise members.error("digests", "must be SHA-256 digests, each 64 lower-case hexadecimal digits")
    if ignore_case:
        return lambda text: salted_digest(salt, text.lower()) in digests
    return lambda text: salted_digest(salt, text) in digests


def _pattern_test(members: StrictObject, *, ignore_case: bool) -> Test:
    try:
        tests = [compile_pattern(text, ignore_case=ignore_case) for text in members.texts("patterns")]
    except ValueError as error:
        raise members.error("patterns", str(error)) from None
    return lambda text: any(test(text) for test in tests)
