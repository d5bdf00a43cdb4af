"""What a mini-program's policy may cost hosts: the work of one decision, and the bytes that travel with it.

A single pattern or value is bounded where it is written; here the sum is. Work is counted for the worst request:
every audience is asked, and no rule holds before the last. A document that is above a bound already may be changed
as long as it does not grow: a halt goes through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from miniprogram.delivery.evaluation.conditions.patterns import pattern_work
from miniprogram.refusals import Refused
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.segments import Segment
from miniprogram.strict_json import to_canonical_json

MAX_WORK = 4 * 2**20
"""Steps of matching in one decision: four times what one pattern may need, some tens of milliseconds."""
MAX_VALUE_BYTES = 256 * 1024
"""Of all values of all switches together, as compact JSON."""

_STEPS = {"in": 1, "not_in": 1, "segment": 0, "regex": 0, "cidr": 100, "semver_range": 200}
"""Steps for one value of an operator; others are told apart by comparing, which takes a few."""
_OTHER_STEPS = 20
_ID_LIST_STEPS = 500
"""A binary search in a list of digests."""


def require_budget(before: ReleaseDocument, after: ReleaseDocument) -> None:
    """Raises Refused when `after` costs more than it may, and more than `before`."""
    work = work_of(after)
    if work > MAX_WORK and work > work_of(before):
        message = f"deciding would take up to {work:,} steps, and {MAX_WORK:,} are allowed"
        raise Refused(
            "work_budget", message, hint="Use fewer patterns, begin them with '^', or make ids a segment."
        )
    size = value_bytes_of(after)
    if size > MAX_VALUE_BYTES and size > value_bytes_of(before):
        message = (
            f"the values of all switches would be {size:,} bytes of JSON, and {MAX_VALUE_BYTES:,} are allowed"
        )
        raise Refused("value_budget", message)


def work_of(document: ReleaseDocument) -> int:
    """Steps of matching in the worst decision."""
    segments = {segment.name: _segment_work(segment) for segment in document.segments}
    return sum(_tree_work(tree, segments) for tree in _audiences(document))


def value_bytes_of(document: ReleaseDocument) -> int:
    """Bytes of all values of switches as compact JSON."""
    return sum(
        len(to_canonical_json(value))
        for switch in document.switches
        for value in (switch.default, *(rule.value for rule in switch.rules))
    )


def _audiences(document: ReleaseDocument) -> Iterator[Mapping[str, Any]]:
    trees = [each.configuration.audience for each in document.releases]
    trees += [override.audience for override in document.overrides]
    trees += [rule.audience for switch in document.switches for rule in switch.rules]
    return (tree for tree in trees if tree is not None)


def _tree_work(tree: Any, segments: Mapping[str, int]) -> int:
    work, level = 0, [tree]
    while level:
        node = level.pop()
        if "attribute" in node:
            work += _leaf_work(node, segments)
        elif "not" in node:
            level.append(node["not"])
        else:
            level += [*node.get("all", ()), *node.get("any", ())]
    return work


def _leaf_work(leaf: Mapping[str, Any], segments: Mapping[str, int]) -> int:
    operator, values = leaf["operator"], leaf["values"]
    if operator == "segment":
        return sum(segments.get(name, 0) for name in values)
    if operator == "regex":
        return sum(pattern_work(text) for text in values)
    return len(values) * _STEPS.get(operator, _OTHER_STEPS)


def _segment_work(segment: Segment) -> int:
    return _ID_LIST_STEPS if segment.kind == "ids" else sum(map(pattern_work, segment.patterns))
