"""Write the generated parts of the page `releases.md`: transitions, verbs and rules, from their tables.

Run as `python -m miniprogram.releases.reference docs/reference`. A test makes the same text and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.state_machine.transitions import ANY_OVERLAY, PLAIN, TABLE, Row
from miniprogram.releases.verbs import VERBS, Verb
from miniprogram.rule_codes import RULES

PAGE = "releases.md"
END = "<!-- end -->"
_WHEN = {
    "_reviewed": " where reviewed",
    "_unreviewed": " where not reviewed",
    "_was_suspended": " after a suspension",
}


def render(page: str) -> str:
    """`page` with the text between each pair of marks made again."""
    for name, lines in SECTIONS.items():
        before, mark, rest = page.partition(f"<!-- {name} -->\n")
        page = "".join((before, mark, "\n".join(lines()), "\n", *rest.partition(END)[1:]))
    return page


def _transitions() -> Iterator[str]:
    yield "| command | from | to | who | guards |\n|---|---|---|---|---|"
    for row in TABLE:
        guards = ", ".join(f"`{guard.code}`" for guard in row.guards)
        who = ", ".join(sorted(row.roles))
        yield f"| `{row.verb}`{_when(row)} | {_sources(row)} | {row.target or 'stays'} | {who} | {guards} |"


def _when(row: Row) -> str:
    return _WHEN.get(row.when.__name__, "") if row.when else ""


def _sources(row: Row) -> str:
    order: list[State | None] = [None, *State]
    names = ", ".join(str(state or "–") for state in sorted(row.sources, key=order.index))
    if row.overlays == PLAIN or None in row.sources:
        return names
    overlays: list[Overlay | None] = sorted(row.overlays, key=lambda each: str(each or "plain"))
    said = "any" if row.overlays == ANY_OVERLAY else ", ".join(str(each or "plain") for each in overlays)
    return f"{names} ({said})"


def _verbs() -> Iterator[str]:
    yield "| verb | what it does | arguments | address |\n|---|---|---|---|"
    for verb in VERBS:
        arguments = ", ".join(_arguments(verb))
        yield f"| `{verb.name}` | {verb.summary} | {arguments} | `POST …/{verb.path}` |"


def _arguments(verb: Verb) -> Iterator[str]:
    schema = verb.arguments.model_json_schema(by_alias=True)
    for name in schema.get("properties", {}):
        yield f"`{name}`{' (required)' if name in schema.get('required', ()) else ''}"


def _rules() -> Iterator[str]:
    yield "| code | demands that |\n|---|---|"
    yield from (f"| `{code}` | {meaning} |" for code, meaning in RULES.items())


SECTIONS: dict[str, Callable[[], Iterator[str]]] = {
    "transitions": _transitions,
    "verbs": _verbs,
    "rules": _rules,
}
"""By the mark in the page."""


if __name__ == "__main__":
    path = Path(sys.argv[1], PAGE)
    path.write_text(render(path.read_text("utf-8")), "utf-8")
