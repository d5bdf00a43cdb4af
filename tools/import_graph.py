"""Draw the rooms of core and the imports between them: writes the page, with `--check` compares it.

The order of the rooms is the `layers` contract in pyproject.toml; what each is about is the first sentence of its
docstring; an arrow is at least one import, those for type checking included.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "core" / "src" / "miniprogram"
PAGE = ROOT / "docs" / "explanation" / "imports.md"
HEAD = """\
# Rooms and imports

Made by `make reference` from the sources: change those, not this page. A room imports from rooms below it only;
the order is the `layers` contract in `pyproject.toml`, which `make boundaries` checks.
[Architecture](architecture.md) says why.

| room | what it is about | imports |
|---|---|---|
"""


def main() -> int:
    """Write the page, or with `--check` say whether it is as it would be written."""
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.read_text() == text:
            return 0
        sys.stderr.write(f"{PAGE.relative_to(ROOT)} is out of date; run: make reference\n")
        return 1
    PAGE.write_text(text)
    return 0


def page() -> str:
    """The page, made from the sources as they are."""
    order, edges = rooms(), imports()
    rows = [f"| `{room}` | {about(room)} | {_listed(edges[room], order)} |" for room in order]
    return HEAD + "\n".join(rows) + "\n\n## As a picture\n\n" + picture(order, edges)


def rooms() -> list[str]:
    """The rooms from the top floor down, as the contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each.get("containers") == ["miniprogram"])
    return [room.strip() for layer in layers for room in layer.replace("|", ":").split(":")]


def imports() -> dict[str, set[str]]:
    """Which other rooms each room imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for module in _imported(ast.parse(path.read_text())):
            other = module.split(".")[1]
            if other != room:
                found[room].add(other)
    return found


def about(room: str) -> str:
    """The first sentence of the room's docstring."""
    path = SOURCE / room / "__init__.py"
    docstring = ast.get_docstring(ast.parse((path if path.is_file() else SOURCE / f"{room}.py").read_text())) or ""
    return docstring.splitlines()[0].replace("|", "\\|") if docstring else ""


def picture(order: list[str], edges: dict[str, set[str]]) -> str:
    """A diagram of packages without what follows from other arrows, so that it can be read."""
    packages = [room for room in order if (SOURCE / room).is_dir()]
    reach = {room: _reachable(room, edges) for room in packages}
    lines = ["```mermaid", "flowchart TD"]
    for room in packages:
        direct = [other for other in packages if other in edges[room]]
        shown = [
            other for other in direct if not any(other in reach[between] for between in direct if between != other)
        ]
        lines += [f"    {room} --> {other}" for other in shown]
    return "\n".join([*lines, "```", ""])


def _reachable(room: str, edges: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(edges[room])
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += edges[other]
    return seen


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "miniprogram":
            yield from (f"miniprogram.{each.name}" for each in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("miniprogram."):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.startswith("miniprogram."))


def _listed(others: set[str], order: list[str]) -> str:
    return ", ".join(f"`{room}`" for room in order if room in others) or "–"


if __name__ == "__main__":
    sys.exit(main())
