"""YAML as text with positions: which key of the top mapping, and which entry below it, stands where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from miniprogram.errors import DocumentError

_INNER_BLANKS = re.compile(r"(?<=\S)[ \t]+")

Style = Literal["scalar", "alias", "block", "flow", "sequence"]


@dataclass(slots=True)
class Entry:
    """A key and its value. Positions count characters.

    `end` is behind the last character of the value, comments and blank lines after it excluded.
    """

    key: str
    start: int
    key_end: int
    end: int
    style: Style = "scalar"
    text: str | None = None
    """The value as written, without quotes; None when it is no scalar."""
    value_start: int = 0
    entries: list[Entry] = field(default_factory=list)
    """The value's own entries, when it is a mapping."""


def read_yaml(text: str, *, name: str) -> Any:
    """The value of `text`. Raises DocumentError naming `name` and the line."""
    try:
        return YAML(typ="safe", pure=True).load(_without_tabs(text))
    except MarkedYAMLError as error:
        raise _failure(error, name) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise DocumentError(f"{name} is not YAML: {str(error).splitlines()[0]}") from None


def read_entries(text: str, *, name: str) -> list[Entry]:
    """The entries of the block mapping at the top of `text`, in order. Raises DocumentError when it is none."""
    try:
        events = list(YAML(typ="safe", pure=True).parse(_without_tabs(text)))
    except MarkedYAMLError as error:
        raise _failure(error, name) from None
    except (YAMLError, ValueError) as error:
        raise DocumentError(f"{name} is not YAML: {str(error).splitlines()[0]}") from None
    if sum(isinstance(event, DocumentStartEvent) for event in events) > 1:
        raise DocumentError(f"{name} holds more than one YAML document")
    top = next((event for event in events[2:] if isinstance(event, Event)), None)
    if not isinstance(top, MappingStartEvent) or top.flow_style:
        raise DocumentError(f"{name} must be a mapping of keys, one a line")
    return list(_mapping(text, iter(events[3:])))


def _mapping(text: str, events: Iterator[Event]) -> Iterator[Entry]:
    for key in events:
        if isinstance(key, MappingEndEvent):
            return
        if not isinstance(key, ScalarEvent):
            _skip(key, events)  # a key that is a collection or an alias: none of ours
            _value(Entry("", 0, 0, 0), text, events)
            continue
        entry = Entry(key.value, key.start_mark.index, key.end_mark.index, key.end_mark.index)
        _value(entry, text, events)
        yield entry


def _value(entry: Entry, text: str, events: Iterator[Event]) -> None:
    event = next(events)
    entry.value_start, entry.end = event.start_mark.index, event.end_mark.index
    if isinstance(event, ScalarEvent):
        entry.text = event.value
        if entry.value_start == entry.end:  # nothing is noticed at the next token; it stands behind the colon
            entry.value_start = entry.end = text.index(":", entry.key_end) + 1
    elif isinstance(event, AliasEvent):
        entry.style = "alias"
    elif isinstance(event, MappingStartEvent):
        entry.style = "flow" if event.flow_style else "block"
        seen = _Last(events)
        entry.entries = list(_mapping(text, seen))
        entry.end = seen.end
    elif isinstance(event, SequenceStartEvent):
        entry.style = "sequence"
        entry.end = _skip(event, events)


class _Last:
    """Events as they pass by; remembers where the last visible one ended."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events, self.end = events, 0

    def __iter__(self) -> _Last:
        return self

    def __next__(self) -> Event:
        event = next(self._events)
        self.end = max(self.end, _visible_end(event))
        return event


def _visible_end(event: Event) -> int:
    # the end of a block collection, like an empty value, is only noticed at the next token, behind comments and
    # blank lines: it has no characters of its own, while a closing bracket has one
    return 0 if event.start_mark.index == event.end_mark.index else int(event.end_mark.index)


def _skip(event: Event, events: Iterator[Event]) -> int:
    end, depth = _visible_end(event), int(isinstance(event, MappingStartEvent | SequenceStartEvent))
    while depth:
        event = next(events)
        end = max(end, _visible_end(event))
        depth += isinstance(event, MappingStartEvent | SequenceStartEvent)
        depth -= isinstance(event, MappingEndEvent | SequenceEndEvent)
    return end


def _without_tabs(text: str) -> str:
    """`text` with blanks for the tabs YAML allows, which are those behind something; positions stay."""
    return _INNER_BLANKS.sub(lambda blanks: " " * len(blanks[0]), text)


def _failure(error: MarkedYAMLError, name: str) -> DocumentError:
    mark = error.problem_mark or error.context_mark
    line_note = f" (line {mark.line + 1})" if mark is not None else ""
    return DocumentError(f"{name} is not YAML: {error.problem or error.context or 'it cannot be read'}{line_note}")
