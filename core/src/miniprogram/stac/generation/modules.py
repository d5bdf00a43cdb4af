"""Which constructors there are, in which generated module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from miniprogram.stac.catalog import Catalog, NodeType, Property, ValueType
from miniprogram.stac.generation import sources
from miniprogram.stac.generation.annotations import BY_HAND
from miniprogram.stac.generation.constructors import Constructor
from miniprogram.stac.generation.naming import pascal, snake

_OBVIOUS = (
    *("data", "icon", "src", "label", "children", "slivers", "child", "condition", "content", "actions", "url"),
    *("values", "milliseconds", "id", "text", "widget", "items", "tabs", "options", "request"),
)
"""Properties that may be given without their name: the first of these that a node has."""
_EXCEPTIONS = {
    "badge": "child",
    "floatingActionButton": "child",
    "setValue": "values",
    "tab": "text",
} | dict.fromkeys(
    ("alertDialog", "appBar", "dropdownMenu", "navigationBar", "navigate", "scaffold", "sliverAppBar"), ""
)
"""Nodes where another property is the obvious one, or none."""
_NO_CONSTRUCTOR = frozenset(
    {"action", "any", "bool", "color", "curve", "double", "icon", "int", "map", "number", "string", "widget"}
    | {"widgetTemplate"}
)
_CLASSES_BY_HAND = ("AlignmentPoint", "BorderRadius", "EdgeInsets", "ShapeBorder", "TextStyle")

_Names: TypeAlias = dict[str, tuple[str, ...]]
_Part = TypeVar("_Part", NodeType, ValueType)

_UI_BY_HAND: _Names = {
    "widgets.platform": ("auth_builder", "backend_builder"),
    "widgets.raw": ("raw", "with_item_template"),
}
_ACTIONS_BY_HAND: _Names = {
    "actions.platform": (
        "backend_call",
        "backend_query",
        "call_secure_api",
        "open_native_screen",
        "open_screen",
        "pop_screen",
        "pop_to_root",
        "pop_to_screen",
        "refresh_session",
        "replace_screen",
        "reset_stack",
        "restore_session",
        "show_email_auth",
        "sign_out",
        "track_event",
    ),
    "actions.raw": ("raw",),
}
_VALUES_BY_HAND: _Names = {
    "values.spellings": (
        "alignment_point",
        "beveled_rectangle_border",
        "binding",
        "border_radius",
        "circle_border",
        "continuous_rectangle_border",
        "edge_insets",
        "rounded_rectangle_border",
        "symmetric_insets",
        "text_style",
        "theme_text_style",
    ),
}


def render_modules(catalog: Catalog, summaries: Mapping[str, str]) -> dict[str, str]:
    """Every generated file, by its path below the `stac` package. `summaries` has a sentence for each node."""
    widgets = _by_category("widgets", _own(map(catalog.widget, catalog.widget_names)))
    actions = {"actions.stac": _own(map(catalog.action, catalog.action_names))}
    values = _by_category("values", _with_constructor(catalog))
    classes = [pascal(value.name) for group in values.values() for value in group]
    files = {_file(module): _widget_module(nodes, summaries) for module, nodes in widgets.items()}
    files |= {_file(module): _action_module(nodes, summaries) for module, nodes in actions.items()}
    files |= {_file(module): _value_module(group) for module, group in values.items()}
    files["nodes/enums.py"] = sources.enum_module(catalog.enums)
    files["nodes/kinds.py"] = sources.kind_module([*classes, *_CLASSES_BY_HAND])
    files["ui.py"] = sources.index_module("The widgets", _names(widgets) | _UI_BY_HAND)
    files["actions.py"] = sources.index_module("The actions", _names(actions) | _ACTIONS_BY_HAND)
    files["values.py"] = sources.index_module("Property values with parts", _names(values) | _VALUES_BY_HAND)
    return files


def _file(module: str) -> str:
    return f"nodes/{module.replace('.', '/')}.py"


def _own(nodes: Iterable[NodeType | None]) -> list[NodeType]:
    """Without those that the platform adds: their constructors are written by hand."""
    return [node for node in nodes if node is not None and not node.is_extension]


def _with_constructor(catalog: Catalog) -> list[ValueType]:
    names = (name for name in catalog.value_names if name not in BY_HAND | _NO_CONSTRUCTOR and "<" not in name)
    return [value for name in names if (value := catalog.value(name)) is not None]


def _by_category(folder: str, parts: Iterable[_Part]) -> dict[str, list[_Part]]:
    modules: dict[str, list[_Part]] = {}
    for part in parts:
        modules.setdefault(f"{folder}.{part.category}", []).append(part)
    return modules


def _names(modules: Mapping[str, Sequence[NodeType | ValueType]]) -> _Names:
    return {module: tuple(snake(part.name) for part in parts) for module, parts in modules.items()}


def _widget_module(nodes: Sequence[NodeType], summaries: Mapping[str, str]) -> str:
    constructors = [_node_constructor(node, "Widget", summaries[node.name]) for node in nodes]
    title = f"Constructors of the {_words(nodes[0].category)} widgets."
    return sources.constructor_module(title, "from miniprogram.stac.node import Widget", constructors)


def _action_module(nodes: Sequence[NodeType], summaries: Mapping[str, str]) -> str:
    classes = {"networkRequest": "NetworkRequest"}
    constructors = []
    for node in nodes:
        made = classes.get(node.name, "Action")
        constructors.append(_node_constructor(node, made, summaries[f"action:{node.name}"]))
    runtime = "from miniprogram.stac.node import Action, NetworkRequest"
    return sources.constructor_module("Constructors of the actions Stac has itself.", runtime, constructors)


def _node_constructor(node: NodeType, returns: str, summary: str) -> Constructor:
    fields = [field for field in node.properties.values() if field.is_current or field.versions == node.versions]
    key = "type" if node.kind == "widget" else "actionType"
    return Constructor(node.name, returns, summary, node.notes, fields, _positional(node, fields), key)


def _positional(node: NodeType, fields: Sequence[Property]) -> tuple[str, ...]:
    names = [field.name for field in fields]
    obvious = _OBVIOUS if node.name not in _EXCEPTIONS else (_EXCEPTIONS[node.name],)
    return tuple(name for name in obvious if name in names)[:1]


def _value_module(values: Sequence[ValueType]) -> str:
    title = f"Constructors of the {_words(values[0].category)} values."
    constructors = [_value_constructor(value) for value in values]
    return sources.constructor_module(title, "from miniprogram.stac.nodes import kinds", constructors)


def _value_constructor(value: ValueType) -> Constructor:
    fields = [field for field in value.fields.values() if field.is_current]
    needed = tuple(field.name for field in fields if field.required)
    positional = needed if len(needed) == len(fields) <= 2 else ()
    made = f"kinds.{pascal(value.name)}"
    return Constructor(value.name, made, f"A `{value.name}`.", value.notes, fields, positional)


def _words(category: str) -> str:
    return category.replace("_", " ")
