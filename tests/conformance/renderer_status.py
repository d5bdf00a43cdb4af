"""Writes `renderer-status.md`, widgets against cases.

Usage: python -m conformance.renderer_status FOLDER
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.agreement import LAYOUT, families, known_differences
from miniprogram.stac.catalog import load_catalog

HEAD = """\
# Renderer status

What the browser runtime lays out, and what it is held to. A *case* is a tree with the position and size of every
box in it: *recorded* ones were taken from Flutter's own render tree, *worked out* ones from Flutter's published
algorithms, where the recording client does not hold the widget. See
[how layout works in the browser](../explanation/browser-layout.md).

This page is made from the catalogue and the cases in `tests/conformance`.
"""


def types_in(node: Any) -> Iterator[str]:
    """Every type of a tree, as often as it stands there."""
    if isinstance(node, list):
        for each in node:
            yield from types_in(each)
    elif isinstance(node, dict):
        if isinstance(node.get("type"), str):
            yield node["type"]
        for value in node.values():
            yield from types_in(value)


def counts() -> tuple[Counter[str], Counter[str], dict[str, tuple[int, str]]]:
    """Cases per type: recorded, worked out; and per file: how many, and where the answers are from."""
    recorded, worked_out, files = Counter[str](), Counter[str](), dict[str, tuple[int, str]]()
    for family in families():
        document = json.loads((LAYOUT / f"{family}.json").read_text("utf-8"))
        from_flutter = "flutter" in document["platforms"]
        files[family] = (
            len(document["cases"]),
            f"Flutter {document['flutter']}" if from_flutter else "worked out",
        )
        for case in document["cases"].values():
            (recorded if from_flutter else worked_out).update(set(types_in(case["tree"])))
    return recorded, worked_out, files


def page() -> str:
    recorded, worked_out, files = counts()
    lines = [HEAD, "## Widgets", "", "| widget | recorded | worked out |", "|---|---|---|"]
    held = [name for name in sorted(load_catalog().widget_names) if recorded[name] or worked_out[name]]
    lines += [f"| `{name}` | {recorded[name] or ''} | {worked_out[name] or ''} |" for name in held]
    others = [f"`{name}`" for name in sorted(load_catalog().widget_names) if name not in held]
    share = f"{len(held)} of {len(load_catalog().widget_names)}"
    lines += ["", f"{share}. Without a rule of their own: {', '.join(others)}.", ""]
    lines += ["## Cases", "", "| file | cases | answers from |", "|---|---|---|"]
    lines += [f"| `{name}` | {number} | {source} |" for name, (number, source) in files.items()]
    lines += ["", "## Known differences", "", "| case | why |", "|---|---|"]
    lines += [f"| `{case}` | {why} |" for found in known_differences().values() for case, why in found.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    (Path(sys.argv[1]) / "renderer-status.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
