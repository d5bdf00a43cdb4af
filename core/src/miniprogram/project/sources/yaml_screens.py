"""Screens written as YAML: the same documents as in JSON, with comments and without braces.

Texts follow YAML 1.2, not PyYAML's 1.1: `on`, `yes`, `12:30` and `2030-01-02` are texts, `010` is ten, and only
`true`, `false` and `null` are anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from miniprogram.errors import DocumentError, ProjectError
from miniprogram.project.source_tree import kind_of
from miniprogram.seams.screen_source import Mark, ScreenDraft, ScreenSourceError, SourceContext
from miniprogram.stac.schema import SCHEMA_KEY
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
            yield ScreenDraft(file.stem, _parse(file), file, kind_of(file, program_root), partial(_locate, file))


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


def _parse(file: Path) -> dict[str, Any]:
    name, start = file.name, Mark(file, 1)
    try:
        value = yaml.load(_text(file), Loader=_Loader)  # noqa: S506 - a safe loader, only stricter
    except DocumentError as error:
        raise ProjectError(str(error)) from error
    except UnicodeDecodeError as error:
        raise ScreenSourceError(f"{name} is not UTF-8 (byte {error.start})", start) from error
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        mark = Mark(file, at.line + 1, at.column + 1) if at else start
        raise ScreenSourceError(
            f"{name} is not acceptable YAML: {error.problem or error.context}", mark
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        message = f"{name} is not acceptable YAML: {str(error).splitlines()[0]}"
        raise ScreenSourceError(message, start) from error
    except RecursionError as error:
        raise ScreenSourceError(f"{name} is nested too deeply", start) from error
    if not isinstance(value, dict):
        raise ScreenSourceError(f"{name} must hold one mapping", start)
    value.pop(SCHEMA_KEY, None)  # for editors, not for hosts
    return value


def _text(file: Path) -> str:
    return read_bounded(file, max_bytes=MAX_YAML_BYTES).decode("utf-8-sig")


def _locate(file: Path, steps: Sequence[str | int]) -> Mark:
    """Where the key or item stands; what came in through an alias stands where its anchor does."""
    node = yaml.compose(_text(file), Loader=_Loader)
    if node is None:
        return Mark(file, 1)
    at = node
    for step in steps:
        entry = _entry(node, step)
        if entry is None:
            break
        at, node = entry
    return Mark(file, at.start_mark.line + 1, at.start_mark.column + 1)


def _entry(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if str(key.value) == step), None)
    return None
