"""Requests that can be answered without waiting, and their answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RawHeaders = list[tuple[bytes, bytes]]

Answer = tuple[int, bytes, bytes]
"""A response: status, header lines (each with its line break; neither Date nor Connection), body."""


class Head:
    """The fields of a head, names in lower case. `rendered`: an application's own form of them, made once."""

    __slots__ = ("fields", "rendered")

    def __init__(self, fields: RawHeaders) -> None:
        self.fields = fields
        self.rendered: Any = None


class PlainRequest:
    """A GET without a body.

    `answer`: what an application found for everybody who sends the same bytes, to look at again; it has a `cost`,
    in bytes. `remembered`: the answer under which the request is known.
    """

    __slots__ = ("answer", "head", "remembered", "target")

    def __init__(self, target: bytes, head: Head) -> None:
        self.target, self.head = target, head
        self.answer: Any = None
        self.remembered: Any = None


AnswerNow = Callable[[PlainRequest, str], Answer | None]
"""The response to a request from a client, if it is known without waiting."""
