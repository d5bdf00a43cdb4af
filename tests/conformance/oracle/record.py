"""Record what real Flutter does with the layout cases: `python record.py [FILE.json …] [--chromium PATH] [--new]`.

Each case of the files (all of ../layout/ when none is named) is laid out by Flutter, and `expected` is written
back beside its tree. `--new` leaves alone what is recorded already. Cases whose `platforms` do not name
`flutter` are never touched.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flutter_client import FLUTTER, FlutterClient, open_flutter

LAYOUT = Path(__file__).parents[1] / "layout"


def colors(node: dict[str, Any], path: str = "$") -> Iterator[tuple[str, str]]:
    """JSON path and color of every node that paints one."""
    if "color" in node:
        yield path, node["color"]
    for slot, value in node.items():
        if isinstance(value, dict):
            yield from colors(value, f"{path}.{slot}")
        elif isinstance(value, list):
            for at, each in enumerate(value):
                if isinstance(each, dict):
                    yield from colors(each, f"{path}.{slot}[{at}]")


def record(case: dict[str, Any], size: list[int], flutter: FlutterClient) -> dict[str, Any]:
    expected = flutter.lay_out(case["tree"], case.get("size", size), case.get("textDirection", "ltr"))
    if case.get("painted"):
        expected["visible"] = flutter.visible(dict(colors(case["tree"])))
    return expected


def write(document: dict[str, Any], path: Path) -> None:
    """JSON with one case a line: short, and a difference can be read."""
    head = {key: value for key, value in document.items() if key != "cases"}
    lines = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}"
        for name, case in document["cases"].items()
    )
    path.write_text(json.dumps(head)[:-1] + ', "cases": {\n' + lines + "\n}}\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    parser.add_argument("--new", action="store_true")
    options = parser.parse_args()
    failed = 0
    with open_flutter(options.chromium) as flutter:
        for path in options.files or sorted(LAYOUT.glob("*.json")):
            document = json.loads(path.read_text("utf-8"))
            if "flutter" not in document.get("platforms", ["flutter"]):
                continue
            document["flutter"] = FLUTTER
            for name, case in document["cases"].items():
                if "flutter" not in case.get("platforms", ["flutter"]) or (options.new and "expected" in case):
                    continue
                try:
                    case["expected"] = record(case, document["size"], flutter)
                except Exception as error:  # noqa: BLE001 -- one bad case must not take the others with it
                    failed += 1
                    print(f"{path.name} {name}: {str(error).splitlines()[0]}", file=sys.stderr)
            write(document, path)
            print(f"{path.name}: {len(document['cases'])} cases")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
