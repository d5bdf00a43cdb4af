"""The reference of every widget, action and binding, with an example each: `docs/reference/stac-nodes.md`.

Written by `python -m miniprogram.stac.reference docs/reference`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from miniprogram.stac import actions, ui, values
from miniprogram.stac.catalog import Catalog, NodeType, Property, load_catalog
from miniprogram.stac.examples import example_of
from miniprogram.stac.generate import node_summaries
from miniprogram.stac.generation.naming import snake
from miniprogram.stac.serialize import to_stac

PAGE = "stac-nodes.md"
_HEAD = """# Widgets, actions and bindings

Every node that screens can be made of, with the shortest example that does something, in Python and as JSON.
YAML has the names of JSON. Properties that only other versions of Stac read are left out; a **bold** one is
needed. Editors show the same from the constructors in Python, and from [the
schema](../howto/create-and-build.md#editors) in JSON and YAML.

What the build says about them is in [the checker's reference](stac-checker.md); values with parts, such as a
`textStyle`, are in the schema (`miniprogram schema screen`) and in `miniprogram.stac.values`.
"""
_BINDINGS = """## Bindings

A text may hold `{{path}}`, with `name`, `name[0]` and numbers between dots. Where a number or a flag is wanted,
Python takes `values.binding("item.width")`. Placeholders are filled in inside the builders that make them:

| binding | filled in inside | what it has |
|---|---|---|
"""


def render(catalog: Catalog, summaries: Mapping[str, str]) -> str:
    """The page."""
    return "\n".join([_HEAD, *_parts(catalog, summaries)])


def evaluate(source: str) -> dict[str, Any]:
    """The JSON that the source of an example makes."""
    return to_stac(eval(source, {"ui": ui, "actions": actions, "values": values}))  # noqa: S307 - our own sources


def _parts(catalog: Catalog, summaries: Mapping[str, str]) -> Iterator[str]:
    yield "## Widgets\n"
    for name in sorted(catalog.widget_names, key=str.casefold):
        if node := catalog.widget(name):
            yield from _node(node, summaries)
    yield "## Actions\n"
    for name in sorted(catalog.action_names, key=str.casefold):
        if node := catalog.action(name):
            yield from _node(node, summaries)
    yield _BINDINGS + "\n".join(_bindings(catalog)) + "\n"


def _node(node: NodeType, summaries: Mapping[str, str]) -> Iterator[str]:
    yield f"### {node.name}\n"
    if summary := summaries.get(node.name):
        yield f"{summary}\n"
    if not node.is_current:
        yield "Newer than Stac 1.4, or from a package of its own: hosts of today need not show it.\n"
    source = example_of(node)
    document = evaluate(source)
    text = json.dumps(document, ensure_ascii=False)
    yield f"```python\n{source}\n```\n"
    yield f"```json\n{text if len(text) <= 115 else json.dumps(document, indent=2, ensure_ascii=False)}\n```\n"
    rows = [_row(field) for field in node.properties.values() if field.is_current or not node.is_current]
    if rows:
        yield "\n".join(["| property | in Python | type | when left out |", "|---|---|---|---|", *rows]) + "\n"


def _row(field: Property) -> str:
    name = f"**`{field.name}`**" if field.is_needed else f"`{field.name}`"
    kind = field.current_enum or field.enum or field.current_type or field.type
    default = "" if field.default is None else f"`{json.dumps(field.default, ensure_ascii=False)}`"
    return f"| {name} | `{snake(field.name)}` | {kind.replace('<', ' of ').replace('>', '')} | {default} |"


def _bindings(catalog: Catalog) -> Iterator[str]:
    backend = ", ".join(f"`{name}`" for name in catalog.backend_binding_fields)
    user = ", ".join(f"`{name}`" for name in catalog.auth_binding_fields)
    yield from (
        f"| `{{{{{path}}}}}` | {inside} | {fields} |"
        for path, inside, fields in (
            ("backend.home.data.title", "`backend_builder`; `home` is its request id", backend),
            ("item.title", "the `item_template` of a `backend_builder`", "the entry of the list"),
            ("auth.user.email", "`backend_builder`, `auth_builder`", user),
            ("city", "everywhere", "a variable of `setValue`"),
        )
    )


if __name__ == "__main__":
    page = Path(sys.argv[1]) / PAGE
    page.write_text(render(load_catalog(), node_summaries()), encoding="utf-8", newline="\n")
