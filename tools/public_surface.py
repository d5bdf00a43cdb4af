"""List what plugins may import, name by name with signatures: writes the page, with `--check` compares it.

Which modules are public stands in docs/reference/public-modules.md, and only there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = ROOT / "docs" / "reference" / "public-modules.md"
PAGE = ROOT / "docs" / "reference" / "public-surface.txt"
HEAD = """\
Every public name of the modules in public-modules.md, made by `make reference`. A change here is a change for
plugin authors: it needs a changelog fragment, and a new hook API version where it can break them.
"""


def main() -> int:
    """Write the page, or with `--check` say whether it is as it would be written."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text)
        return 0
    if PAGE.read_text() == text:
        return 0
    sys.stderr.write(
        f"{PAGE.relative_to(ROOT)} is out of date: the public surface changed. Announce it, then: make reference\n"
    )
    return 1


def public_modules() -> list[str]:
    """The modules in the first column of the tables."""
    rows = re.findall(r"^\| (`miniprogram[^|]*) \|", MODULES.read_text(), re.MULTILINE)
    return sorted(name for row in rows for name in re.findall(r"`([\w.]+)`", row))


def page() -> str:
    """The page, made from the sources as they are."""
    return HEAD + "".join(
        f"\n{module}\n" + "".join(f"  {line}\n" for line in surface(module)) for module in public_modules()
    )


def surface(module: str) -> Iterator[str]:
    """The public names of a module, as lines."""
    path = ROOT / "core" / "src" / Path(*module.split("."))
    source = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
    tree = ast.parse(source.read_text())
    exported = next((ast.literal_eval(node.value) for node in tree.body if _is_all(node)), None)
    if exported is not None:
        yield from sorted(exported)
        return
    for node in tree.body:
        yield from _lines(node, "")


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets
    )


def _lines(node: ast.stmt, indent: str) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_public(node.name):
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        yield f"{indent}def {node.name}({ast.unparse(node.args)}){returns}"
    elif isinstance(node, ast.ClassDef) and _is_public(node.name):
        bases = ", ".join(map(ast.unparse, node.bases))
        yield f"{indent}class {node.name}({bases})" if bases else f"{indent}class {node.name}"
        for member in node.body:
            yield from _lines(member, indent + "  ")
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _is_public(node.target.id):
        default = " = …" if node.value is not None else ""
        yield f"{indent}{node.target.id}: {ast.unparse(node.annotation)}{default}"
    elif isinstance(node, ast.Assign):
        names = [each.id for each in node.targets if isinstance(each, ast.Name) and _is_public(each.id)]
        yield from (f"{indent}{name} = …" for name in names)


def _is_public(name: str) -> bool:
    return not name.startswith("_") and name != "model_config"


if __name__ == "__main__":
    sys.exit(main())
