"""What happens in a preview, told to every page that listens, and again to one that was away."""

from __future__ import annotations

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Condition
from typing import Any

MOST = 500
"""Messages that are told again to a page that comes back. Who was away for longer starts from how things stand."""
HEARTBEAT_S = 15.0
"""So often something is sent to a page, so that either side notices when the other is gone."""
HEARTBEAT = b": still here\n\n"


@dataclass(frozen=True, slots=True)
class Message:
    """A server-sent event. `data` is a JSON object."""

    seq: int
    event: str
    data: Mapping[str, Any]


class Channel:
    """A numbered list of messages that listeners on any thread follow.

    `state` gives what a page that just came has to know, as messages without numbers of their own.
    """

    def __init__(self, *, most: int = MOST) -> None:
        self.instance = secrets.token_hex(4)
        """Numbers of another run of the server mean nothing here."""
        self._messages: deque[Message] = deque(maxlen=most)
        self._seq = 0
        self._is_closed = False
        self._news = Condition()

    @property
    def seq(self) -> int:
        return self._seq

    def publish(self, event: str, data: Mapping[str, Any]) -> None:
        """Tell everybody."""
        with self._news:
            self._seq += 1
            self._messages.append(Message(self._seq, event, data))
            self._news.notify_all()

    def close(self) -> None:
        """End every stream."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()

    def stream(
        self,
        last_event_id: str | None,
        state: Callable[[], Iterator[tuple[str, Mapping[str, Any]]]],
        *,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> Iterator[bytes]:
        """The body of an event stream, until `close`.

        It begins with `hello`. A page that names the last message it saw is told the ones since; any other gets
        `state` instead.
        """
        seq = self._resumed(last_event_id)
        is_resumed = seq is not None
        at = self._seq if seq is None else seq  # before the state is read: what happens meanwhile is told twice
        first = list(state())
        for event, data in first if not is_resumed else first[:1]:
            extra = {"seq": at, "instance": self.instance, "resumed": is_resumed} if event == "hello" else {}
            yield self._encoded(Message(at, event, {**data, **extra}))
        while True:
            messages = self._after(at, heartbeat_s)
            if messages is None:
                return
            for message in messages:
                at = message.seq
                yield self._encoded(message)
            if not messages:
                yield HEARTBEAT

    def _resumed(self, last_event_id: str | None) -> int | None:
        """The number of the last message a page saw, if all later ones are still here."""
        instance, dash, number = (last_event_id or "").partition("-")
        if instance != self.instance or not dash or not number.isdecimal() or len(number) > 12:
            return None
        seq = int(number)
        oldest = self._seq - len(self._messages)
        return seq if oldest <= seq <= self._seq else None

    def _after(self, seq: int, timeout_s: float) -> list[Message] | None:
        """Messages later than `seq`, waited for; empty when none came, None at the end."""
        with self._news:
            if self._seq <= seq and not self._is_closed:
                self._news.wait(timeout_s)
            if self._is_closed:
                return None
            return [message for message in self._messages if message.seq > seq]

    def _encoded(self, message: Message) -> bytes:
        text = json.dumps(message.data, ensure_ascii=False)
        return f"id: {self.instance}-{message.seq}\nevent: {message.event}\ndata: {text}\n\n".encode(
            "utf-8", "replace"
        )
