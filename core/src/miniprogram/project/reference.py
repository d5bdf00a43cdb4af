"""The keys of a manifest as the reference shows them: `docs/reference/manifest.md`, made from its schema.

Written by `python -m miniprogram.project.reference docs/reference`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from miniprogram.project.schemas import schema_of

PAGE = "manifest.md"
_HEAD = """# The manifest

`manifest.json` lies at the root of a mini-program and is published byte for byte. Keys that nothing reads are a
warning of the build, unless they start with `_` or `//`. Its schema is what `miniprogram schema manifest`
prints.

| key | what it says | example |
|---|---|---|
"""


def render() -> str:
    """The page."""
    schema = schema_of("manifest")
    rows = list(_rows(schema["properties"], schema["required"]))
    whole = {key: part["examples"][0] for key, part in schema["properties"].items() if "examples" in part}
    sample = json.dumps(whole, indent=2, ensure_ascii=False)
    return f"{_HEAD}{''.join(rows)}\n## All keys\n\n```json\n{sample}\n```\n"


def _rows(properties: dict[str, Any], required: list[str], path: str = "") -> Iterator[str]:
    for key, part in properties.items():
        name = f"**`{path}{key}`**" if key in required else f"`{path}{key}`"
        examples = ", ".join(f"`{json.dumps(one, ensure_ascii=False)}`" for one in part.get("examples", ()))
        words = _words(part)
        told = f"{part.get('description', '')}{f' One of {words}.' if words else ''}"
        yield f"| {name} | {told} | {examples} |\n"
        yield from _rows(part.get("properties", {}), part.get("required", []), f"{path}{key}.")


def _words(part: dict[str, Any]) -> str:
    words = part.get("enum") or (part.get("items") or {}).get("enum") or ()
    return ", ".join(f"`{word}`" for word in words if word)


if __name__ == "__main__":
    (Path(sys.argv[1]) / PAGE).write_text(render(), encoding="utf-8", newline="\n")
