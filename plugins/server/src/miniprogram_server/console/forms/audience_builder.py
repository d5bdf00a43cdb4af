"""The audience builder: a tree of one level as rows of a form, and back. Deeper trees are edited as JSON."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from miniprogram.delivery.evaluation.conditions.operators import OPERATORS
from miniprogram.errors import MiniProgramError
from miniprogram.json_values import parse_given_json
from miniprogram.refusals import Unacceptable
from miniprogram_server.console.forms.form import Form

OPERATOR_NAMES = ("in", *sorted(name for name in OPERATORS if name != "in"), "segment")


@dataclass(frozen=True, slots=True)
class Row:
    """A condition. `id` tells its fields from those of other rows."""

    attribute: str = ""
    operator: str = "in"
    values: tuple[str, ...] = ()
    inverted: bool = False
    ignore_case: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(frozen=True, slots=True)
class Builder:
    """What the form shows: rows under `all` or `any`, or the JSON of a tree they cannot show."""

    rows: tuple[Row, ...] = ()
    mode: str = "all"
    text: str | None = None

    @property
    def is_simple(self) -> bool:
        return self.text is None


def builder_of(tree: Mapping[str, Any] | None) -> Builder:
    """The builder that shows `tree`."""
    if tree is None:
        return Builder()
    if "attribute" in tree:
        return Builder((_row(tree),))
    mode = next((name for name in ("all", "any") if name in tree), None)
    nodes = tree[mode] if mode else ()
    if mode is None or not all("attribute" in node for node in nodes):
        return Builder(text=json.dumps(tree, indent=2, ensure_ascii=False))
    return Builder(tuple(_row(node) for node in nodes), mode)


def builder_in(form: Form | None) -> Builder:
    """The builder as it was sent, blank when nothing was; what is no tree stays as text."""
    try:
        return Builder() if form is None else builder_of(tree_in(form))
    except MiniProgramError:
        return Builder(text=form.one("tree") if form is not None else "")


def tree_in(form: Form) -> dict[str, Any] | None:
    """The tree a submitted builder stands for; None for everybody. Raises Unacceptable for JSON that is none."""
    if form.has("tree"):
        return _parsed(form.one("tree"))
    columns = [form.many(name) for name in ("attribute", "operator", "values", "inverted", "case")]
    leaves = [leaf for cells in zip(*columns, strict=False) if (leaf := _leaf(*cells)) is not None]
    mode = "any" if form.one("mode") == "any" else "all"
    return {mode: leaves} if leaves else None


def _parsed(text: str) -> dict[str, Any] | None:
    if not text:
        return None
    tree = parse_given_json(text, what="the condition tree")
    if not isinstance(tree, dict):
        raise Unacceptable("the condition tree must be a JSON object")
    return tree


def _leaf(attribute: str, operator: str, values: str, inverted: str, case: str) -> dict[str, Any] | None:
    if not attribute.strip() and not values.strip():
        return None
    texts = [text for line in values.splitlines() if (text := line.strip())]
    leaf: dict[str, Any] = {"attribute": attribute.strip(), "operator": operator, "values": texts}
    if inverted:
        leaf["inverted"] = True
    if case:
        leaf["caseInsensitive"] = True
    return leaf


def _row(leaf: Mapping[str, Any]) -> Row:
    return Row(
        attribute=str(leaf["attribute"]),
        operator=str(leaf.get("operator", "in")),
        values=tuple(str(each) for each in leaf.get("values", ())),
        inverted=bool(leaf.get("inverted")),
        ignore_case=bool(leaf.get("caseInsensitive")),
    )
