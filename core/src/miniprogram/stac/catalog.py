"""The Stac node catalogue: every widget, action, value type and enumeration, as typed, read-only data.

The file `data/catalog.json` is parsed on first use and kept; parts of it become objects when asked for.
Versions in it are `1.0.0-dev.4` (the old dialect), `1.4` (what hosts run today), `post-1.4` and `2.0-dev`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

OLD = "1.0.0-dev.4"
CURRENT = "1.4"
_BOTH = (OLD, CURRENT)

NodeKind = Literal["widget", "action"]


@dataclass(frozen=True, slots=True)
class Property:
    """One key of a node or of a value object."""

    name: str
    type: str
    """A name in `types`, `list<name>`, `map<int,name>`, or `enum`."""
    enum: str | None
    """Name of the enumeration when `type` is `enum`."""
    required: bool
    """Whether the node fails without it, in every version."""
    required_in: tuple[str, ...]
    """Versions that need it when `required` is false."""
    versions: tuple[str, ...]
    """Versions that read it."""
    default: Any
    """What absence means; None when that is not known."""
    note: str | None
    current_type: str | None
    """The type in 1.4 where it differs."""
    current_enum: str | None

    @property
    def is_current(self) -> bool:
        return CURRENT in self.versions

    @property
    def is_needed(self) -> bool:
        """Whether a host of today drops the node without it."""
        return self.required or CURRENT in self.required_in


@dataclass(frozen=True, slots=True)
class NodeType:
    """A widget or an action."""

    name: str
    kind: NodeKind
    category: str
    """`box`, `text`, `button`, …: the module of its constructor. Empty for actions."""
    properties: Mapping[str, Property]
    """By name, in the order generated files write them."""
    versions: tuple[str, ...]
    notes: tuple[str, ...]
    is_extension: bool
    """Whether the mini-program platform adds it to Stac."""

    @property
    def is_current(self) -> bool:
        """Whether hosts of today know it."""
        return CURRENT in self.versions


@dataclass(frozen=True, slots=True)
class ValueForm:
    """One way to write a value: the JSON kind and, for objects, its fields."""

    json: str
    fields: Mapping[str, Property]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueType:
    """A kind of property value: colour, edge insets, text style, …"""

    name: str
    category: str
    """`geometry`, `decoration`, …: the module of its constructor. Empty where it has none, or one by hand."""
    forms: tuple[ValueForm, ...]
    notes: tuple[str, ...]

    @property
    def fields(self) -> dict[str, Property]:
        """The fields of every object form, merged; the first form that names one wins."""
        merged: dict[str, Property] = {}
        for form in self.forms:
            for name, field in form.fields.items():
                merged.setdefault(name, field)
        return merged


class Catalog:
    """Reads parts of the catalogue. Unknown names give None."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._nodes: dict[tuple[NodeKind, str], NodeType] = {}
        self._values: dict[str, ValueType] = {}

    @cached_property
    def widget_names(self) -> tuple[str, ...]:
        return tuple(self._document["widgets"])

    @cached_property
    def action_names(self) -> tuple[str, ...]:
        return tuple(self._document["actions"])

    @cached_property
    def value_names(self) -> tuple[str, ...]:
        return tuple(self._document["types"])

    @cached_property
    def enums(self) -> Mapping[str, tuple[str, ...]]:
        return MappingProxyType({name: tuple(values) for name, values in self._document["enums"].items()})

    @cached_property
    def backend_binding_fields(self) -> tuple[str, ...]:
        """What may stand after `backend.<requestId>.` in a binding."""
        return tuple(self._document["bindings"]["roots"]["backend.<requestId>"])

    @cached_property
    def auth_binding_fields(self) -> tuple[str, ...]:
        """What may stand after `auth.` in a binding."""
        names = (name.partition(".")[0] for name in self._document["bindings"]["roots"]["auth"])
        return tuple(dict.fromkeys(names))

    @cached_property
    def newer_rules(self) -> tuple[str, ...]:
        """Names of validator rules that hosts of today do not know."""
        return tuple(self._document["types"]["formFieldValidator"]["rules"]["post-1.4"])

    def widget(self, name: str) -> NodeType | None:
        return self._node("widget", name)

    def action(self, name: str) -> NodeType | None:
        return self._node("action", name)

    def _node(self, kind: NodeKind, name: str) -> NodeType | None:
        found = self._nodes.get((kind, name))
        if found is None and (raw := self._document[f"{kind}s"].get(name)) is not None:
            found = self._nodes[kind, name] = _parse_node(kind, name, raw)
        return found

    def value(self, name: str) -> ValueType | None:
        found = self._values.get(name)
        if found is None and (raw := self._document["types"].get(name)) is not None:
            found = self._values[name] = _parse_value(name, raw)
        return found


@cache
def load_catalog() -> Catalog:
    """The catalogue that ships with this package, read once per process."""
    return Catalog(json.loads(_data_file("catalog.json")))


def icon_names(family: str) -> frozenset[str]:
    """Names the `icon` widget draws: `material` or `cupertino`. Empty for another family."""
    return _icons().get(family, frozenset())


@cache
def _icons() -> dict[str, frozenset[str]]:
    names: dict[str, str] = json.loads(_data_file("icons.json"))
    return {family: frozenset(text.split()) for family, text in names.items()}


def _data_file(name: str) -> bytes:
    return (Path(__file__).parent / "data" / name).read_bytes()


def _parse_node(kind: NodeKind, name: str, raw: Mapping[str, Any]) -> NodeType:
    versions = tuple(raw.get("in", _BOTH))
    return NodeType(
        name=name,
        kind=kind,
        category=raw.get("category", ""),
        properties=MappingProxyType(_parse_properties(raw["properties"], versions)),
        versions=versions,
        notes=tuple(raw.get("notes", ())),
        is_extension=raw.get("extension", False),
    )


def _parse_value(name: str, raw: Mapping[str, Any]) -> ValueType:
    forms = tuple(_parse_form(form) for form in raw["forms"])
    return ValueType(name, raw.get("category", ""), forms, tuple(raw.get("notes", ())))


def _parse_form(raw: Mapping[str, Any]) -> ValueForm:
    versions = tuple(raw.get("in", _BOTH))
    fields = _parse_properties(raw.get("fields", {}), _BOTH)
    return ValueForm(raw["json"], MappingProxyType(fields), versions)


def _parse_properties(raw: Mapping[str, Any], versions: tuple[str, ...]) -> dict[str, Property]:
    return {name: _parse_property(name, facts, versions) for name, facts in raw.items()}


def _parse_property(name: str, facts: Mapping[str, Any], versions: tuple[str, ...]) -> Property:
    current = facts.get("typeIn1.4", {})
    return Property(
        name=name,
        type=facts["type"],
        enum=facts.get("enum"),
        required=facts.get("required", False),
        required_in=tuple(facts.get("requiredIn", ())),
        versions=tuple(facts.get("in", versions)),
        default=facts.get("default"),
        note=facts.get("note"),
        current_type=current.get("type"),
        current_enum=current.get("enum"),
    )
