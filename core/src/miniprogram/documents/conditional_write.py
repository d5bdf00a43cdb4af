"""The one loop behind every document that several people change: read, change, check, write if nobody else did.

A write that lost is repeated from the reading on, so a change is always made to what is stored now. What is about
to be written is read back from its exact bytes first: a document that nobody could read again is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any

from miniprogram.errors import DocumentError, PreconditionFailed
from miniprogram.refusals import Refused
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.stores.backoff import Backoff
from miniprogram.strict_json import to_pretty_json

Change = Callable[[StoredObject | None], bytes | None]
"""Given what is stored, the bytes to store; None to leave it. May run often: it has no effect of its own."""
Check = Callable[[bytes], object]
"""Reads the bytes back. Raises DocumentError or Refused when they are not what a reader takes."""
Around = Callable[[], AbstractContextManager[None]]
"""Makes what a write happens in, such as telling an index of it."""

_UNREAD = StoredObject("", b"", "")


def conditional_write(
    store: ObjectStore,
    key: str,
    change: Change,
    *,
    check: Check,
    content_type: str | None,
    cache_control: str | None,
    known: StoredObject | None = _UNREAD,
    around: Around = nullcontext,
    backoff: Backoff | None = None,
) -> bool:
    """Replace what is stored under `key` by what `change` makes of it. False when that is to stay.

    `known` is what the caller has read already; None when there was nothing. `around` is entered before the first
    write, once there is something to write, and left after the last.

    What `change` raises ends it, with nothing written. Raises Refused when `check` does not take the bytes, and
    StoreError when others were faster all the time.
    """
    backoff = backoff or Backoff(key)
    found = store.get(key) if known is _UNREAD else known
    with ExitStack() as entered:
        announce = Once(lambda: entered.enter_context(around()))
        while True:
            body = change(found)
            if body is None:
                return False
            read_back(key, body, check)
            announce()
            try:
                store.put(
                    key,
                    body,
                    content_type=content_type,
                    cache_control=cache_control,
                    if_match=found.etag if found is not None else None,
                    if_absent=found is None,
                )
            except PreconditionFailed:
                backoff.pause()
                found = store.get(key)
                continue
            return True


class Once:
    """Calls what it was given at its first call only."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call: Callable[[], object] | None = call

    def __call__(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call()


def conditional_delete(
    store: ObjectStore, key: str, before: Callable[[StoredObject], object], *, backoff: Backoff | None = None
) -> bool:
    """Delete exactly the object that `before` was shown. False when there is none.

    `before` runs again when somebody writes meanwhile; what it raises ends it, with nothing deleted.
    """
    backoff = backoff or Backoff(key)
    while True:
        found = store.get(key)
        if found is None:
            return False
        before(found)
        try:
            store.delete(key, if_match=found.etag)
        except PreconditionFailed:
            backoff.pause()
            continue
        return True


def read_back(key: str, body: bytes, check: Check) -> None:
    """Raises Refused when `check` does not take `body`, which is about to be stored under `key`."""
    try:
        check(body)
    except DocumentError as error:
        raise _unreadable(key, error) from error


def encode_document(key: str, value: Callable[[], Any]) -> bytes:
    """What `value` returns, as a JSON document is stored. Raises Refused for what JSON in UTF-8 cannot hold."""
    try:
        return to_pretty_json(value())
    except (UnicodeEncodeError, ValueError, RecursionError) as error:
        raise _unreadable(key, error) from error


def _unreadable(key: str, error: Exception) -> Refused:
    reason = "it holds text that is not Unicode" if isinstance(error, UnicodeEncodeError) else str(error)
    return Refused("unreadable", f"{key} was not written, because nobody could read it again: {reason}", hint=None)
