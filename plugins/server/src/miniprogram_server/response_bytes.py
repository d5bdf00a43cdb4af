"""Responses of the engine as bytes, each made once where it is given again and again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from miniprogram.delivery.http.messages import HeaderPairs, Response
from miniprogram.delivery.http.responses.cached_response import TRACE_HEADER, CachedResponse
from miniprogram_server.serving.plain_requests import Answer

_TRACE_NAME = TRACE_HEADER.encode()


def header_fields(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Header fields as ASGI wants them."""
    return [
        # a trace id is new every time and would only push the others out
        (name.encode("latin-1"), value.encode("latin-1")) if name == TRACE_HEADER else _field(name, value)
        for name, value in headers
    ]


def whole_answer(response: Response) -> Answer:
    """`response` for a connection that writes it itself."""
    head = _head(response.headers)
    if response.status not in (204, 304):
        head += b"content-length: %d\r\n" % len(response.body)
    return response.status, head, response.body


def cached_answer(cached: CachedResponse, trace_id: str) -> Answer:
    """`cached` under `trace_id`."""
    trace = trace_id.encode()
    known: _Encoded | None = cached.rendered
    if known is None or known.trace_length != len(trace):
        known = cached.rendered = _Encoded(cached, len(trace))
    body = b"" if cached.status == 304 else b"%b%b%b" % (cached.body_start, trace, cached.body_end)
    return cached.status, b"%b%b%b" % (known.before, trace, known.after), body


class _Encoded:
    """The head of a cached response but for a trace id of so many bytes."""

    __slots__ = ("after", "before", "trace_length")

    def __init__(self, cached: CachedResponse, trace_length: int) -> None:
        self.trace_length = trace_length
        self.before = _lines(cached.before) + _TRACE_NAME + b": "
        self.after = b"\r\n" + _lines(cached.after)
        if cached.status != 304:
            length = len(cached.body_start) + trace_length + len(cached.body_end)
            self.after += b"content-length: %d\r\n" % length


def _head(headers: HeaderPairs) -> bytes:
    """Header lines. Only the trace id is new every time: what stands before and behind it is kept."""
    for index, (name, value) in enumerate(headers):
        if name == TRACE_HEADER:
            before, after = _lines(headers[:index]), _lines(headers[index + 1 :])
            return b"%b%b: %b\r\n%b" % (before, _TRACE_NAME, value.encode("latin-1"), after)
    return _lines(headers)


@lru_cache(maxsize=4096)
def _field(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1"), value.encode("latin-1")


@lru_cache(maxsize=1024)
def _lines(headers: HeaderPairs) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")
