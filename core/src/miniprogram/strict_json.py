"""JSON as we accept it from a disk or a network: UTF-8, bounded, no duplicate keys, no NaN.

Every failure is a DocumentError that names the file and the place.
"""

from __future__ import annotations

import json
import math
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from miniprogram.errors import DocumentError

if TYPE_CHECKING:
    from pydantic import BaseModel

    Model = TypeVar("Model", bound=BaseModel)

_half_pairs = re.compile(r"\\u[dD][89a-fA-F]").search
Position = tuple[int, int]
"""A line and a column, both from 1."""
STORED = "stored"
"""Validation context of documents that are read: they may hold what was allowed when they were written."""
MAX_DIGITS = 308
"""Whole numbers with more do not fit a double, which is what readers in other languages use."""
MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
"""Largest JSON document read, in bytes. Real screens stay under 100 KiB."""


def parse_json(body: bytes, *, name: str, max_bytes: int = MAX_DOCUMENT_BYTES) -> Any:
    """The JSON value in `body`. `name` is what errors call it: usually the file's path."""
    if len(body) > max_bytes:
        raise DocumentError(f"{name} is larger than {max_bytes // 1024 // 1024} MiB")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - body.rfind(b"\n", 0, error.start)
        raise DocumentError(
            f"{name} is not UTF-8 (byte {error.start})", line=line, column=column, hint="Save it as UTF-8."
        ) from error
    try:
        value = strict_decoder().decode(text)
    except (ValueError, RecursionError) as error:
        raise not_acceptable(text, name, error) from error
    require_unicode(value, text, name)
    return value


@cache
def strict_decoder() -> json.JSONDecoder:
    """A decoder that takes what we accept. Raises ValueError or RecursionError, see `not_acceptable`."""
    return json.JSONDecoder(
        object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_whole
    )


def not_acceptable(
    text: str, name: str, error: ValueError | RecursionError, *, start: Position = (1, 1)
) -> DocumentError:
    """What to raise for a text of which a `strict_decoder` raised `error`. It begins at `start` of its file."""
    if isinstance(error, json.JSONDecodeError):
        return _malformed(text, name, error, start)
    if isinstance(error, RecursionError):
        return DocumentError(f"{name} is nested too deeply")
    return _refused(text, name, error, start)


def require_unicode(value: Any, text: str, name: str) -> None:
    """Refuse a `value` with half a surrogate pair in it. `text` is what it was read from."""
    if not _half_pairs(text):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise DocumentError(f"{name} is not acceptable JSON: it holds half a surrogate pair") from None


def _malformed(text: str, name: str, error: json.JSONDecodeError, start: Position) -> DocumentError:
    from miniprogram.json_mistakes import advice, offset_of_mistake  # deferred: most texts are right

    offset = offset_of_mistake(text, error.pos)
    line, column = position_in(text, offset, start)
    told = advice(text, offset, error.msg)
    hint = told and f"{told[0].upper()}{told[1:]}{'' if told.endswith('?') else '.'}"
    message = f"{name} is not JSON: {error.msg} (line {line}, column {column})"
    return DocumentError(message, line=line, column=column, hint=hint)


def _refused(text: str, name: str, error: ValueError, start: Position) -> DocumentError:
    from miniprogram.json_mistakes import find_refused

    found = find_refused(text, max_digits=MAX_DIGITS)
    if found is None:
        return DocumentError(f"{name} is not acceptable JSON: {error}")
    line, column = position_in(text, found.offset, start)
    message = f"{name} is not acceptable JSON: {found.reason} (line {line}, column {column})"
    return DocumentError(message, line=line, column=column)


def position_in(text: str, offset: int, start: Position = (1, 1)) -> Position:
    """Line and column of the character at `offset`, where `text` begins at `start` of its file."""
    lines = text.count("\n", 0, offset)
    column = offset - text.rfind("\n", 0, offset)
    return start[0] + lines, column if lines else column + start[1] - 1


def read_json(path: Path) -> Any:
    """The JSON value in the file `path`."""
    return parse_json(read_bounded(path), name=str(path))


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in the file `path`."""
    return require_object(read_json(path), name=str(path))


def require_object(value: Any, *, name: str) -> dict[str, Any]:
    """`value`, which must be a JSON object."""
    if not isinstance(value, dict):
        raise DocumentError(f"{name} must hold a JSON object, not {_kind(value)}")
    return value


def read_bounded(path: Path, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> bytes:
    """The bytes of the file `path`, at most `max_bytes` of them."""
    try:
        with path.open("rb") as stream:
            wanted = min(os.fstat(stream.fileno()).st_size, max_bytes) + 1  # no room for what is not there
            body = stream.read(wanted)
            if len(body) == wanted <= max_bytes:  # a pipe, or a file that grows
                body += stream.read(max_bytes + 1 - wanted)
    except FileNotFoundError as error:
        raise DocumentError(f"{path} does not exist") from error
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(body) > max_bytes:
        raise DocumentError(f"{path} is larger than {max_bytes} bytes")
    return body


def parse_model(model: type[Model], value: Any, *, name: str) -> Model:
    """`value` as `model`. Raises DocumentError naming the first place that does not fit."""
    from pydantic import ValidationError

    from miniprogram.misfit_words import misfit_sentence

    try:
        return model.model_validate(value, context=STORED)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise DocumentError(f"{name}: {misfit_sentence(first, top='the document')}") from None


def to_pretty_json(value: Any) -> bytes:
    """Two-space indented UTF-8 without a trailing newline: how state files and metadata are written."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def to_canonical_json(value: Any) -> bytes:
    """The one byte form of `value`: keys sorted, no blanks. What digests are made of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return members


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"{text[:40]}… is too large a number")
    return int(text)


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")
