"""Stored documents: bytes with an entity tag, parsed and compiled at most once."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import JSONEncoder
from typing import Any, NoReturn, TypeVar

from miniprogram.delivery.evaluation.digests import sha256
from miniprogram.delivery.evaluation.errors import BrokenDocument

MAX_JSON_BYTES = 8 * 1024 * 1024
"""Largest JSON document that is parsed. Real screens stay under 100 KiB."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UNKNOWN: Any = object()

# ASCII escapes: a stored lone surrogate stays sendable.
_encode = JSONEncoder(separators=(",", ":"), check_circular=False).encode

Compiled = TypeVar("Compiled")


class Document:
    """One stored object. Never changes: when the object does, there is another Document."""

    __slots__ = ("_compiled", "_flaw", "_gzip", "_unreadable", "body", "etag", "is_in_snapshot", "key", "previous")

    def __init__(self, key: str, body: bytes) -> None:
        self.key = key
        self.body = body.removeprefix(_BYTE_ORDER_MARK)
        self.etag = content_tag(self.body)
        self._gzip: bytes | None = None
        self._compiled: dict[Callable[[Document], Any], Any] = {}
        self._flaw: Any = _UNKNOWN
        self._unreadable: BrokenDocument | None = None
        self.previous: Document | None = None
        """The last state of the object before this one that may be good."""
        self.is_in_snapshot = False
        """Whether this state is known to be good, and written down if there is where."""

    @classmethod
    def unreadable(cls, error: BrokenDocument) -> Document:
        """Stands for an object that cannot be read."""
        document = cls(error.key, b"")
        document._unreadable = error
        return document

    def compiled(self, compile_document: Callable[[Document], Compiled]) -> Compiled:
        """What `compile_document` makes of this, made once. Raises BrokenDocument, each time anew."""
        made = self._compiled.get(compile_document)
        if made is None:
            try:
                if self._unreadable is not None:
                    raise self._unreadable
                made = compile_document(self)
            except BrokenDocument as error:
                made = error
            self._compiled[compile_document] = made
        if isinstance(made, BrokenDocument):
            raise BrokenDocument(made.key, made.reason, made.details)
        return made

    def follow(self, older: Document) -> None:
        """Remember `older` as the state before this one, or what went before if it is known to be broken."""
        is_broken = any(isinstance(made, BrokenDocument) for made in older._compiled.values())
        self.previous = older.previous if is_broken else older
        if self.previous is not None:
            self.previous.previous = None

    def require_json(self) -> None:
        """Raises BrokenDocument unless the body is JSON. The parsed value is not kept."""
        if self._flaw is _UNKNOWN:
            try:
                parse_json(self)
                self._flaw = None
            except BrokenDocument as error:
                self._flaw = error.reason
        if self._flaw is not None:
            raise BrokenDocument(self.key, self._flaw)

    def gzipped(self) -> bytes:
        """The body compressed, made at the first call. The same body always gives the same bytes."""
        if self._gzip is None:
            self._gzip = gzip(self.body)
        return self._gzip


def content_tag(body: bytes) -> str:
    """What entity tags are made of: 128 bits of SHA-256 as lower-case hex."""
    return sha256(body).hexdigest()[:32]


def gzip(body: bytes) -> bytes:
    """`body` in gzip format, without time stamp or name."""
    import zlib  # deferred: once per document

    compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
    return compressor.compress(body) + compressor.flush()


def to_json(value: Any) -> bytes:
    """`value` as compact JSON, pure ASCII."""
    return _encode(value).encode("ascii")


def parse_json(document: Document, *, unique_keys: bool = False) -> Any:
    """The JSON value of `document`. With `unique_keys` a member named twice is refused. Raises BrokenDocument."""
    if len(document.body) > MAX_JSON_BYTES:
        raise BrokenDocument(document.key, f"larger than {MAX_JSON_BYTES // 1024 // 1024} MiB")
    try:
        text = document.body.decode("utf-8")
        return json.loads(
            text,
            object_pairs_hook=_unique_members if unique_keys else None,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise BrokenDocument(document.key, f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        position = f"line {error.lineno}, column {error.colno}"
        raise BrokenDocument(document.key, f"not JSON: {error.msg} ({position})") from None
    except RecursionError:
        raise BrokenDocument(document.key, "nested too deeply") from None
    except ValueError as error:
        raise BrokenDocument(document.key, str(error)) from None


def parse_object(document: Document, *, unique_keys: bool = False) -> dict[str, Any]:
    """The JSON object of `document`. Raises BrokenDocument for any other value."""
    value = parse_json(document, unique_keys=unique_keys)
    if not isinstance(value, dict):
        raise BrokenDocument(document.key, "not a JSON object")
    return value


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice in one object")
    return members


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"not JSON: {text} is not a number")
