"""Which constructors there are, in which generated module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from miniprogram.stac.catalog import Catalog, NodeType, Property
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

_UI_BY_HAND: _Names = {
    "platform_widgets": ("auth_builder", "backend_builder"),
    "raw": ("raw_widget as raw", "with_item_template"),
}
_ACTIONS_BY_HAND: _Names = {
    "platform_actions": (
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
    "raw": ("raw_action as raw",),
}
_VALUES_BY_HAND: _Names = {
    "spellings": (
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
    widgets = _by_category([node for name in catalog.widget_names if (node := catalog.widget(name))])
    actions = [node for name in catalog.action_names if (node := catalog.action(name)) and not node.is_extension]
    values = [name for name in catalog.value_names if _has_constructor(name)]
    classes = [*map(pascal, values), *_CLASSES_BY_HAND]
    files = {f"nodes/{module}.py": _widget_module(nodes, summaries) for module, nodes in widgets.items()}
    files["nodes/enums.py"] = sources.enum_module(catalog.enums)
    files["nodes/kinds.py"] = sources.kind_module(classes)
    files["nodes/plain_actions.py"] = _action_module(actions, summaries)
    files["nodes/plain_values.py"] = _value_module(catalog, values)
    files["ui.py"] = sources.index_module("The widgets", _node_names(widgets) | _UI_BY_HAND)
    files["actions.py"] = sources.index_module(
        "The actions", _node_names({"plain_actions": actions}) | _ACTIONS_BY_HAND
    )
    value_names: _Names = {"plain_values": tuple(map(snake, values))}
    files["values.py"] = sources.index_module("Property values with parts", value_names | _VALUES_BY_HAND)
    return files


def _has_constructor(name: str) -> bool:
    return name not in BY_HAND | _NO_CONSTRUCTOR and "<" not in name


def _by_category(nodes: Sequence[NodeType]) -> dict[str, list[NodeType]]:
    modules: dict[str, list[NodeType]] = {}
    for node in nodes:
        if not node.is_extension:
            modules.setdefault(f"{node.category}_widgets", []).append(node)
    return modules


def _node_names(modules: Mapping[str, Sequence[NodeType]]) -> _Names:
    return {module: tuple(snake(node.name) for node in nodes) for module, nodes in modules.items()}


def _widget_module(nodes: Sequence[NodeType], summaries: Mapping[str, str]) -> str:
    constructors = [_node_constructor(node, "Widget", summaries[node.name]) for node in nodes]
    title = f"Constructors of the {nodes[0].category} widgets."
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


def _value_module(catalog: Catalog, names: Sequence[str]) -> str:
    constructors = [_value_constructor(catalog, name) for name in names]
    title = "Constructors of the property values that have parts."
    return sources.constructor_module(title, "from miniprogram.stac.nodes import kinds", constructors)


def _value_constructor(catalog: Catalog, name: str) -> Constructor:
    value = catalog.value(name)
    if value is None:
        raise KeyError(name)
    fields = [field for field in value.fields.values() if field.is_current]
    needed = tuple(field.name for field in fields if field.required)
    positional = needed if len(needed) == len(fields) <= 2 else ()
    return Constructor(name, f"kinds.{pascal(name)}", f"A `{name}`.", value.notes, fields, positional)
