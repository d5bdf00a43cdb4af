"""A condition tree as lines for people, indented by depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OPERATOR_WORDS = {
    "in": "is one of",
    "not_in": "is none of",
    "str_contains": "contains",
    "str_starts_with": "starts with",
    "str_ends_with": "ends with",
    "num_eq": "=",
    "num_gt": ">",
    "num_gte": "≥",
    "num_lt": "<",
    "num_lte": "≤",
    "date_after": "after",
    "date_before": "before",
    "semver_eq": "is version",
    "semver_gt": "is above version",
    "semver_lt": "is below version",
    "semver_range": "is within",
    "version_in_range": "is from – to",
    "version_out_of_range": "is outside",
    "regex": "looks like",
    "cidr": "is in the network",
    "segment": "is in the segment",
}
_JOINTS = {"all": "all of", "any": "any of", "not": "not"}
_SHOWN_VALUES = 6


def audience_lines(tree: Mapping[str, Any], depth: int = 0, *, shown: int | None = _SHOWN_VALUES) -> Iterator[str]:
    """`tree` line by line; conditions below a joint are indented with dots. Of many values `shown`; None: all."""
    indent = "· " * depth
    for joint, words in _JOINTS.items():
        if joint in tree:
            below = [tree[joint]] if joint == "not" else tree[joint]
            if joint != "not" and len(below) == 1:
                yield from audience_lines(below[0], depth, shown=shown)
                return
            yield f"{indent}{words}:"
            for node in below:
                yield from audience_lines(node, depth + 1, shown=shown)
            return
    yield indent + _leaf(tree, shown)


def _leaf(tree: Mapping[str, Any], most: int | None) -> str:
    operator = str(tree.get("operator"))
    values = [str(each) for each in tree.get("values", ())]
    shown = ", ".join(values[:most])
    more = f" and {len(values) - most} more" if most is not None and len(values) > most else ""
    negated = "not: " if tree.get("inverted") else ""
    return f"{negated}{tree.get('attribute')} {OPERATOR_WORDS.get(operator, operator)} {shown}{more}"
