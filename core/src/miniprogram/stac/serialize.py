"""From nodes to JSON, exactly as screens authored in Dart come out.

Nulls, empty lists and empty objects are dropped at every level; keys keep the order they were written in; numbers
that have a fraction by type are printed with one; two spaces of indentation, no newline at the end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from types import CodeType
from typing import Any, TypeAlias

from miniprogram.errors import ProjectError
from miniprogram.stac.json_path import JsonPath, write_path
from miniprogram.stac.node import Node

_MAX_DEPTH = 300
"""Deeper trees are a loop or a mistake; the checker's own limit is lower."""


_AS_IT_IS = frozenset({str, int, bool})
Sites: TypeAlias = "list[tuple[CodeType, int] | None]"
"""Where each object of a document was made, in the order in which the objects begin; None for a plain mapping."""


def to_stac(value: Node | Mapping[str, Any], sites: Sites | None = None) -> dict[str, Any]:
    """The JSON object of a node, as plain dicts, lists, texts, numbers and flags.

    `sites` is filled with where its objects were made. Raises ProjectError naming the place of a value that JSON
    cannot hold.
    """
    plain = _plain(value, None, 0, [] if sites is None else sites)
    if not isinstance(plain, dict):
        raise ProjectError(f"a screen is a widget or a theme, not a value of type {type(value).__name__}")
    return plain


def to_screen_json(screen: Node | Mapping[str, Any]) -> bytes:
    """The file of a screen, UTF-8. A mapping is plain JSON already: it is written as it is, nothing dropped."""
    parts: list[str] = []
    try:
        _write(to_stac(screen) if isinstance(screen, Node) else screen, "\n", parts)
    except RecursionError as error:
        raise ProjectError("a screen is nested too deeply to be written") from error
    return "".join(parts).encode("utf-8", "backslashreplace")


def _plain(value: Any, path: JsonPath, depth: int, sites: Sites) -> Any:
    """This runs for every value of every screen, most of which are left out: exact types are looked at first."""
    if depth > _MAX_DEPTH:
        raise ProjectError(f"a screen is nested more than {_MAX_DEPTH} levels deep; does a node contain itself?")
    site = None
    if isinstance(value, Node):
        value, site = value.members, value.site
    if type(value) is dict or isinstance(value, Mapping):
        sites.append(site)
        return _members(value, path, depth, sites)
    if isinstance(value, (list, tuple)):
        return _items(value, path, depth, sites)
    return _scalar(value, path)


def _members(value: Mapping[str, Any], path: JsonPath, depth: int, sites: Sites) -> dict[str, Any]:
    members = {}
    for key, member in value.items():
        if member is None:
            continue
        if type(member) in _AS_IT_IS:
            members[key if type(key) is str else _key(key, path)] = member
            continue
        before = len(sites)
        plain = _plain(member, (path, _key(key, path)), depth + 1, sites)
        if _is_nothing(plain):
            del sites[before:]
        else:
            members[key] = plain
    return members


def _items(value: Sequence[Any], path: JsonPath, depth: int, sites: Sites) -> list[Any]:
    items = []
    for index, item in enumerate(value):
        before = len(sites)
        plain = _plain(item, (path, index), depth + 1, sites)
        if _is_nothing(plain):
            del sites[before:]
        else:
            items.append(plain)
    return items


def _key(key: Any, path: JsonPath) -> str:
    if not isinstance(key, str):
        raise ProjectError(f"{write_path(path)}: keys are texts, and {key!r} is none")
    return key


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, (dict, list)) and not value)


def _scalar(value: Any, path: JsonPath) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return value
    what = repr(value) if isinstance(value, float) else f"a value of type {type(value).__name__}"
    raise ProjectError(f"{write_path(path)}: {what} cannot be written as JSON")


def _write(value: Any, newline: str, parts: list[str]) -> None:
    """Append the text of `value` to `parts`. `newline` is a line break with the indentation around `value`."""
    if type(value) is str:
        parts.append(encode_basestring(value))
    elif (type(value) is dict or isinstance(value, Mapping)) and value:
        _write_members(value, newline, parts)
    elif isinstance(value, list) and value:
        inner = newline + "  "
        opening = "[" + inner
        for item in value:
            parts.append(opening)
            _write(item, inner, parts)
            opening = "," + inner
        parts.append(newline + "]")
    else:
        parts.append(_text_of(value))


def _write_members(value: Mapping[str, Any], newline: str, parts: list[str]) -> None:
    inner = newline + "  "
    opening = "{" + inner
    for key, member in value.items():
        kind = type(member)
        if kind is str:
            parts.append(f"{opening}{encode_basestring(key)}: {encode_basestring(member)}")
        elif kind is int:
            parts.append(f"{opening}{encode_basestring(key)}: {member}")
        elif kind is dict and member:
            parts.append(f"{opening}{encode_basestring(key)}: ")
            _write_members(member, inner, parts)
        else:
            parts.append(f"{opening}{encode_basestring(key)}: ")
            _write(member, inner, parts)
        opening = "," + inner
    parts.append(newline + "}")


_WORDS = {None: "null", True: "true", False: "false"}


def _text_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, float) and math.isfinite(value):
        return _float_text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, Mapping)):
        return "[]" if isinstance(value, list) else "{}"
    raise ProjectError(f"a screen holds a value of type {type(value).__name__}, which JSON has not")


def _float_text(value: float) -> str:
    """As Dart prints doubles: decimals from 1e-6 up to 1e21, where Python's own limits are 1e-4 and 1e16."""
    text = repr(value)
    mantissa, exponent_mark, exponent = text.partition("e")
    if not exponent_mark:
        return text
    if -7 < int(exponent) < 21:
        from decimal import Decimal

        plain = format(Decimal(text), "f")
        return plain if "." in plain else plain + ".0"
    return f"{mantissa}e{int(exponent):+d}"
