"""The map of the store as the reference shows it: `docs/reference/layouts.md` between its markers.

Written by `python -m miniprogram.catalogue.reference docs/reference`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from miniprogram.delivery.documents.kinds import BY_EXTENSION, KINDS, DocumentKind

PAGE = "layouts.md"
START, END = "<!-- map -->\n", "<!-- end -->"

_PLACEHOLDERS = {"artifacts": "artifacts", "metadata": "metadata", "path": "…"}
_CACHES = {"immutable": "a year, immutable", "pointer": "not stored", "unsaid": "–"}


def render(page: str) -> str:
    """`page` with the map between its markers."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    table = "".join(f"{line}\n" for line in _lines())
    return f"{before}{START}{table}{END}{after}"


def _lines() -> Iterator[str]:
    yield "| key | what | content type | cache control | may be read by | when the program is deleted |"
    yield "|---|---|---|---|---|---|"
    for kind in KINDS:
        if kind.cloud:
            yield f"| {' | '.join(_cells(kind))} |"


def _cells(kind: DocumentKind) -> Iterator[str]:
    yield f"`{_shown(kind.cloud)}`"
    yield kind.name
    stored = "by extension" if kind.content_type is BY_EXTENSION else f"`{kind.content_type}`"
    yield stored if kind.content_type else "–"
    yield _CACHES[kind.cache]
    yield "its owner" if kind.is_private else "whoever reads the store"
    of_program = "stays" if kind.survives_deletion else "goes"
    yield "–" if kind.scope == "environment" else of_program


def _shown(template: str) -> str:
    """The template with `<id>` and `<v>` as the page calls them."""
    first, *rest = template.split("{")
    parts = (part.partition("}") for part in rest)
    shown = ((field.partition(":")[0], text) for field, _, text in parts)
    names = {"program": "<id>", "version": "<v>"}
    return first + "".join(_PLACEHOLDERS.get(name, names.get(name, f"<{name}>")) + text for name, text in shown)


if __name__ == "__main__":
    for folder in map(Path, sys.argv[1:]):
        path = folder / PAGE
        path.write_text(render(path.read_text("utf-8")), "utf-8")
