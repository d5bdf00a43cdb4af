"""Heads of requests that have been parsed before: hosts of one kind send the same lines all day.

What stands behind the request line is parsed by httptools once, and looked up from then on; so is a whole request
that was answered with something that others get, too. Nothing is known that httptools has not parsed in exactly
these bytes, as one GET without a body on a connection that stays open.
"""

from __future__ import annotations

from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram_server.serving.plain_requests import Head, PlainRequest

MAX_BYTES = 3 * 1024
"""Longer heads are parsed each time, as are longer targets."""

_LIMIT = 2 * 1024 * 1024
_ENTRY_BYTES = 400
_FIELD_BYTES = 250
_MOST_SEEN = 4_096
_END_OF_LINE = b" HTTP/1.1\r\n"
_PLAIN = bytes(each for each in range(0x21, 0x7F) if each != ord("#"))
"""What a target may hold to be taken as it is."""


class KnownHeads:
    """Heads and requests by the bytes they came in. Bounded; for one thread."""

    def __init__(self) -> None:
        self._heads: SegmentedLru[bytes, Head] = SegmentedLru(_LIMIT)
        self._requests: SegmentedLru[bytes, PlainRequest] = SegmentedLru(_LIMIT)
        self._seen: set[int] = set()

    def find(self, data: bytes) -> PlainRequest | None:
        """The request that `data` is, if that is known without parsing it."""
        request = self._requests.get(data)
        if request is not None:
            return request
        line, _, fields = data.partition(_END_OF_LINE)
        head = self._heads.get(fields)
        if head is None or len(line) > MAX_BYTES or not line.startswith(b"GET /"):
            return None
        target = line[4:]
        return None if target.translate(None, _PLAIN) else PlainRequest(target, head)

    def learn(self, data: bytes, request: PlainRequest) -> None:
        """`data`, and nothing else, was parsed as `request`. Known from the second time on."""
        line, _, fields = data.partition(_END_OF_LINE)
        if len(fields) > MAX_BYTES or line != b"GET " + request.target:
            return
        if fields.find(b"\r\n\r\n") != len(fields) - 4:
            return
        seen = hash(fields)
        if seen in self._seen:
            cost = _ENTRY_BYTES + len(fields) + _FIELD_BYTES * len(request.head.fields)
            self._heads.put(fields, request.head, cost)
            return
        # what one client alone sends, such as an id of its own, would only push out what many have in common
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(seen)

    def keep(self, data: bytes, request: PlainRequest) -> None:
        """`request`, found for `data`, has another answer to look at again, or none."""
        request.remembered = request.answer
        if request.answer is not None:
            self._requests.put(data, request, _ENTRY_BYTES + len(data) + request.answer.cost)
