"""Writes `runtime/catalogue.js` out of the catalogue: `python catalogue_types.py`. Types only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[2] / "core" / "src" / "miniprogram" / "stac" / "data" / "catalog.json"
TYPES = HERE.parent / "src" / "miniprogram_web" / "runtime" / "catalogue.js"
HEAD = """\
/**
 * Widgets and actions of the catalogue as types, made by tools/catalogue_types.py: nothing here runs. Values are
 * `any`, because nobody has checked what a document says; what the types hold is which properties there are.
 *
"""


def module(catalogue: dict[str, Any]) -> str:
    widgets, actions = catalogue["widgets"], catalogue["actions"]
    parts = [_typedef(_name(name, "Node"), spec, "type") for name, spec in widgets.items()]
    parts += [_typedef(_name(name, "Action"), spec, "actionType") for name, spec in actions.items()]
    parts += [_table("Nodes", widgets, "Node"), _table("Actions", actions, "Action")]
    return HEAD + " *\n".join(parts) + " */\nexport {};\n"


def _name(name: str, suffix: str) -> str:
    return name[0].upper() + name[1:] + suffix


def _typedef(name: str, spec: dict[str, Any], discriminator: str) -> str:
    lines = [f" * @typedef {{object}} {name}", f" * @property {{string}} {discriminator}"]
    lines += [f" * @property {{any}} [{key}]  {value['type']}" for key, value in spec["properties"].items()]
    return "\n".join(lines) + "\n"


def _table(name: str, entries: dict[str, Any], suffix: str) -> str:
    lines = [f" * @typedef {{object}} {name}  by type"]
    lines += [f" * @property {{{_name(each, suffix)}}} {each}" for each in entries]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TYPES.write_text(module(json.loads(CATALOGUE.read_text("utf-8"))), "utf-8")
