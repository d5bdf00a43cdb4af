"""Renders the template files of new mini-programs, with every value written for the language it goes into.

Each language has an environment whose expressions come out escaped: `{{ title }}` in a Python template is a
Python literal, in a JSON template a JSON text. Only what is marked with `| raw` goes in as it stands: ids
that a pattern has already made harmless, and names of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")
_DART_ESCAPES = {"\\": "\\\\", "'": "\\'", "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Raw(str):
    """Text that goes into a file unescaped."""

    __slots__ = ()


def render(template: str, values: Mapping[str, Any]) -> str:
    """The template file `template`, such as `python/home.py.j2`, filled with `values`."""
    return _environment(template.removesuffix(".j2").rpartition(".")[2]).get_template(template).render(**values)


def python_literal(value: str) -> str:
    """A double-quoted literal where that needs no escapes, as formatters write it."""
    return repr(value) if '"' in value or not value.isprintable() or "\\" in value else f'"{value}"'


def dart_literal(value: str) -> str:
    """A single-quoted Dart literal: quotes, `$`, backslashes and control characters escaped."""
    return "'" + "".join(_dart_character(character) for character in value) + "'"


def json_literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def markdown_text(value: str) -> str:
    """One line of text that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(value.split()))


def yaml_literal(value: str) -> str:
    """A double-quoted YAML scalar: a JSON text is one."""
    return json.dumps(value)


_ESCAPES: dict[str, Callable[[Any], str]] = {
    "py": python_literal,
    "dart": dart_literal,
    "json": json_literal,
    "md": markdown_text,
    "yaml": yaml_literal,
}


@cache
def _environment(suffix: str) -> Environment:
    escape = _ESCAPES.get(suffix, str)
    environment = Environment(
        loader=PackageLoader("miniprogram.project", "templates"),
        autoescape=False,  # noqa: S701 - none of it is HTML; `finalize` escapes for the language at hand
        finalize=lambda value: value if isinstance(value, Raw) else escape(value),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["raw"] = Raw
    return environment


def _dart_character(character: str) -> str:
    if character in _DART_ESCAPES:
        return _DART_ESCAPES[character]
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
