"""How far something long is, for whoever wants to show it. With nobody listening it costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

Listener = Callable[[str, int, int | None], None]
"""Told what is being done, such as `checking screens`, how much of it is, and of how much where that is known."""

_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """While this lasts, `listener` is told. It must neither fail nor take long."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def advance(what: str, done: int, total: int | None = None) -> None:
    """Say that `done` of `total` are through. Of the thread that runs the command only: others tell nobody."""
    listener = _listener.get()
    if listener is not None:
        listener(what, done, total)


def counted(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The `items`, with `advance` before the first and after each."""
    advance(what, 0, total)
    for done, item in enumerate(items, 1):
        yield item
        advance(what, done, total)
