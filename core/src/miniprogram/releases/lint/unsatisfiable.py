"""Conditions that can never match: what a conjunction asks of one attribute, held against itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from miniprogram.delivery.evaluation.conditions.model import ATTRIBUTES
from miniprogram.delivery.evaluation.conditions.operators import epoch_ms
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.targets import ANY_HOST, Target

Tree = Mapping[str, Any]

_LOWER = {"num_gt", "num_gte", "semver_gt", "date_after"}
_UPPER = {"num_lt", "num_lte", "semver_lt", "date_before"}
_INCLUSIVE = {"num_gte", "num_lte"}
_MAY_BE_ADDRESSES = {"ip", "userId", "deviceId"}


@dataclass
class _Asked:
    """What one conjunction asks of one attribute."""

    allowed: set[str] | None = None
    refused: set[str] = field(default_factory=set)
    lower: list[tuple[Any, bool]] = field(default_factory=list)
    upper: list[tuple[Any, bool]] = field(default_factory=list)


def impossibilities(
    tree: Tree | None, document: ReleaseDocument, target: Target | None, now_ms: int, path: str = "audience"
) -> Iterator[tuple[str, str]]:
    """Path and reason of every part of `tree` that no visitor of `target` can match, outermost first."""
    if tree is None:
        return
    if "attribute" in tree:
        reason = _impossible_alone(tree, document, target, now_ms)
        if reason:
            yield path, reason
    elif "any" in tree:
        if not tree["any"]:
            yield path, "any of nothing matches nobody"
        for index, node in enumerate(tree["any"]):
            yield from impossibilities(node, document, target, now_ms, f"{path}.any[{index}]")
    elif "all" in tree:
        reason = _contradiction(tree["all"])
        if reason:
            yield path, reason
        for index, node in enumerate(tree["all"]):
            yield from impossibilities(node, document, target, now_ms, f"{path}.all[{index}]")


def can_never_match(tree: Tree | None, document: ReleaseDocument, target: Target | None, now_ms: int) -> bool:
    """Whether the whole of `tree` is impossible, as far as can be told."""
    if tree is None:
        return False
    if "attribute" in tree:
        return _impossible_alone(tree, document, target, now_ms) is not None
    if "any" in tree:
        return all(can_never_match(node, document, target, now_ms) for node in tree["any"])
    if "all" in tree:
        parts = any(can_never_match(node, document, target, now_ms) for node in tree["all"])
        return parts or _contradiction(tree["all"]) is not None
    return False


def _impossible_alone(tree: Tree, document: ReleaseDocument, target: Target | None, now_ms: int) -> str | None:
    attribute, operator, values = tree["attribute"], tree["operator"], list(tree["values"])
    positive = not tree.get("inverted", False)
    if operator == "segment" and positive:
        segments = [document.segment(name) for name in values]
        if all(segment is None or segment.count == 0 for segment in segments):
            return f"the segment {', '.join(values)} is empty"
    if operator == "cidr" and positive and attribute in ATTRIBUTES and attribute not in _MAY_BE_ADDRESSES:
        return f"{attribute} is no address; ip is"
    if attribute == "now" and positive and operator == "date_before" and (epoch_ms(values[0]) or 0) <= now_ms:
        return f"{values[0]} is over"
    if target is not None and operator == "in" and positive:
        own = {"hostApp": target.host_app, "environment": str(target.environment)}.get(attribute)
        if own is not None and own != ANY_HOST and own not in _cased(tree, values):
            return f"the target is {own}"
    return None


def _cased(tree: Tree, values: list[str]) -> list[str]:
    return [value.lower() for value in values] + values if tree.get("caseInsensitive") else values


def _contradiction(nodes: list[Tree]) -> str | None:
    """Why no visitor can pass all of `nodes`; only conditions directly among them are held against each other."""
    asked: dict[str, _Asked] = defaultdict(_Asked)
    for node in nodes:
        if "attribute" in node and node["attribute"] != "capability":
            _note(node, asked[node["attribute"]])
        elif "all" in node and not node.get("inverted"):
            inner = _contradiction([*nodes_without(nodes, node), *node["all"]])
            if inner:
                return inner
    for attribute, found in asked.items():
        reason = _why_empty(attribute, found)
        if reason:
            return reason
    return None


def nodes_without(nodes: list[Tree], node: Tree) -> list[Tree]:
    return [each for each in nodes if each is not node]


def _note(node: Tree, asked: _Asked) -> None:
    operator, values = node["operator"], list(node["values"])
    inverted = bool(node.get("inverted", False))
    if operator in ("in", "not_in") and not node.get("caseInsensitive"):
        if (operator == "in") != inverted:
            asked.allowed = set(values) if asked.allowed is None else asked.allowed & set(values)
        else:
            asked.refused |= set(values)
    elif not inverted and operator in _LOWER | _UPPER:
        side = asked.lower if operator in _LOWER else asked.upper
        side.append((_ordered(operator, values[0]), operator in _INCLUSIVE))


def _ordered(operator: str, value: Any) -> Any:
    if operator.startswith("semver"):
        return Version.parse(value)
    return epoch_ms(value) if operator.startswith("date") else float(value)


def _why_empty(attribute: str, asked: _Asked) -> str | None:
    if asked.allowed is not None and not asked.allowed - asked.refused:
        return f"no value of {attribute} is in all the lists"
    for low, low_included in asked.lower:
        for high, high_included in asked.upper:
            if type(low) is not type(high):
                continue
            if high < low or (not low < high and not (low_included and high_included)):
                return f"nothing of {attribute} is both above {_text(low)} and below {_text(high)}"
    return None


def _text(value: Any) -> str:
    return value.text if isinstance(value, Version) else f"{value:g}" if isinstance(value, float) else str(value)
