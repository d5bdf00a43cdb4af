"""Screens written as YAML: the same documents as in JSON, with comments and without braces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from miniprogram.project.source_tree import kind_of
from miniprogram.project.sources.bounded_source import read_source
from miniprogram.project.sources.yaml_loader import compose_yaml, read_yaml
from miniprogram.project.sources.yaml_mistakes import advice, comments_for_colors, mark_of
from miniprogram.seams.screen_source import Mark, ScreenDraft, ScreenSourceError, SourceContext
from miniprogram.stac.schema import SCHEMA_KEY

MAX_YAML_BYTES = 1024 * 1024
"""Largest YAML screen read, in bytes."""


class YamlScreens:
    """Source of `.yaml` and `.yml`."""

    def __init__(self, context: SourceContext) -> None:
        self._memory = context.memory

    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft | ScreenSourceError]:
        for file in files:
            yield self._draft(file, kind_of(file, program_root))

    def _draft(self, file: Path, kind: str) -> ScreenDraft | ScreenSourceError:
        try:
            body = read_source(file, max_bytes=MAX_YAML_BYTES)
            parse = partial(_parse, file)
            node = self._memory.document(file, body, parse) if self._memory else parse(body)
        except ScreenSourceError as error:
            return error
        return ScreenDraft(file.stem, node, file, kind, partial(_locate, file))


def _parse(file: Path, body: bytes) -> dict[str, Any]:
    name, start = file.name, Mark(file, 1)
    text = _text(file, body)
    try:
        value = read_yaml(text)
    except yaml.MarkedYAMLError as error:
        at = mark_of(error)
        message = f"{name} is not acceptable YAML: {error.problem or error.context}"
        raise ScreenSourceError(message, _mark(file, at) if at else start, hint=advice(text, error)) from error
    except (yaml.YAMLError, ValueError) as error:
        message = f"{name} is not acceptable YAML: {str(error).splitlines()[0]}"
        raise ScreenSourceError(message, start) from error
    except RecursionError as error:
        raise ScreenSourceError(f"{name} is nested too deeply", start) from error
    if not isinstance(value, dict):
        raise ScreenSourceError(f"{name} must hold one mapping: a screen is one widget", start)
    for at in comments_for_colors(text, compose_yaml):
        reason = "a # begins a comment in YAML, so that this has no value"
        raise ScreenSourceError(reason, _mark(file, at), hint='put the color in quotes: "#RRGGBB"')
    value.pop(SCHEMA_KEY, None)  # for editors, not for hosts
    return value


def _text(file: Path, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        mark = Mark(file, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        reason = f"{file.name} is not UTF-8 (byte {error.start})"
        raise ScreenSourceError(reason, mark, hint="save it as UTF-8") from error


def _mark(file: Path, at: yaml.Mark) -> Mark:
    return Mark(file, at.line + 1, at.column + 1)


def _locate(file: Path, steps: Sequence[str | int]) -> Mark:
    """Where the key or item stands; what came in through an alias stands where its anchor does."""
    node = compose_yaml(_text(file, read_source(file, max_bytes=MAX_YAML_BYTES)))
    if node is None:
        return Mark(file, 1)
    at = node
    for step in steps:
        entry = _entry(node, step)
        if entry is None:
            break
        at, node = entry
    return _mark(file, at.start_mark)


def _entry(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if str(key.value) == step), None)
    return None
