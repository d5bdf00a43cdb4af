"""The source of whole modules: constructors with what they import, enumerations, value classes, re-exports."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from miniprogram.stac.generation.constructors import Constructor
from miniprogram.stac.generation.naming import pascal

MARK = "# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this."
_SHADOWS = "# ruff: noqa: A002 - parameters are called as the catalogue calls them"
_WIDTH = 115
_WORD = re.compile(r"(?<![.\w])[A-Za-z]\w*")
_NOT_KINDS = frozenset({"None", "Mapping", "Sequence", "str", "float", "object", "int", "enums"})

_ENUM_HEADER = '''"""The words that properties choose from, as the types of parameters."""

from __future__ import annotations

from typing import Literal, TypeAlias
'''

_KIND_HEADER = '''"""The kinds of property values, and the types parameters have."""

from __future__ import annotations

from typing import Literal, TypeAlias

from miniprogram.stac.node import Action, Binding, NetworkRequest, Value, Widget

__all__ = ["Action", "Binding", "NetworkRequest", "Value", "Widget"]

Color: TypeAlias = str
"""`#RRGGBB`, `#AARRGGBB` (alpha first), a theme color (`primary`) or a name (`teal`), each with `@percent`."""
Number: TypeAlias = float | Binding
Whole: TypeAlias = int | Binding
Flag: TypeAlias = bool | Binding
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
"""How a backend or host is called."""
'''


def constructor_module(title: str, runtime_import: str, constructors: Sequence[Constructor]) -> str:
    """A module of constructors. `runtime_import` brings in the classes they make; annotations import the rest."""
    body = "\n\n".join(constructor.source() for constructor in constructors)
    lines = ["from __future__ import annotations", "", "from typing import TYPE_CHECKING", ""]
    lines += [
        *_runtime_imports(runtime_import, coerces="coercion." in body),
        "",
        "if TYPE_CHECKING:",
        *_typing_imports(constructors, runtime_import),
        "",
        "",
    ]
    head = [MARK, _SHADOWS] if any(made.shadows_builtins() for made in constructors) else [MARK]
    return "\n".join([*head, f'"""{title}"""', "", *lines, body])


def _runtime_imports(runtime_import: str, *, coerces: bool) -> list[str]:
    if not coerces:
        return [runtime_import]
    from_nodes = "from miniprogram.stac.nodes import "
    if runtime_import.startswith(from_nodes):
        return [f"{from_nodes}coercion, {runtime_import.removeprefix(from_nodes)}"]
    return [runtime_import, f"{from_nodes}coercion"]


def _typing_imports(constructors: Iterable[Constructor], runtime_import: str) -> list[str]:
    words = {word for made in constructors for text in made.annotations() for word in _WORD.findall(text)}
    abstract = sorted(words & {"Mapping", "Sequence"})
    kinds = sorted(words - _NOT_KINDS - set(_WORD.findall(runtime_import)))
    lines = [f"    from collections.abc import {', '.join(abstract)}", ""] if abstract else []
    if "enums" in words:
        lines.append("    from miniprogram.stac.nodes import enums")
    return lines + _import_lines("    ", "miniprogram.stac.nodes.kinds", kinds)


def enum_module(enums: Mapping[str, Sequence[str]]) -> str:
    """A `Literal` alias for each enumeration."""
    return "\n".join([MARK, _ENUM_HEADER, *(_enum(name, words) for name, words in sorted(enums.items())), ""])


def _enum(name: str, words: Sequence[str]) -> str:
    quoted = [json.dumps(word) for word in words]
    one_line = f"{pascal(name)}: TypeAlias = Literal[{', '.join(quoted)}]"
    if len(one_line) <= _WIDTH:
        return one_line
    return "\n".join([f"{pascal(name)}: TypeAlias = Literal[", *(f"    {word}," for word in quoted), "]"])


def kind_module(classes: Iterable[str]) -> str:
    """A class for each kind of value, so that a border is not taken for a decoration."""
    bodies = [f"\n\nclass {name}(Value):\n    __slots__ = ()\n" for name in sorted(classes)]
    return f"{MARK}\n{_KIND_HEADER}{''.join(bodies)}"


def index_module(title: str, imports: Mapping[str, Sequence[str]]) -> str:
    """A module that only re-exports: module below `nodes` → names. Each is imported when a name of it is used."""
    lines = [MARK, f'"""{title}: one constructor each, listed and explained by editors."""', ""]
    lines += ["import sys", "from typing import TYPE_CHECKING", "", "if TYPE_CHECKING:"]
    for module in sorted(imports):
        lines += _import_lines("    ", f"miniprogram.stac.nodes.{module}", sorted(imports[module]))
    lines += ["else:", "    from miniprogram.stac.nodes.on_first_use import on_first_use", ""]
    lines += ["    __getattr__ = on_first_use(", "        sys.modules[__name__],", "        ("]
    for module, names in sorted(imports.items()):
        lines += ["            (", f'                "{module}",', *_quoted(sorted(names)), "            ),"]
    lines += ["        ),", "    )"]
    names = sorted(name for parts in imports.values() for name in parts)
    lines += ["", "__all__ = [", *(f'    "{name}",' for name in names), "]"]
    return "\n".join([*lines, "", "", "def __dir__() -> list[str]:", "    return __all__", ""])


def _quoted(names: Sequence[str]) -> list[str]:
    """One text of all names, over as many lines as it needs."""
    parts = textwrap.wrap(" ".join(names), _WIDTH - 20)
    return [*(f'                "{part} "' for part in parts[:-1]), f'                "{parts[-1]}",']


def _import_lines(indent: str, module: str, names: Sequence[str]) -> list[str]:
    one_line = f"{indent}from {module} import {', '.join(names)}"
    if not names or len(one_line) <= _WIDTH:
        return [one_line] if names else []
    return [f"{indent}from {module} import (", *(f"{indent}    {name}," for name in names), f"{indent})"]
