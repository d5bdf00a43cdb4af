"""Write the constructor modules again after the catalogue changed: `python -m miniprogram.stac.generate`."""

from __future__ import annotations

import json
from pathlib import Path

from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.generation.modules import render_modules

PACKAGE = Path(__file__).parent


def render() -> dict[str, str]:
    """Every generated file, path below this package → text. The same catalogue gives the same text."""
    summaries = json.loads((PACKAGE / "data" / "summaries.json").read_text(encoding="utf-8"))
    return render_modules(load_catalog(), summaries)


def write() -> None:
    """Write the generated files into this package."""
    for name, text in render().items():
        (PACKAGE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
