"""Requests of HTTP/1.1 as a front end sends them, read from a connection. Whatever is unclear is refused."""

from __future__ import annotations

import re
import socket
from typing import NamedTuple

from miniprogram.delivery.function.web_requests import client_address
from miniprogram.delivery.http.messages import Request

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 64 * 1024
"""Nothing larger is ever sent to a delivery function."""
READ_AT_ONCE = 64 * 1024

_END = b"\r\n\r\n"
_request_line = re.compile(r"([A-Z]{1,16}) (/[^ ]*|\*) HTTP/1\.([01])").fullmatch
_header = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n\0]*)").fullmatch


class BadRequest(Exception):  # noqa: N818 - it is answered
    """A request that is not read to its end: its connection is closed after an answer with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Head(NamedTuple):
    """A request without its body. Header names are lower case, values of repeated ones joined."""

    method: str
    target: str
    headers: dict[str, str]
    keeps_open: bool


def read_head(connection: socket.socket, rest: bytes) -> tuple[bytes, bytes]:
    """The next head, and what was read behind it; empty when the other side has nothing more to ask.

    `rest` was read before. Raises BadRequest for one that is too long, and OSError.
    """
    while _END not in rest:
        if len(rest) > MAX_HEAD_BYTES:
            raise BadRequest(431)
        more = connection.recv(READ_AT_ONCE)
        if not more:
            return b"", b""
        rest += more
    raw, _, rest = rest.partition(_END)
    if len(raw) > MAX_HEAD_BYTES:
        raise BadRequest(431)
    return raw, rest


def head_of(raw: bytes) -> Head:
    """Raises BadRequest for what is no head of HTTP/1.1 or 1.0."""
    first, *lines = raw.decode("latin-1").split("\r\n")
    asked = _request_line(first)
    if asked is None:
        raise BadRequest(400)
    headers: dict[str, str] = {}
    for line in lines:
        header = _header(line)
        if header is None:
            raise BadRequest(400)
        name, value = header[1].lower(), header[2].strip(" \t")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    wish = headers.get("connection", "").lower()
    return Head(asked[1], asked[2], headers, wish == "keep-alive" if asked[3] == "0" else wish != "close")


def read_body(connection: socket.socket, head: Head, rest: bytes) -> tuple[bytes, bytes]:
    """The body of a request, and what was read behind it.

    Raises BadRequest for one without a plain length: two readers could see two ends of it.
    """
    if "transfer-encoding" in head.headers:
        raise BadRequest(411)
    told = head.headers.get("content-length", "0")
    if not told.isascii() or not told.isdecimal():
        raise BadRequest(400)
    length = int(told) if len(told) < 10 else MAX_BODY_BYTES + 1
    if length > MAX_BODY_BYTES:
        raise BadRequest(413)
    while len(rest) < length:
        more = connection.recv(READ_AT_ONCE)
        if not more:
            raise BadRequest(400)
        rest += more
    return rest[:length], rest[length:]


def request_of(head: Head, body: bytes, client_header: str) -> Request:
    """The request for the engine. Who connects is the front end, so that only `client_header` says who asks."""
    path, _, query = head.target.partition("?")
    return Request(head.method, path, query, head.headers, body, client_address(head.headers, client_header, ""))
