"""The JSON Schema of screens and themes, made from the node catalogue, for editors.

It says what the checker says about single nodes. What holds between nodes (links, forms, room, bindings) only the
checker knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from miniprogram.stac.catalog import Catalog, NodeType, Property, ValueType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_KEY = "$schema"
_OPEN = {"$ref": "#/$defs/open"}
_COMMENTS = {"^(_|//)": True}
_SCALARS: dict[str, dict[str, Any] | bool] = {
    "string": {"type": ["string", "null"]},
    "color": {"type": ["string", "null"]},
    "icon": {"type": ["string", "null"]},
    "number": {"type": ["number", "string", "null"]},
    "double": {"anyOf": [{"type": "number"}, _OPEN]},
    "int": {"anyOf": [{"type": "number"}, _OPEN]},
    "bool": {"anyOf": [{"type": "boolean"}, _OPEN]},
    "map": {"anyOf": [{"type": "object"}, _OPEN]},
    "any": True,
}
_NODES = {"widget": "widget", "widgetTemplate": "widget", "action": "action"}
_KINDS = {"string": "string", "number": "number", "boolean": "boolean", "array": "array"}


def screen_schema(catalog: Catalog, summaries: Mapping[str, str]) -> dict[str, Any]:
    """The schema of a screen. `summaries` has a sentence for each node."""
    return {
        SCHEMA_KEY: DIALECT,
        "title": "Stac screen of a mini-program",
        "$ref": "#/$defs/widget",
        "$defs": dict(_definitions(catalog, summaries)),
    }


def _definitions(catalog: Catalog, summaries: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "open", {"anyOf": [{"type": "null"}, {"type": "string", "pattern": r"\{\{"}]}
    yield "widget", _dispatch("widget", "type", catalog.widget_names)
    yield "action", _dispatch("action", "actionType", catalog.action_names)
    for kind, names in (("widget", catalog.widget_names), ("action", catalog.action_names)):
        for name in names:
            node = catalog.widget(name) if kind == "widget" else catalog.action(name)
            if node is not None:
                yield f"{kind}.{name}", _node(node, summaries.get(name))
    for name in catalog.value_names:
        value = catalog.value(name)
        if value is not None and name not in _SCALARS and name not in _NODES and "<" not in name:
            yield f"value.{name}", _value(value, catalog)
    for name, words in sorted(catalog.enums.items()):
        yield f"enum.{name}", {"enum": list(words)}


def _dispatch(kind: str, key: str, names: tuple[str, ...]) -> dict[str, Any]:
    """An object whose schema depends on its type. A type of the host's own is let through."""
    cases = [
        {
            "if": {"properties": {key: {"const": name}}, "required": [key]},
            "then": {"$ref": f"#/$defs/{kind}.{name}"},
        }
        for name in names
    ]
    types = {"anyOf": [{"enum": list(names)}, {"type": "string"}]}
    return {"type": "object", "properties": {key: types}, "allOf": cases}


def _node(node: NodeType, summary: str | None) -> dict[str, Any]:
    key = "type" if node.kind == "widget" else "actionType"
    described = {"description": " ".join(_sentences(summary, node.notes))} if summary or node.notes else {}
    free = {key: True, SCHEMA_KEY: True} | ({"itemTemplate": True} if key == "type" else {})
    return {**described, **_object(node.properties, free, all_needed=True)}


def _object(fields: Mapping[str, Property], free: dict[str, Any], *, all_needed: bool) -> dict[str, Any]:
    properties = {name: _property(field) for name, field in fields.items()}
    needed = [name for name, field in fields.items() if field.is_needed] if all_needed else []
    return {
        "properties": free | properties,
        **({"required": needed} if needed else {}),
        "patternProperties": _COMMENTS,
        "additionalProperties": False,
    }


def _property(field: Property) -> dict[str, Any]:
    schema = _typed(field)
    described = {"description": field.note} if field.note else {}
    default = {"default": field.default} if field.default is not None else {}
    return {**(schema if isinstance(schema, dict) else {}), **described, **default}


def _typed(field: Property) -> dict[str, Any] | bool:
    if field.enum is not None:
        names = [name for name in (field.enum, field.current_enum) if name]
        return {"anyOf": [*({"$ref": f"#/$defs/enum.{name}"} for name in names), _OPEN]}
    if field.current_enum is not None:
        return _type("alignmentGeometryAny")
    if (field.type, field.current_type) == ("int", "duration"):
        return {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/value.duration"}, _OPEN]}
    return _type(field.current_type or field.type)


def _type(name: str) -> dict[str, Any] | bool:
    if name.startswith("list<"):
        return {"anyOf": [{"type": "array", "items": _type(name[5:-1])}, _OPEN]}
    if name.startswith("map<int,"):
        return {"type": ["object", "null"], "patternProperties": {"^[0-9]+$": _type(name[8:-1])}}
    if name in _SCALARS:
        return _SCALARS[name]
    target = f"#/$defs/{_NODES[name]}" if name in _NODES else f"#/$defs/value.{name}"
    return {"anyOf": [{"$ref": target}, _OPEN]}


def _value(value: ValueType, catalog: Catalog) -> dict[str, Any]:
    """Every way of writing it. A word that is not listed may stand for something of the theme."""
    objects = [form for form in value.forms if form.json == "object"]
    ways: list[dict[str, Any]] = [{"type": _KINDS[form.json]} for form in value.forms if form.json in _KINDS]
    if value.name in catalog.enums:
        ways = [{"$ref": f"#/$defs/enum.{value.name}"}]
    if objects:
        is_open = not value.fields
        shape = _object(value.fields, {"type": True}, all_needed=len(objects) == 1)
        ways.append({"type": "object"} if is_open else {"type": "object", **shape})
    return {"anyOf": ways} if ways else {}


def _sentences(summary: str | None, notes: tuple[str, ...]) -> Iterator[str]:
    for text in (summary, *notes):
        if text:
            yield text if text.endswith((".", "!", "?")) else f"{text[:1].upper()}{text[1:]}."
