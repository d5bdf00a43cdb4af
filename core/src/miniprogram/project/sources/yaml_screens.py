"""Screens written as YAML: the same documents as in JSON, with comments and without braces.

Texts follow YAML 1.2, not PyYAML's 1.1: `on`, `yes`, `12:30` and `2030-01-02` are texts, `010` is ten, and only
`true`, `false` and `null` are anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from miniprogram.errors import DocumentError, ProjectError
from miniprogram.project.source_tree import kind_of, shown
from miniprogram.seams.screen_source import ScreenDraft, SourceContext
from miniprogram.strict_json import read_bounded

MAX_YAML_BYTES = 1024 * 1024
"""Largest YAML screen read, in bytes."""

_NULL, _BOOL, _INT, _FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float"))
_DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
_WORDS = {"true": True, "false": False}


class YamlScreens:
    """Source of `.yaml` and `.yml`."""

    def __init__(self, context: SourceContext) -> None:
        del context

    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft]:
        for file in files:
            node = _parse(file, shown(file, program_root))
            yield ScreenDraft(file.stem, node, file, kind_of(file, program_root))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader with the plain texts of YAML 1.2 and without duplicate keys."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - PyYAML's own class attribute


def _construct_mapping(loader: Any, node: Any) -> Iterator[dict[Any, Any]]:
    seen: set[object] = set()
    for key, _ in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        if name in seen and key.tag != "tag:yaml.org,2002:merge":
            raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} stands twice", key.start_mark)
        seen.add(name)
    yield from loader.construct_yaml_map(node)


def _construct_int(loader: Any, node: Any) -> int:
    return int(loader.construct_scalar(node))


def _construct_bool(loader: Any, node: Any) -> bool:
    return _WORDS[loader.construct_scalar(node).lower()]


_Loader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver(_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF"))
_Loader.add_implicit_resolver(_INT, _DECIMAL, list("-+0123456789"))
_Loader.add_implicit_resolver(
    _FLOAT, re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"), list("-+.0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<\Z"), ["<"])
_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
_Loader.add_constructor(_INT, _construct_int)
_Loader.add_constructor(_BOOL, _construct_bool)


def _parse(file: Path, name: str) -> dict[str, Any]:
    try:
        text = read_bounded(file, max_bytes=MAX_YAML_BYTES).decode("utf-8-sig")
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, only stricter
    except DocumentError as error:
        raise ProjectError(str(error)) from error
    except UnicodeDecodeError as error:
        raise ProjectError(f"{name} is not UTF-8 (byte {error.start})") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise ProjectError(f"{name} is not acceptable YAML: {error.problem or error.context}{line}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise ProjectError(f"{name} is not acceptable YAML: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise ProjectError(f"{name} is nested too deeply") from error
    if not isinstance(value, dict):
        raise ProjectError(f"{name} must hold one mapping")
    return value
