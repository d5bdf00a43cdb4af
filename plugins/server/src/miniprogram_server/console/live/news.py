"""What changed since a page was shown, as server-sent events: who did what, as far as the reader may see it.

A page says since when it is (a revision of a mini-program, or a time for lists of all). Whoever has signed out, or
whose token ended, is told nothing more. Without a script a page simply stays as it is.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from miniprogram.documents.audit_event import Event
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index_memory import IndexMemory
from miniprogram.errors import MiniProgramError
from miniprogram.identity.roles import Actor
from miniprogram.identity.sight import sees_event
from miniprogram.names import why_no_name
from miniprogram.releases.queries.history import history
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.waiting import run
from miniprogram_server.console.live.hub import ChangeHub, Listener
from miniprogram_server.console.rendering.templates import command_text, details_text
from miniprogram_server.console.session.same_origin import HEADERS
from miniprogram_server.serving.threads import WorkerThreads

MOST_TOLD = 5
"""Events of one change that are told; the page has the others."""
BEAT_S = 20.0
"""Between two signs of life, so that nothing in between takes the connection for dead."""
LASTS_BEATS = 15
"""After so many of them the browser asks again: it may have been signed out."""
RETRY_MS = 5_000
MOST_AT_ONCE = 4
"""Streams that look at the same time: a change that many wait for must not take the threads of those who work."""
MOST_PROGRAMS = 20
"""Of a change that touches many, that are looked at for one page."""

FindActor = Callable[[], Actor | None]


class Seen(NamedTuple):
    """How far a page knows what happened: a revision of its mini-program, or a time for lists of all (None)."""

    revision: int | None
    at: str = ""

    @property
    def text(self) -> str:
        """As the browser says it when it asks again."""
        return self.at if self.revision is None else str(self.revision)

    def knows(self, event: Event) -> bool:
        return event.at <= self.at if self.revision is None else event.revision <= self.revision

    def with_event(self, event: Event) -> Seen:
        if self.revision is None:
            return Seen(None, max(self.at, event.at))
        return Seen(max(self.revision, event.revision))

    @classmethod
    def of(cls, program_id: str | None, text: str) -> Seen:
        """Raises Failure for what is no such thing."""
        if program_id is None:
            return cls(None, text[:40])
        if not (text.isascii() and text.isdecimal() and len(text) < 16):
            raise Failure(422, "unacceptable", "since which revision is not said")
        return cls(int(text))


class News:
    """Streams of what others do. `find_actor` of a request tells who is signed in, in a worker thread."""

    def __init__(self, storage: EnvironmentStorage, hub: ChangeHub, threads: WorkerThreads) -> None:
        self._storage, self._hub, self._threads = storage, hub, threads
        self._read = IndexMemory(BEAT_S)
        self._reading = threading.Lock()
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)

    async def stream(self, request: Request, find_actor: FindActor) -> Response:
        """The stream for a page. 204 ends the browser's trying: nobody is signed in, or there are too many."""
        program_id = request.query_params.get("program") or None
        if program_id is not None and why_no_name("program", program_id) is not None:
            return Response(status_code=204, headers=HEADERS)
        seen = Seen.of(program_id, request.headers.get("last-event-id") or request.query_params.get("since", ""))
        actor = await run(self._threads, "live", find_actor)
        if actor is None or not actor.sees(None, program_id):
            return Response(status_code=204, headers=HEADERS)
        listener = self._hub.join(actor.name, program_id)
        if listener is None:
            return Response(status_code=204, headers=HEADERS)
        headers = {**HEADERS, "cache-control": "no-store", "x-accel-buffering": "no"}
        told = self._told(listener, find_actor, seen)
        return StreamingResponse(told, 200, headers, media_type="text/event-stream")

    async def _told(self, listener: Listener, find_actor: FindActor, seen: Seen) -> AsyncIterator[bytes]:
        try:
            yield f"retry: {RETRY_MS}\n\n".encode()
            # what happened between the page and this moment
            changed = {listener.program_id} if listener.program_id is not None else set()
            beats = 0
            while beats < LASTS_BEATS and not listener.is_over:
                if changed:
                    work = partial(self._news, {each for each in changed if each}, find_actor, seen)
                    async with self._turns:
                        found = await run(self._threads, "live", work)
                    if found is None:
                        return
                    texts, seen = found
                    if texts:
                        yield _event(texts, seen)
                changed = set(await listener.wait(BEAT_S))
                if not changed:
                    beats += 1
                    yield b": still here\n\n"
        except Failure:
            return  # the store or the server has too much to do: the browser asks again
        finally:
            self._hub.leave(listener)

    def _news(self, program_ids: set[str], find_actor: FindActor, seen: Seen) -> tuple[list[str], Seen] | None:
        """What `seen` does not know yet, the oldest first, and what it knows then; None for who is gone."""
        actor = find_actor()
        if actor is None:
            return None
        texts: list[str] = []
        newest = seen
        for program_id in sorted(program_ids)[:MOST_PROGRAMS]:
            for event in reversed(self._events(program_id)):
                if seen.knows(event):
                    continue
                newest = newest.with_event(event)
                if sees_event(actor, program_id, event.target):
                    texts.append(told(event, program_id if seen.revision is None else "", actor.name))
        return texts[-MOST_TOLD:], newest

    def _events(self, program_id: str) -> tuple[Event, ...]:
        """The last ones of a mini-program, read once for all who wait for it."""

        def read() -> tuple[Event, ...]:
            try:
                return history(self._storage, program_id, limit=MOST_TOLD).events
            except MiniProgramError:
                return ()  # it is gone, or cannot be read: pages about it say so

        with self._reading:
            return self._read.recall(f"{program_id} {self._hub.number(program_id)}", read)


def told(event: Event, program_id: str, reader: str) -> str:
    """An event in a sentence: `ann raised the share of 1.1.0 on wallet:test: to 25 %`."""
    who = "You" if event.actor == reader else event.actor
    about = event.version or event.subject
    where = f" on {event.target}" if event.target and event.version else ""
    of_what = f"{program_id} {about}".strip() if program_id else about
    details = details_text(event)
    more = f": {details}" if details else f": “{event.reason}”" if event.reason else ""
    return f"{who} {command_text(event.command)} {of_what}{where}{more}"


def _event(texts: list[str], seen: Seen) -> bytes:
    return f"id: {seen.text}\ndata: {json.dumps(texts, ensure_ascii=False)}\n\n".encode()
