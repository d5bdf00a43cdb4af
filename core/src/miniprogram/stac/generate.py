"""Write the constructor modules again after the catalogue changed: `python -m miniprogram.stac.generate`."""

from __future__ import annotations

import json
from pathlib import Path

from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.generation.modules import render_modules
from miniprogram.stac.generation.sources import MARK

PACKAGE = Path(__file__).parent


def render() -> dict[str, str]:
    """Every generated file, path below this package → text. The same catalogue gives the same text."""
    return render_modules(load_catalog(), node_summaries())


def node_summaries() -> dict[str, str]:
    """A sentence for each widget and action."""
    summaries: dict[str, str] = json.loads((PACKAGE / "data" / "summaries.json").read_text(encoding="utf-8"))
    return summaries


def generated_files() -> set[str]:
    """The files of this package that say that they are generated, as paths below it."""
    files = (path for path in PACKAGE.rglob("*.py") if path.read_text(encoding="utf-8").startswith(MARK))
    return {path.relative_to(PACKAGE).as_posix() for path in files}


def write() -> None:
    """Write the generated files into this package, and remove those of categories that are no more."""
    files = render()
    for name in generated_files() - files.keys():
        (PACKAGE / name).unlink()
    for name, text in files.items():
        (PACKAGE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
