"""The source of one constructor."""

from __future__ import annotations

import builtins
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from miniprogram.stac.catalog import Property
from miniprogram.stac.generation.annotations import Typing, typing_of
from miniprogram.stac.generation.naming import snake

_WIDTH = 115
_OLD_DIALECT = "1.0.0-dev.4"


@dataclass(frozen=True, slots=True)
class Constructor:
    """What a constructor is made from."""

    name: str
    """The catalogue's name."""
    returns: str
    """The class it wraps its members in: `Widget`, `Action`, a value class."""
    summary: str
    notes: Sequence[str]
    fields: Sequence[Property]
    """In writing order."""
    positional: Sequence[str] = ()
    """Names of the fields that may be given without their name."""
    discriminator: str | None = None
    """The key that says which type it is, written last: `type`, `actionType`, or none for values."""

    def source(self) -> str:
        """The function, formatted as ruff would."""
        return "\n".join([*self._signature(), *self._docstring(), *self._body(), ""])

    def annotations(self) -> list[str]:
        """The types in the signature."""
        return [typing_of(field).annotation for field in self.fields]

    def shadows_builtins(self) -> bool:
        """Whether a parameter has the name of a Python builtin: `id`, `min`, `filter`."""
        return any(hasattr(builtins, snake(field.name)) for field in self.fields)

    def _ordered(self) -> list[Property]:
        first = [field for name in self.positional for field in self.fields if field.name == name]
        return first + [field for field in self.fields if field not in first]

    def _signature(self) -> Iterator[str]:
        if not self.fields:
            yield f"def {snake(self.name)}() -> {self.returns}:"
            return
        yield f"def {snake(self.name)}("
        for number, field in enumerate(self._ordered()):
            if number == len(self.positional):
                yield "    *,"
            yield f"    {_parameter(field)},"
        yield f") -> {self.returns}:"

    def _docstring(self) -> Iterator[str]:
        paragraphs = [self.summary, *self._note_lines(), *self._default_line()]
        lines = [line for text in paragraphs for line in [*_wrap(text), ""]][:-1]
        if len(lines) == 1:
            yield f'    """{lines[0]}"""'
            return
        yield f'    """{lines[0]}'
        yield from (f"    {line}" if line else "" for line in lines[1:])
        yield '    """'

    def _note_lines(self) -> Iterator[str]:
        noted = (field for field in self.fields if field.note is not None and _is_of_today(field.note))
        about_fields = [f"`{snake(field.name)}`: {field.note}" for field in noted]
        yield from (self._sentence(text) for text in [*filter(_is_of_today, self.notes), *about_fields])

    def _sentence(self, note: str) -> str:
        """`note` with a capital letter and a full stop; a property it begins with is called by its parameter."""
        word, space, rest = note.partition(" ")
        if any(word == field.name for field in self.fields):
            start = f"`{snake(word)}`{space}{rest}"
        else:
            start = note if note.startswith("`") else note[:1].upper() + note[1:]
        return start if start.endswith((".", "!", "?")) else f"{start}."

    def _default_line(self) -> Iterator[str]:
        known = [field for field in self.fields if field.default not in (None, [], {}, "") and not field.required]
        if known:
            parts = ", ".join(f"`{snake(field.name)}` {_default(field.default)}" for field in known)
            yield f"When left out: {parts}."

    def _body(self) -> Iterator[str]:
        entries = [f'"{field.name}": {_value(field)},' for field in self.fields]
        if self.discriminator is not None:
            entries.append(f'"{self.discriminator}": "{self.name}",')
        if len(entries) == 1:
            yield f"    return {self.returns}({{{entries[0].rstrip(',')}}})"
            return
        yield f"    return {self.returns}("
        yield "        {"
        yield from (f"            {entry}" for entry in entries)
        yield "        }"
        yield "    )"


def _parameter(field: Property) -> str:
    typing: Typing = typing_of(field)
    if field.is_needed:
        return f"{snake(field.name)}: {typing.annotation}"
    return f"{snake(field.name)}: {typing.annotation} | None = None"


def _value(field: Property) -> str:
    coercion = typing_of(field).coercion
    return snake(field.name) if coercion is None else f"coercion.{coercion}({snake(field.name)})"


def _is_of_today(note: str) -> bool:
    return _OLD_DIALECT not in note and "null or absent" not in note


def _default(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {member}" for key, member in value.items())
    return json.dumps(value)


def _wrap(text: str) -> list[str]:
    safe = text.replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.wrap(safe, _WIDTH - 8, break_long_words=False, break_on_hyphens=False)
