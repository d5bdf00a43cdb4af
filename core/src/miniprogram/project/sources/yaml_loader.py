"""YAML as screens are written in it, read strictly.

Texts follow YAML 1.2, not PyYAML's 1.1: `on`, `yes`, `12:30` and `2030-01-02` are texts, `010` is ten, and only
`true`, `false` and `null` are anything else. No key may stand twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

_TAG = "tag:yaml.org,2002:"
_MERGE = _TAG + "merge"
Plain: TypeAlias = str | int | float | bool | None


class _NotPlain(Exception):  # noqa: N818 - no failure: the whole loader is asked then
    """A document has something that few have: an anchor, a tag, a key that is no text or stands twice."""


def _refuse_merge(text: str) -> Plain:
    raise _NotPlain(text)


class _Form(NamedTuple):
    """How something that is no text is written without quotes."""

    tag: str
    pattern: re.Pattern[str]
    first: str
    """The characters that it may begin with."""
    make: Callable[[str], Plain]


_FORMS = (
    _Form("null", re.compile(r"(?:~|null|Null|NULL|)\Z"), "~nN", lambda _: None),
    _Form(
        "bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), "tTfF", lambda text: text[0] in ("t", "T")
    ),
    _Form("int", re.compile(r"[-+]?[0-9]+\Z"), "-+0123456789", int),
    _Form(
        "float",
        re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"),
        "-+.0123456789",
        float,
    ),
    _Form("merge", re.compile(r"<<\Z"), "<", _refuse_merge),
)
_BY_FIRST = {first: [form for form in _FORMS if first in form.first] for form in _FORMS for first in form.first}
_BY_FIRST[""] = [_FORMS[0]]


def read_yaml(text: str) -> Any:
    """The value of the one document in `text`. Raises YAMLError, ValueError, RecursionError."""
    try:
        return _read_plain(text)
    except (_NotPlain, yaml.YAMLError, RecursionError):
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, only stricter


def compose_yaml(text: str) -> yaml.Node | None:
    """The nodes of the document, with the places they stand at."""
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def _read_plain(text: str) -> Any:
    """As `_Loader`, in a third of the time: straight from the parser's events, without making nodes of them."""
    take = _Loader(text).get_event
    if type(take()) is not StreamStartEvent or type(take()) is not DocumentStartEvent:
        raise _NotPlain
    value = _value(take(), take)
    if type(take()) is not DocumentEndEvent or type(take()) is not StreamEndEvent:
        raise _NotPlain
    return value


def _value(event: Any, take: Callable[[], Any]) -> Any:
    """The value that begins with `event`; `take` gives the events behind it."""
    kind = type(event)
    if kind is AliasEvent or event.anchor is not None or event.tag is not None:
        raise _NotPlain
    if kind is ScalarEvent:
        text = event.value
        forms = _BY_FIRST.get(text[:1]) if event.implicit[0] else None
        return _plain(text, forms) if forms else text
    if kind is MappingStartEvent:
        return _members(take)
    items = []
    while type(item := take()) is not SequenceEndEvent:
        items.append(_value(item, take))
    return items


def _members(take: Callable[[], Any]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    count = 0
    while type(name := take()) is not MappingEndEvent:
        key = _value(name, take)
        if type(key) is not str:
            raise _NotPlain
        members[key] = _value(take(), take)
        count += 1
    if count != len(members):
        raise _NotPlain
    return members


def _plain(text: str, forms: list[_Form]) -> Plain:
    for _, pattern, _, make in forms:
        if pattern.match(text):
            return make(text)
    return text


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader with the plain texts of YAML 1.2 and without duplicate keys."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - PyYAML's own class attribute


def _construct_mapping(loader: Any, node: Any) -> Iterator[dict[Any, Any]]:
    seen: set[object] = set()
    for key, _ in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        if name in seen and key.tag != _MERGE:
            raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} stands twice", key.start_mark)
        seen.add(name)
    yield from loader.construct_yaml_map(node)


def _construct_int(loader: Any, node: Any) -> int:
    return int(loader.construct_scalar(node))


def _construct_bool(loader: Any, node: Any) -> bool:
    return {"true": True, "false": False}[loader.construct_scalar(node).lower()]


for _form in _FORMS:
    _Loader.add_implicit_resolver(_TAG + _form.tag, _form.pattern, [*_form.first])
_Loader.add_implicit_resolver(_TAG + "null", _FORMS[0].pattern, [""])
_Loader.add_constructor(_TAG + "map", _construct_mapping)
_Loader.add_constructor(_TAG + "int", _construct_int)
_Loader.add_constructor(_TAG + "bool", _construct_bool)
