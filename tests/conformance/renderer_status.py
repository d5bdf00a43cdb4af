"""Writes `renderer-status.md`, widgets against cases.

Usage: python -m conformance.renderer_status FOLDER
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.agreement import LAYOUT, families, known_differences
from conformance.viewer import HERE, stored_screens
from miniprogram.stac.catalog import load_catalog
from miniprogram_web.node import RUNTIME, find_node

HEAD = """\
# Renderer status

What the browser runtime draws and does, and what it is held to. A *case* is a tree with the position and size of
every box in it: *recorded* ones were taken from Flutter's own render tree, *worked out* ones from Flutter's
published algorithms, where the recording client does not hold the widget. *Pictures* were taken of Flutter's
controls and are compared with the runtime's, block by block. See
[how layout works in the browser](../explanation/browser-layout.md).

*Screens* are the stored ones that have the widget: public galleries, examples, and one for each family. Every
one of them is drawn in a real browser without a placeholder, a console error or a barrier of WCAG 2 A and AA.

This page is made from the catalogue, the runtime and the cases in `tests/conformance`.
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


def pictures() -> Counter[str]:
    """Compared pictures per type."""
    cases = json.loads((HERE / "material" / "pictures.json").read_text("utf-8"))["cases"]
    return Counter(name for case in cases.values() for name in set(types_in(case["tree"])))


def known() -> tuple[set[str], set[str]]:
    """The types of widgets and actions that the runtime knows."""
    node = find_node()
    if node is None:
        raise SystemExit("Node.js is needed to ask the runtime what it knows")
    command = [str(node), str(Path(__file__).with_name("known_types.mjs")), RUNTIME.as_uri()]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return set(found["widgets"]), set(found["actions"])


def page() -> str:
    recorded, worked_out, files = counts()
    catalog = load_catalog()
    widgets, actions = known()
    pictured = pictures()
    screens = Counter(name for screen in stored_screens().values() for name in set(types_in(screen)))
    lines = [
        HEAD,
        "## Widgets",
        "",
        "| widget | drawn | screens | recorded | worked out | pictures |",
        "|---|---|---|---|---|---|",
    ]
    names = sorted(catalog.widget_names)
    lines += [
        f"| `{name}` | {'yes' if name in widgets else 'placeholder'} | {screens[name] or ''} "
        f"| {recorded[name] or ''} | {worked_out[name] or ''} | {pictured[name] or ''} |"
        for name in names
    ]
    lines += ["", f"{sum(name in widgets for name in names)} of {len(names)} are drawn.", ""]
    done = [f"`{name}`" for name in sorted(catalog.action_names) if name in actions]
    left = [f"`{name}`" for name in sorted(catalog.action_names) if name not in actions]
    lines += ["## Actions", "", f"Done: {', '.join(done)}.", "", f"Not done: {', '.join(left) or 'none'}.", ""]
    lines += ["## Cases", "", "| file | cases | answers from |", "|---|---|---|"]
    lines += [f"| `{name}` | {number} | {source} |" for name, (number, source) in files.items()]
    lines += ["", "## Known differences", "", "| case | why |", "|---|---|"]
    lines += [f"| `{case}` | {why} |" for found in known_differences().values() for case, why in found.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    (Path(sys.argv[1]) / "renderer-status.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
